// The program's end of makespan's worker protocol. work.mjs has the workloads.
//
// The protocol is described in crates/harness/src/protocol/mod.rs. A program brings a way to run units, a function, and hands it to
// serve():
//
//     serve(async (work, units) => tallies);   // work.unit(0) to work.unit(units - 1), each once, at most work.limit at a time
//
// Node 18 or later; nothing but what comes with it.

import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";

import { WORKS } from "./work.mjs";

const PROTOCOL = 2;

/** The sum of tallies, in any order: a count, and a digest modulo 2^64. */
function total(tallies) {
  const digest = tallies.reduce((sum, contribution) => sum + contribution, 0n);
  return { count: tallies.length, digest: BigInt.asUintN(64, digest) };
}

/** Opens a cell, then takes a sample whenever it is told to. */
class Worker {
  constructor(way) {
    this.way = way;
    this.cell = null;
    this.work = null;
  }

  async answer(message) {
    switch (message.type) {
      case "open":
        this.cell = message;
        await this.open();
        this.park();
        return { type: "opened" };
      case "wake":
        await this.open();
        return { type: "opened" };
      case "go": {
        const sample = await this.sample(message.draw ?? 0);
        this.park();
        return sample;
      }
      default:
        throw new Error(`it does not know the message ${message.type}`);
    }
  }

  /** Opens everything and does one wave of the work: as many units as are in flight at once. */
  async open() {
    if (this.cell === null) throw new Error("nothing is open that could wake");
    this.close();
    const { workload, params, setup } = this.cell;
    this.work = new WORKS[workload](params, setup);
    await this.work.open();
    await this.way(this.work, Math.min(params.tasks, setup.connections));
  }

  async sample(draw) {
    if (this.work === null) throw new Error("nothing is open that could be sampled");
    this.work.draw(draw);
    const peakIsFresh = resetPeak();
    const base = resident("VmRSS");
    const before = process.resourceUsage();
    const start = process.hrtime.bigint();
    const tally = total(await this.way(this.work, this.work.tasks));
    const wall = process.hrtime.bigint() - start;
    const after = process.resourceUsage();
    const grown = (key) => after[key] - before[key];
    return {
      type: "sample",
      wall_ns: wall,
      // Node tells microseconds.
      cpu_ns: (grown("userCPUTime") + grown("systemCPUTime")) * 1000,
      cpu_user_ns: grown("userCPUTime") * 1000,
      cpu_system_ns: grown("systemCPUTime") * 1000,
      switches_voluntary: grown("voluntaryContextSwitches"),
      switches_involuntary: grown("involuntaryContextSwitches"),
      minor_faults: grown("minorPageFault"),
      threads_peak: threads(),
      rss_base_bytes: base,
      rss_peak_bytes: peakIsFresh ? resident("VmHWM") : null,
      reopened: this.cell.release,
      tally,
    };
  }

  /** Lets connections go where the cell was opened so. */
  park() {
    if (this.cell.release) this.close();
  }

  close() {
    this.work?.close();
    this.work = null;
  }
}

/** What the system tells; null where it does not. */
function told(read) {
  try {
    return read();
  } catch {
    return null;
  }
}

/** Threads of this process. */
const threads = () => told(() => readdirSync("/proc/self/task").length);

/** Resets the kernel's mark of the highest resident memory, see proc(5); null where that is refused. */
const resetPeak = () => told(() => writeFileSync("/proc/self/clear_refs", "5") ?? true);

/** Resident memory of this process in bytes: VmRSS now, VmHWM at most. */
function resident(key) {
  return told(() => Number(new RegExp(`^${key}:\\s*(\\d+)`, "m").exec(readFileSync("/proc/self/status"))[1]) * 1024);
}

/** One message on one line. Integers have up to 64 bits, which JSON.stringify does not write. */
function say(message) {
  const words = (_, value) => (typeof value === "bigint" ? `${value}n` : value);
  process.stdout.write(`${JSON.stringify(message, words).replace(/"(\d+)n"/g, "$1")}\n`);
}

/** The message of one line. Its seed has up to 64 bits, which JSON.parse would round. */
function heard(line) {
  const message = JSON.parse(line);
  if (message.params) message.params.seed = BigInt(/"seed":\s*(\d+)/.exec(line)[1]);
  return message;
}

/** Answers the parent until it closes the line. */
export async function serve(way) {
  const cells = Object.keys(WORKS).map((workload) => `${workload}/*`);
  say({ type: "hello", protocol: PROTOCOL, version: `Node ${process.versions.node}`, cells });
  const worker = new Worker(way);
  for await (const line of createInterface({ input: process.stdin })) {
    let answer;
    try {
      answer = await worker.answer(heard(line));
    } catch (error) {
      console.error(error);
      answer = { type: "failed", reason: String(error) };
    }
    say(answer);
  }
  worker.close();
}
