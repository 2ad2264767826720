// The workloads `get`, `sleep` and `memory`: what a unit does, and the proof of it.
//
// Downloads go through node:http with an Agent that keeps connections open, which axios and got stand on too. The fetch that comes
// with Node closes a connection after four idle seconds, and only a package can tell it not to.

import { Agent, get } from "node:http";
import { setTimeout } from "node:timers/promises";
import * as zlib from "node:zlib";

const GOLDEN = 0x9e3779b97f4a7c15n;
const word = (number) => BigInt.asUintN(64, number);

/** Mixes two words into one: SplitMix64's finaliser, as in crates/workloads/src/content.rs. */
function mix(a, b) {
  let z = word(a * GOLDEN) ^ word(b + GOLDEN);
  z = word((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = word((z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  return z ^ (z >> 31n);
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? (byte >>> 1) ^ 0xedb88320 : byte >>> 1;
  return byte;
});

function crc32ByTable(bytes) {
  let rest = 0xffffffff;
  for (const byte of bytes) rest = TABLE[(rest ^ byte) & 0xff] ^ (rest >>> 8);
  return ~rest >>> 0;
}

// Node has its own since 20.15 and 22.2.
const crc32 = (bytes) => BigInt((zlib.crc32 ?? crc32ByTable)(bytes));

/** The id of the first attempt at one item of one endpoint. */
function key(seed, endpoint, item) {
  return mix(mix(mix(seed, crc32(Buffer.from(endpoint))), BigInt(item)), 0n);
}

/** Each unit downloads one small body. */
class Get {
  constructor(params, setup) {
    this.seed = params.seed;
    this.tasks = params.tasks;
    this.limit = setup.limit;
    this.connections = setup.connections;
    const { hostname, port } = new URL(`http://${setup.server}`);
    this.agent = new Agent({ keepAlive: true, maxSockets: this.limit, maxFreeSockets: this.limit });
    this.server = { hostname: hostname.replace(/^\[|\]$/g, ""), port, agent: this.agent };
  }

  /** Opens as many connections as are in flight at once: no answer is there before all of these have asked for one of their own. */
  async open() {
    await Promise.all(Array.from({ length: this.connections }, () => this.download("/ready")));
  }

  /** The server waits for the delays of a draw, and nothing of what is downloaded changes. */
  draw() {}

  async unit(unit) {
    const body = await this.download(`/get/${unit}`);
    return mix(key(this.seed, "get", unit), crc32(body));
  }

  download(path) {
    return new Promise((resolve, reject) => {
      const answered = (response) => {
        const pieces = [];
        response.on("error", reject);
        response.on("data", (piece) => pieces.push(piece));
        response.on("end", () => {
          if (response.statusCode === 200) resolve(Buffer.concat(pieces));
          else reject(new Error(`GET ${path} was answered with status ${response.statusCode}`));
        });
      };
      get({ ...this.server, path }, answered).on("error", reject);
    });
  }

  close() {
    this.agent.destroy();
  }
}

const SECOND = 1e9;
const UNITS = { m: 60 * SECOND, s: SECOND, ms: 1e6, us: 1000, µs: 1000, ns: 1 };
const LONGEST = 60 * SECOND;

// The 99th and the 99.99th percentile of the standard normal distribution.
const Z_99 = 2.326347874040841;
const Z_9999 = 3.719016485455709;

/** Nanoseconds of a duration, such as `1s 500ms`. */
function duration(text) {
  const parts = [...text.matchAll(/(\d+)\s*([a-zµ]+)/g)];
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * UNITS[unit], 0);
}

const seconds = (wait) => Math.floor(wait / SECOND) + (wait % SECOND) / 1e9;

/** So many times the wait, rounded to the nearest nanosecond. */
function times(wait, factor) {
  const product = factor * seconds(wait);
  if (product < 2 ** -32) return 0;
  // From there on, all doubles are whole numbers of 2^-84.
  const scaled = BigInt(product * 2 ** 84) * BigInt(SECOND);
  const whole = scaled >> 84n;
  const rest = BigInt.asUintN(84, scaled);
  const half = 1n << 83n;
  const up = rest > half || (rest === half && whole & 1n);
  return Number(whole) + (up ? 1 : 0);
}

/** A number strictly between 0 and 1, made of 53 bits. */
function part(source, endpoint, item, stream) {
  return (Number(mix(key(source, endpoint, item), stream) >> 11n) + 0.5) / 2 ** 53;
}

const DISTRIBUTIONS = {
  uniform: (low, high) => (source, endpoint, item) => low + times(high - low, part(source, endpoint, item, 0n)),
  lognormal: (median, p99) => {
    const sigma = Math.log(seconds(p99) / seconds(median)) / Z_99;
    return (source, endpoint, item) => {
      // Box and Muller.
      const radius = Math.sqrt(-2 * Math.log(part(source, endpoint, item, 0n)));
      const z = radius * Math.cos(2 * Math.PI * part(source, endpoint, item, 1n));
      return Math.min(times(median, Math.exp(sigma * Math.max(-Z_9999, Math.min(z, Z_9999)))), LONGEST);
    };
  },
};

/** What draws a delay, as in crates/workloads/src/latency.rs; null where all are equal. */
function distribution(latency) {
  const [kind, ends] = latency.split(":");
  return ends ? DISTRIBUTIONS[kind](...ends.split(",").map(duration)) : null;
}

/** Units that each wait once on the program's own timer. */
class Waits {
  constructor(endpoint, params, setup) {
    this.endpoint = endpoint;
    this.seed = params.seed;
    this.tasks = params.tasks;
    this.limit = setup.limit;
    this.latency = params.latency;
    this.stagger = (params.stagger_us ?? 0) * 1000;
    this.draw(0);
  }

  async open() {}

  /** Takes up the delays of a draw, in nanoseconds. */
  draw(number) {
    const source = number ? mix(this.seed, (1n << 32n) | BigInt(number)) : this.seed;
    const spread = distribution(this.latency);
    const later = DISTRIBUTIONS.uniform(0, this.stagger);
    this.equal = spread || this.stagger ? null : duration(this.latency);
    this.delays = null;
    if (this.equal !== null) return;
    this.delays = Float64Array.from({ length: this.tasks }, (_, unit) => {
      const wait = spread ? spread(source, this.endpoint, unit) : duration(this.latency);
      return this.stagger ? wait + later(source, "stagger_us", unit) : wait;
    });
  }

  delay(unit) {
    return this.equal ?? this.delays[unit];
  }

  /** Waits as long as the unit has to. A timer counts whole milliseconds from the start of a turn, so one alone may end too early. */
  async wait(unit) {
    const due = performance.now() + this.delay(unit) / 1e6;
    for (let left = this.delay(unit) / 1e6; left > 0; left = due - performance.now()) {
      await setTimeout(Math.ceil(left));
    }
  }

  owner(unit) {
    return mix(this.seed, BigInt(unit));
  }

  close() {}
}

/** Each unit sleeps, and proves for how long. */
class Sleep extends Waits {
  constructor(params, setup) {
    super("sleep", params, setup);
  }

  async unit(unit) {
    await this.wait(unit);
    const nanoseconds = Buffer.alloc(16);
    nanoseconds.writeBigUInt64LE(BigInt(this.delay(unit)));
    return mix(this.owner(unit), crc32(nanoseconds));
  }
}

/** Each unit fills a buffer, sleeps, and proves that the buffer has not changed. */
class Memory extends Waits {
  constructor(params, setup) {
    super("memory", params, setup);
    this.heldBytes = params.held_bytes ?? 0;
  }

  async unit(unit) {
    const held = Buffer.alloc(this.heldBytes, Number(this.owner(unit) & 0xffn));
    await this.wait(unit);
    return mix(this.owner(unit), crc32(held));
  }
}

export const WORKS = { get: Get, sleep: Sleep, memory: Memory };
