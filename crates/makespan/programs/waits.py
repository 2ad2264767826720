"""The workloads `sleep` and `memory`: units that wait on the program's own timer, and the proof of each wait.

Delays are drawn from the seed, as in crates/workloads/src/latency.rs.
"""

import math
import re
import zlib
from fractions import Fraction

from worker import key, mix

SECOND = 10**9
UNITS = {"m": 60 * SECOND, "s": SECOND, "ms": 10**6, "us": 1000, "µs": 1000, "ns": 1}
LONGEST = 60 * SECOND

# The 99th and the 99.99th percentile of the standard normal distribution.
Z_99 = 2.326347874040841
Z_9999 = 3.719016485455709


def duration(text):
    """Nanoseconds of a duration, such as `1s 500ms`."""
    return sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)\s*([a-zµ]+)", text))


def seconds(wait):
    return wait // SECOND + wait % SECOND / 1e9


def times(wait, factor):
    """So many times the wait, rounded to the nearest nanosecond."""
    return round(Fraction(factor * seconds(wait)) * SECOND)


def part(source, endpoint, item, stream):
    """A number strictly between 0 and 1, made of 53 bits."""
    return ((mix(key(source, endpoint, item), stream) >> 11) + 0.5) / (1 << 53)


def uniform(low, high):
    return lambda source, endpoint, item: low + times(high - low, part(source, endpoint, item, 0))


def lognormal(median, p99):
    sigma = math.log(seconds(p99) / seconds(median)) / Z_99

    def draw(source, endpoint, item):
        # Box and Muller.
        z = math.sqrt(-2.0 * math.log(part(source, endpoint, item, 0)))
        z *= math.cos(math.tau * part(source, endpoint, item, 1))
        return min(times(median, math.exp(sigma * max(-Z_9999, min(z, Z_9999)))), LONGEST)

    return draw


def distribution(latency):
    """What draws a delay; None where all are equal."""
    kind, _, ends = latency.rpartition(":")
    kinds = {"uniform": uniform, "lognormal": lognormal}
    return kinds[kind](*map(duration, ends.split(","))) if kind else None


class Waits:
    """Units that each wait once."""

    name = None

    def __init__(self, params, setup):
        self.seed = params["seed"]
        self.tasks = params["tasks"]
        self.limit = setup["limit"]
        self.connections = setup["connections"]
        self.latency = params["latency"]
        self.stagger = params.get("stagger_us", 0) * 1000
        self.held_bytes = params.get("held_bytes", 0)
        self.draw(0)

    def draw(self, number):
        """Takes up the delays of a draw, in nanoseconds."""
        source = mix(self.seed, 1 << 32 | number) if number else self.seed
        spread = distribution(self.latency)
        self.equal, self.delays = None, None
        if spread:
            self.delays = [spread(source, self.name, unit) for unit in range(self.tasks)]
        elif self.stagger:
            self.delays = [duration(self.latency)] * self.tasks
        else:
            self.equal = duration(self.latency)
        if self.stagger:
            later = uniform(0, self.stagger)
            for unit in range(self.tasks):
                self.delays[unit] += later(source, "stagger_us", unit)

    def delay(self, unit):
        return self.equal if self.delays is None else self.delays[unit]


class Sleep(Waits):
    """Each unit sleeps, and proves for how long."""

    name = "sleep"

    def hold(self, unit):
        """What a unit holds while it waits: nothing."""

    def tally(self, unit, held):
        return mix(mix(self.seed, unit), zlib.crc32(self.delay(unit).to_bytes(16, "little")))


class Memory(Waits):
    """Each unit fills a buffer, sleeps, and proves that the buffer has not changed."""

    name = "memory"

    def hold(self, unit):
        return bytes([mix(self.seed, unit) & 0xFF]) * self.held_bytes

    def tally(self, unit, held):
        return mix(mix(self.seed, unit), zlib.crc32(held))


WAITS = {work.name: work for work in (Sleep, Memory)}
