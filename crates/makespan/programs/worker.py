"""The program's end of makespan's worker protocol, with the workload `get`; waits.py has `sleep` and `memory`.

The protocol is described in crates/harness/src/protocol/mod.rs. A program brings a way to download, a class with three methods,
and hands it to serve():

    class Strategy:
        def __init__(self, work): ...    # open sessions, pools and event loops; not timed
        def run(self, units): ...        # download the units, return their tallies; timed
        def close(self): ...             # let go of everything

A worker for other workloads names them: serve(Strategy, {"sleep": Sleep}).

Python 3.9 or later; nothing but the standard library.
"""

import json
import os
import platform
import resource
import sys
import time
import traceback
import zlib

PROTOCOL = 2
WORD = (1 << 64) - 1

# What packages print must not get between the messages.
messages, sys.stdout = sys.stdout, sys.stderr


def mix(a, b):
    """Mixes two words into one: SplitMix64's finaliser, as in crates/workloads/src/content.rs."""
    z = (a * 0x9E3779B97F4A7C15 & WORD) ^ (b + 0x9E3779B97F4A7C15 & WORD)
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & WORD
    z = (z ^ z >> 27) * 0x94D049BB133111EB & WORD
    return z ^ z >> 31


def key(seed, endpoint, item, attempt=0):
    """The id of one attempt at one item of one endpoint."""
    return mix(mix(mix(seed, zlib.crc32(endpoint.encode())), item), attempt)


def total(tallies):
    """The sum of tallies, in any order: a count, and a digest modulo 2^64."""
    count = digest = 0
    for contribution in tallies:
        count += 1
        digest = digest + contribution & WORD
    return {"count": count, "digest": digest}


class Work:
    """The workload `get` with its sizes: what to download, and the proof of it."""

    def __init__(self, params, setup):
        self.seed = params["seed"]
        self.tasks = params["tasks"]
        self.limit = setup["limit"]
        self.connections = setup["connections"]
        self.server = f"http://{setup['server']}"

    def draw(self, number):
        """Takes up the delays of a draw, untimed. The server waits for them, and nothing of what is downloaded changes."""

    def url(self, unit):
        return f"{self.server}/get/{unit}"

    def tally(self, unit, body):
        """What a downloaded body contributes to the tally."""
        return mix(key(self.seed, "get", unit), zlib.crc32(body))

    @property
    def ready(self):
        """An address that is answered at once and never counted."""
        return f"{self.server}/ready"


class Worker:
    """Opens a way, then takes a sample whenever it is told to."""

    def __init__(self, way, works):
        self.way = way
        self.works = works
        self.cell = None
        self.opened = None

    def answer(self, message):
        kind = message["type"]
        if kind == "open":
            self.cell = message
        if kind in ("open", "wake"):
            self.open()
            if kind == "open":
                self.park()
            return {"type": "opened"}
        if kind == "go":
            sample = self.sample(message.get("draw", 0))
            self.park()
            return sample
        return failed(f"it does not know the message {kind}")

    def open(self):
        """Opens everything and does one wave of the work: as many units as are in flight at once."""
        if self.cell is None:
            raise RuntimeError("nothing is open that could wake")
        self.close()
        work = self.works[self.cell["workload"]]
        self.work = work(self.cell["params"], self.cell["setup"])
        self.opened = self.way(self.work)
        wave = min(self.work.tasks, self.work.connections)
        total(self.opened.run(range(wave)))

    def sample(self, draw):
        if self.opened is None:
            raise RuntimeError("nothing is open that could be sampled")
        self.work.draw(draw)
        peak_is_fresh, base = reset_peak(), resident("VmRSS")
        before, cpu = resource.getrusage(resource.RUSAGE_SELF), time.process_time_ns()
        start = time.perf_counter_ns()
        tally = total(self.opened.run(range(self.work.tasks)))
        wall = time.perf_counter_ns() - start
        cpu, after = time.process_time_ns() - cpu, resource.getrusage(resource.RUSAGE_SELF)
        return {
            "type": "sample",
            "wall_ns": wall,
            "cpu_ns": cpu,
            "cpu_user_ns": round((after.ru_utime - before.ru_utime) * 1e9),
            "cpu_system_ns": round((after.ru_stime - before.ru_stime) * 1e9),
            "switches_voluntary": after.ru_nvcsw - before.ru_nvcsw,
            "switches_involuntary": after.ru_nivcsw - before.ru_nivcsw,
            "minor_faults": after.ru_minflt - before.ru_minflt,
            "threads_peak": threads(),
            "rss_base_bytes": base,
            "rss_peak_bytes": resident("VmHWM") if peak_is_fresh else None,
            "reopened": self.cell["release"],
            "tally": tally,
        }

    def park(self):
        """Lets threads and connections go where the cell was opened so."""
        if self.cell["release"]:
            self.close()

    def close(self):
        opened, self.opened = self.opened, None
        if opened is not None:
            opened.close()


def threads():
    """Threads of this process; None where the system does not tell."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return None


def reset_peak():
    """Resets the kernel's mark of the highest resident memory, see proc(5); False where that is refused."""
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
        return True
    except OSError:
        return False


def resident(key):
    """Resident memory of this process in bytes: VmRSS now, VmHWM at most. None where the system does not tell."""
    try:
        with open("/proc/self/status") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith(key + ":"))
    except (OSError, StopIteration):
        return None


def say(message):
    print(json.dumps(message), file=messages, flush=True)


def hello(workloads, **more):
    version = f"Python {platform.python_version()}"
    cells = [f"{workload}/*" for workload in workloads]
    say({"type": "hello", "protocol": PROTOCOL, "version": version, "cells": cells, **more})


def failed(reason):
    return {"type": "failed", "reason": reason}


def unsupported(reason):
    """Says that this program cannot run here, and ends."""
    hello([], unsupported=str(reason))
    sys.exit(0)


def serve(way, works=None):
    """Answers the parent until it closes the line. Without `works`, the workload is `get`."""
    works = works or {"get": Work}
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    hello(works)
    worker = Worker(way, works)
    for line in sys.stdin:
        try:
            answer = worker.answer(json.loads(line))
        except Exception as error:
            traceback.print_exc()
            answer = failed(f"{type(error).__name__}: {error}")
        say(answer)
    worker.close()
