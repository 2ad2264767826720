#!/usr/bin/env python3
"""Recomputes the numbers of a run folder from samples.jsonl, and says how many agree with summary.json and summary.csv.

    python3 results/recompute.py results/gallery/core

It follows results/README.md and docs/recomputing.md, and shares no line with the program that wrote the summary: one function per
method. What is drawn at random is compared within the error of the drawing, and what agrees so is taken as it was written for what
follows from it. The exit code is 0 if all agree, 1 if any differs or is missing, 2 if the folder cannot be read. It needs Python 3.10
with numpy and scipy.
"""

import base64
import csv
import json
import math
import re
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from scipy import stats

SHOWN = 0.95
MARGIN = 0.05
SEVEN_DIGITS = 1e-7
MISSED = float(stats.norm.sf(5))  # the chance that an end lies further off than its drawing allows: five standard errors
REPLICATIONS = 2_000  # that the program draws for an interval
OWN_REPLICATIONS = 20_000
BOOTSTRAP_LAUNCHES = 5
RAW = "thread-pool-raw"


class Within:
    """A number that was drawn: any value between these agrees."""

    def __init__(self, low, high):
        self.low, self.high = low, high

    def __repr__(self):
        return f"{self.low!r} to {self.high!r}"

    def or_written(self, theirs):
        """What was written, if it agrees: so what follows from it is exact."""
        return theirs if agrees(theirs, self) else self


class OneOf:
    """What follows from numbers that were drawn: any of these agrees."""

    def __init__(self, allowed):
        self.allowed = allowed

    def __repr__(self):
        return " or ".join(repr(one) for one in self.allowed)


def possible(number, holds):
    """The answers to a question of a number, which may have been drawn: both where the drawing decides."""
    ends = (number.low, number.high) if isinstance(number, Within) else (number,)
    return {holds(end) for end in ends}


def part_of(written, *names):
    """A part of what was written, whatever that is."""
    for name in names:
        written = written.get(name) if isinstance(written, dict) else None
    return written


# Medians and intervals.


def cut(value):
    """Whole nanoseconds and whole counts: the fraction is cut off."""
    return None if value is None else int(value)


def median(values):
    return None if len(values) == 0 else float(np.median(values))


def quantile_ranks(count, quantile, confidence=SHOWN):
    """The ranks, from 1, of the two sorted values that hold a quantile between them."""
    if count < 1:
        return None
    ranks = np.arange(1, count + 1)
    # A quantile lies below the value of a rank if fewer values than the rank are below it, and above it otherwise.
    under, over = stats.binom.cdf(ranks - 1, count, quantile), stats.binom.sf(ranks - 1, count, quantile)

    def low(tail):
        fit = ranks[under <= tail]
        return int(fit[-1]) if len(fit) else None

    def high(tail):
        fit = ranks[over <= tail]
        return int(fit[0]) if len(fit) else None

    miss = 1 - confidence
    ends = low(miss / 2), high(miss / 2)
    if ends == (None, None):
        return None
    # Where one end cannot be that sure, the extreme value is taken, and the other end has what it leaves.
    if ends[0] is None:
        ends = 1, high(miss - under[0])
    elif ends[1] is None:
        ends = low(miss - over[-1]), count
    return None if None in ends else ends


def median_interval(values, confidence=SHOWN):
    """Order statistics; at 95 % nothing below 6 values."""
    ranks = quantile_ranks(len(values), 0.5, confidence)
    ordered = sorted(values)
    return ranks and (ordered[ranks[0] - 1], ordered[ranks[1] - 1])


def bootstrap_interval(launches, confidence=SHOWN, seed=1):
    """Launches are drawn, then values within each: between which values each end of the program's own 2,000 drawings may lie."""
    rng = np.random.default_rng(seed)
    sizes = np.array([len(values) for values in launches.values()])
    table = np.full((len(sizes), sizes.max()), np.inf)
    for at, values in enumerate(launches.values()):
        table[at, : len(values)] = values
    chosen = rng.integers(0, len(sizes), (OWN_REPLICATIONS, len(sizes)))[:, :, None]
    places = (rng.random((OWN_REPLICATIONS, len(sizes), sizes.max())) * sizes[chosen]).astype(int)
    drawn = np.where(np.arange(sizes.max()) < sizes[chosen], table[chosen, places], np.inf)
    # What a launch lacks to the largest is infinite, so behind all others.
    drawn, count = np.sort(drawn.reshape(OWN_REPLICATIONS, -1)), sizes[chosen[:, :, 0]].sum(axis=1)
    each = np.arange(OWN_REPLICATIONS)
    medians = (drawn[each, (count - 1) // 2] + drawn[each, count // 2]) / 2
    # Which of the program's sorted replications the ends are; the outermost at least.
    rank = max(int((1 - confidence) / 2 * (REPLICATIONS + 1)), 1)
    # Both were drawn. The share of all medians that lies below theirs has a beta distribution, and of ours a binomial number does.
    least_share, most_share = stats.beta.ppf([MISSED, 1 - MISSED], rank, REPLICATIONS - rank + 1)
    ranks = [int(stats.binom.ppf(MISSED, OWN_REPLICATIONS, least_share)), int(stats.binom.isf(MISSED, OWN_REPLICATIONS, most_share)) + 1]
    medians, values = np.sort(medians), np.sort(table[np.isfinite(table)])
    below = [medians[ranks[0] - 1] if ranks[0] else values[0], medians[ranks[1] - 1]]
    above = [medians[-ranks[1]], medians[-ranks[0]] if ranks[0] else values[-1]]
    # Drawing L launches shows (L - 1) / L of the variance between them.
    middle, stretch = np.median(values), math.sqrt(len(sizes) / (len(sizes) - 1))
    return [tuple(float(middle + stretch * (end - middle)) for end in ends) for ends in (below, above)]


def logs_of(row, reference):
    """Logarithms of the ratios within the rounds that both share, by round."""
    return {number: math.log(row[number][1] / reference[number][1]) for number in row if number in reference}


def by_launch(row, logs):
    groups = {}
    for number, value in logs.items():
        groups.setdefault(row[number][0], []).append(value)
    return groups


def ratio(row, reference, name, written=None):
    """The median of the ratios within rounds: of logarithms, so the middle of two is their geometric mean."""
    logs = logs_of(row, reference)
    if not logs:
        return None
    ends = interval(logs, by_launch(row, logs))
    low, high = [end if end is None else exponential(end) for end in ends or (None, None)]
    if isinstance(low, Within):
        low, high = low.or_written(part_of(written, "low")), high.or_written(part_of(written, "high"))
    estimate = math.exp(median(list(logs.values())))
    return {"estimate": estimate, "low": low, "high": high, "reference": name, "pairs": len(logs)}


def interval(logs, launches, confidence=SHOWN):
    """Of the median: order statistics, and from five launches on the bootstrap over launches."""
    ends = median_interval(list(logs.values()), confidence)
    if ends and len(launches) >= BOOTSTRAP_LAUNCHES and any(logs.values()):
        return [Within(*end) for end in bootstrap_interval(launches, confidence)]
    return ends


def exponential(end):
    return Within(math.exp(end.low), math.exp(end.high)) if isinstance(end, Within) else math.exp(end)


def noise_floor(low, high):
    """How far an interval reaches from 1, either way: exp(max |ln|) - 1."""
    if low is None:
        return None
    if isinstance(low, Within) or isinstance(high, Within):
        ends = [(it.low, it.high) if isinstance(it, Within) else (it, it) for it in (low, high)]
        reaches = [[abs(math.log(end)) for end in both] for both in ends]
        return Within(math.expm1(max(min(reach) for reach in reaches)), math.expm1(max(max(reach) for reach in reaches)))
    return math.expm1(max(abs(math.log(low)), abs(math.log(high))))


# Which rounds count.


def disturbance(block, usual_spin):
    whole = max(block["elapsed_ns"], 1) * max(block["processors"], 1)

    def over(part, most):
        return part is not None and part > 30_000_000 and part / whole > most

    if over(block.get("steal_ns"), 0.05):
        return "time stolen by the hypervisor"
    if over(others(block), 0.10):
        return "other processes"
    if block["spin_ns"] > 1.5 * usual_spin:
        return "a slow processor"
    return None


def others(block):
    busy = block.get("busy_ns")
    return None if busy is None else max(busy - block["own_ns"], 0)


def dropped_rounds(blocks, usual_spin):
    """The disturbed rounds and why, and those that are dropped: all of them, or none if they are over a quarter."""
    found = {block["round"]: disturbance(block, usual_spin) for block in blocks}
    found = {number: why for number, why in found.items() if why}
    return found, (found if len(found) <= 0.25 * len(blocks) else {})


def suspicions(samples):
    """Samples that were too slow to be believed, as they also are where a machine stands still."""
    return [it for it in samples if it["outcome"] == "refused" and it.get("kind") == "suspicion"]


def failure(samples):
    """Why a row has no result: any other refusal or failure, or suspicions in three samples, or in all where there are fewer."""
    suspected = suspicions(samples)
    for it in samples:
        if it["outcome"] != "measured" and it not in suspected:
            return it["reason"]
    if len(suspected) >= 3 or (suspected and len(suspected) == len(samples)):
        return f"in {len(suspected)} of {len(samples)} rounds, as in this: {suspected[0]['reason']}"
    return None


def machine(blocks, disturbed):
    if not blocks:
        return None

    def share(part):
        whole = [(part(block), block["elapsed_ns"] * block["processors"]) for block in blocks]
        return median([part / whole for part, whole in whole if part is not None])

    loads = [block["load_hundredths"] for block in blocks if block.get("load_hundredths") is not None]
    return {
        "others_share": share(others),
        "steal_share": share(lambda block: block.get("steal_ns")),
        "load": max(loads) / 100 if loads else None,
        "spin_ns": cut(median([block["spin_ns"] for block in blocks])),
        "disturbed": len(disturbed),
    }


# Histograms.


def histogram(text):
    """Values and how often each was seen, from the V2 encoding of HdrHistogram with DEFLATE."""
    packed = base64.b64decode(text)
    plain = zlib.decompress(packed[8:])
    _, length, _, digits, lowest, _, _ = struct.unpack(">iiiiqqd", plain[:40])
    counts, unit = plain[40 : 40 + length], int(math.log2(max(lowest, 1)))
    half = 1 << (math.ceil(math.log2(2 * 10**digits)) - 1)
    seen, at, index = {}, 0, 0
    while at < len(counts):
        number = 0
        for place in range(9):
            byte = counts[at]
            at += 1
            number |= (byte if place == 8 else byte & 0x7F) << (7 * place)
            if byte < 0x80 and place < 8:
                break
        number = (number >> 1) ^ -(number & 1)
        if number < 0:
            index -= number
            continue
        bucket, within = index // half - 1, index % half + half
        if bucket < 0:
            bucket, within = 0, within - half
        if number:
            top = ((within + 1) << (bucket + unit)) - 1
            seen[bucket_top(top)] = seen.get(bucket_top(top), 0) + number
        index += 1
    return seen


def bucket_top(value):
    """The largest value that has the same three digits, to the base of two that HdrHistogram uses."""
    value = min(value, (1 << 36) - 1)
    shift = max(value.bit_length() - 11, 0)
    return (((value >> shift) + 1) << shift) - 1


def quantiles(texts):
    """By nearest rank, over all observations of all samples."""
    seen = {}
    for text in texts:
        for value, times in histogram(text).items():
            seen[value] = seen.get(value, 0) + times
    if not seen:
        return None
    values = sorted(seen)
    passed = np.cumsum([seen[value] for value in values])
    count = int(passed[-1])

    def at(rank):
        return values[int(np.searchsorted(passed, rank))]

    def quantile(share):
        low, high = quantile_ranks(count, share) or (None, None)
        rank = math.ceil(share * count)
        return {"value_ns": at(rank), "low_ns": low and at(low), "high_ns": high and at(high)}

    p99 = quantile(0.99) if count >= 500 else None
    return {"count": count, "p50_ns": quantile(0.5), "p90_ns": quantile(0.9), "p99_ns": p99, "max_ns": values[-1]}


# Verdicts.


def sides(logs, value):
    """On which side of a value a row lies, round by round: 1 above it, -1 below, 0 exactly there, which says nothing."""
    return {number: (it > value) - (it < value) for number, it in logs.items()}


def at_least(side, own):
    """The chance of so many rounds on a side or more, of those that are on one."""
    heads = list(own.values())
    return float(stats.binom.sf(heads.count(side) - 1, len(heads) - heads.count(0), 0.5))


def p_above(own):
    return at_least(1, own)


def p_below(own):
    return at_least(-1, own)


def p_apart(own):
    return min(1.0, 2 * min(p_above(own), p_below(own)))


def unsigned(own):
    """With the first round on a side above: a two-sided test does not tell sides from their mirror image."""
    first = next(filter(None, own.values()), 1)
    return {number: side * first for number, side in own.items()}


def pattern(own):
    return tuple(own.items())


def families(all_sides):
    """The different rows that share all their rounds, by these rounds."""
    found = {}
    for own in all_sides:
        found.setdefault(tuple(own), {})[pattern(own)] = own
    return found


def together(all_sides, p):
    """Holm's adjustment over the different rows of each family, times the families; equal rows are one test."""
    adjusted, all_families = {}, families(all_sides)
    for family in all_families.values():
        largest = 0.0
        for before, own in enumerate(sorted(family.values(), key=p)):
            largest = max(largest, min(p(own) * (len(family) - before) * len(all_families), 1.0))
            adjusted[pattern(own)] = largest
    return [adjusted[pattern(own)] for own in all_sides]


def shares(all_sides, error):
    """Of the error, for the interval behind each row: equal ones for all families, and for all different rows of one."""
    all_families = families(all_sides)
    return [error / (len(all_families) * len(all_families[tuple(own)])) for own in all_sides]


def surely(logs, launches, confidence, low_is, high_is, both):
    """Whether all rounds, or else an interval of that confidence, lie where they should: the answers that the drawing allows."""
    values = list(logs.values())
    if both((low_is(min(values)), high_is(max(values)))):
        return {True}
    ends = interval(logs, launches, confidence)
    if ends is None:
        return {False}
    return {both((a, b)) for a in possible(ends[0], low_is) for b in possible(ends[1], high_is)}


def excludes(logs, launches, confidence):
    return surely(logs, launches, confidence, lambda it: it > 0, lambda it: it < 0, any)


def verdicts(rows, reference, floor, error):
    """Of the rows against the reference, by name."""
    names = [name for name in rows if name != reference]
    logs = {name: logs_of(rows[name], rows[reference]) for name in names}
    names = [name for name in names if logs[name]]
    least, most = math.log(1 - MARGIN), math.log(1 + MARGIN)
    even = [unsigned(sides(logs[name], 0.0)) for name in names]
    apart = together(even, p_apart)
    below = together([sides(logs[name], most) for name in names], p_below)
    above = together([sides(logs[name], least) for name in names], p_above)
    found = {}
    for at, (name, share) in enumerate(zip(names, shares(even, error))):
        own, launches = logs[name], by_launch(rows[name], logs[name])
        estimate, inside, differs = median(list(own.values())), {False}, {False}
        if below[at] <= error and above[at] <= error:
            inside = surely(own, launches, 1 - share, lambda it: it > least, lambda it: it < most, all)
        if apart[at] <= error and floor is not None:
            beyond = possible(floor, lambda it: abs(estimate) > math.log1p(it))
            differs = {a and b for a in excludes(own, launches, 1 - share) for b in beyond}
        sign = "faster" if estimate < 0 else "slower"
        kinds = {"same" if a else sign if b else "unclear" for a in inside for b in differs}
        found[name] = {
            "kind": OneOf(sorted(kinds)),
            "p": apart[at],
            "missed_below": missed_below(list(own.values()), floor, share),
        }
    return found


def missed_below(values, floor, share):
    """Half the interval of the median at the error of one test, or the noise floor, whichever is more."""
    ends = median_interval(values, 1 - share)
    if floor is None or ends is None:
        return None
    reach = math.expm1((ends[1] - ends[0]) / 2)
    return Within(max(floor.low, reach), max(floor.high, reach)) if isinstance(floor, Within) else max(floor, reach)


def autocorrelation(values):
    """Lag 1, with 1 / n for what the usual estimate lacks."""
    apart = np.array(values) - np.mean(values) if len(values) >= 8 else np.zeros(1)
    squares = float(np.sum(apart**2))
    return min(float(np.sum(apart[1:] * apart[:-1])) / squares + 1 / len(values), 1.0) if squares else None


def p_of_launches(launches):
    """Of the F test in the one-way analysis of variance."""
    groups = list(launches.values())
    if len(groups) < 2 or sum(map(len, groups)) <= len(groups) or all(np.ptp(group) == 0 for group in groups):
        return None
    return float(stats.f_oneway(*groups).pvalue)


def skew(values):
    """How far the mean is from the median, where that is over two standard errors of this distance, as normal noise has it."""
    if len(values) < 2:
        return None
    apart = float(np.mean(values) - np.median(values))
    error = math.sqrt((math.pi / 2 - 1) / len(values)) * float(np.std(values, ddof=1))
    return apart if abs(apart) > 2 * error else None


def letters(order, differ):
    """A letter for each largest set of rows of which no two differ, by its best row, then by its second best .."""
    columns = []
    alike = {one: {other for other in order if other != one and frozenset((one, other)) not in differ} for one in order}

    # Bron and Kerbosch (Communications of the ACM 16, 1973), with a pivot.
    def grow(chosen, left, passed):
        if not left and not passed:
            columns.append(chosen)
            return
        pivot = max(left | passed, key=lambda one: len(alike[one] & left))
        for one in left - alike[pivot]:
            grow(chosen | {one}, left & alike[one], passed & alike[one])
            left, passed = left - {one}, passed | {one}

    grow(frozenset(), set(order), set())
    columns.sort(key=lambda column: [name not in column for name in order])
    separator = " " if len(columns) > 26 else ""
    own = {name: [letter(at) for at, column in enumerate(columns) if name in column] for name in order}
    return {name: separator.join(all_of) for name, all_of in own.items()}


def letter(index):
    return ("" if index < 26 else letter(index // 26 - 1)) + chr(ord("a") + index % 26)


def ties(rows, floor, error, written):
    """Rows share a letter where it is not sure that they differ. Where the drawing decides, it is as the written letters have it."""
    names = list(rows)
    pairs = [(a, b) for at, a in enumerate(names) for b in names[:at]]
    logs = [logs_of(rows[a], rows[b]) for a, b in pairs]
    even = [unsigned(sides(own, 0.0)) for own in logs]
    sure = set()
    for pair, own, p, share in zip(pairs, logs, together(even, p_apart), shares(even, error)):
        if floor is None or p > error:
            continue
        beyond = possible(floor, lambda it: abs(median(list(own.values()))) > math.log1p(it))
        differs = {a and b for a in excludes(own, by_launch(rows[pair[0]], own), 1 - share) for b in beyond}
        if differs == {True, False}:
            theirs = [set(re.findall("[a-z]+" if " " in it else "[a-z]", it)) for it in (str(written.get(name)) for name in pair)]
            differs = {not theirs[0] & theirs[1]}
        if differs == {True}:
            sure.add(frozenset(pair))
    order = sorted(names, key=lambda name: median([wall for _, wall in rows[name].values()]))
    return letters(order, sure)


# Rows, workloads, all of them.


def nanoseconds(duration):
    return None if duration is None else duration["secs"] * 1_000_000_000 + duration["nanos"]


def row(cell, samples, counts, interrupted):
    """Everything of a row that needs no other row."""
    taken = [it for it in samples if it["outcome"] == "measured" and counts(it)]
    timed = [] if cell["asks"] else taken
    walls = [it["wall_ns"] for it in timed]
    # Where delays are drawn for each round, each sample has a floor of its own.
    floors = [it.get("floor_ns", nanoseconds(cell["floor"])) for it in timed]
    floors = [] if None in floors else floors
    times = median([wall / floor for wall, floor in zip(walls, floors) if floor])
    if times is not None and len(set(floors)) == 1 and floors[0] > 0:
        times = cut(median(walls)) / floors[0]  # of the median that is shown, in whole nanoseconds
    above = median([max(wall - floor, 0) for wall, floor in zip(walls, floors)])
    interval = median_interval(walls) or (None, None)

    def typical(value):
        values = [value(it) for it in timed]
        return cut(median([it for it in values if it is not None]))

    def field(name):
        return typical(lambda it: it.get(name))

    def most(name):
        return max((it[name] for it in taken if it.get(name) is not None), default=None)

    def grown(it):
        peak, base = it.get("rss_peak_bytes"), it.get("rss_base_bytes")
        return None if peak is None or base is None else max(peak - base, 0)

    user, system = (sum(it.get(name, 0) for it in taken) for name in ("cpu_user_ns", "cpu_system_ns"))
    reason = failure(samples)
    if not (reason or taken):
        cut_off = "the run was interrupted before its first sample that counts"
        reason = cut_off if interrupted else "it has no sample that counts"
    seen = [it["verdict"] for it in taken if it.get("verdict") is not None]
    return {
        "workload": cell["workload"],
        "strategy": cell["strategy"],
        "twin_of": cell["twin_of"],
        "client": cell["client"],
        "outcome": "unsupported" if cell["unsupported"] else "failed" if reason else "measured",
        "reason": cell["unsupported"] or reason,
        "samples": len(taken),
        "wall_ns": None if not walls else {
            "median": cut(median(walls)),
            "low": cut(interval[0]),
            "high": cut(interval[1]),
            "mad": cut(median(np.abs(np.array(walls) - np.median(walls)))),
            "min": min(walls),
            "max": max(walls),
        },
        "mean_ns": cut(np.mean(walls)) if walls else None,
        "deviation_ns": cut(np.std(walls, ddof=1)) if len(walls) > 1 else None,
        "floor_ns": cut(median(floors)) if floors else nanoseconds(cell["floor"]),
        "floor_ratio": times,
        "efficiency": times and 1 / times,
        "excess_per_unit_ns": None if above is None else cut(above) // max(cell["units"], 1),
        "ratio": None,
        "verdict": None,
        "flags": {},
        "tie": None,
        "autocorrelation": None,
        "cpu_ns": field("cpu_ns") or None,
        "cpu_user_share": user / (user + system) if user + system else None,
        **{name: field(name) for name in ("switches_voluntary", "switches_involuntary", "minor_faults", "allocations")},
        **{name: field(name) for name in ("allocated_bytes", "read_syscalls", "write_syscalls")},
        "threads_peak": most("threads_peak"),
        "rss_peak_bytes": most("rss_peak_bytes"),
        "rss_grown_bytes": typical(grown),
        "largest_due_batch": typical(lambda it: it.get("witness") and it["witness"]["largest_due_batch"]),
        "paced": cell["paced"],
        "latencies": quantiles([it["latencies"] for it in timed if it.get("latencies")]),
        "heartbeat": quantiles([it["heartbeat"] for it in timed if it.get("heartbeat")]),
        "verdicts": {verdict: seen.count(verdict) for verdict in seen},
    }


def friedman(walls):
    """Over the rows that share all their rounds with the one that has most; a second entry is a row of its own."""
    if not walls:
        return None
    fullest = max(walls, key=lambda own: len(own))
    table = np.array([[own[number][1] for number in sorted(own)] for own in walls if own.keys() == fullest.keys()])
    rows, blocks = table.shape
    if rows < 3 or blocks < 2:
        return None
    # Conover's form, which mid-ranks need for ties and which is scipy's.
    statistic, p = stats.friedmanchisquare(*table)
    if math.isnan(statistic):
        return None
    return {"statistic": float(statistic), "freedom": rows - 1.0, "p": float(p), "blocks": blocks, "rows": rows}


def workload(label, cells, run, written):
    """The rows of one workload, and what they share; nothing of the latter where the question is what happens."""
    samples, blocks, usual_spin, spec = run["samples"], run["blocks"], run["usual_spin"], run["header"]["spec"]
    kept = {it["round"] for it in samples if it["kept"] and it["workload"] == label}
    blocks = [it for it in blocks if it["workload"] == label and it["round"] in kept]
    disturbed, dropped = dropped_rounds(blocks, usual_spin)

    taken = {it["strategy"]: [] for it in cells}
    for it in samples:
        if it["workload"] == label:
            taken[it["strategy"]].append(it)
    believed = [own for own in taken.values() if failure(own) is None]
    spoilt = {it["round"] for own in believed for it in suspicions(own) if it["kept"]} - dropped.keys()
    because = list(dropped.values()) + ["a sample as slow as one by one"] * len(spoilt)

    def counts(sample):
        return sample["kept"] and sample["round"] not in dropped and sample["round"] not in spoilt

    rows, walls = [], {}
    for cell in cells:
        own = taken[cell["strategy"]]
        found = row(cell, own, counts, run["interrupted"])
        rows.append(found)
        if found["outcome"] == "measured":
            of_round = {it["round"]: (it["launch"], it["wall_ns"]) for it in own if counts(it)}
            walls[cell["strategy"]] = dict(sorted(of_round.items()))
    if all(cell["asks"] for cell in cells):
        return rows, None
    reference = spec["reference"]
    for found in rows:
        if found["strategy"] in walls and reference in walls:
            own = part_of(written, "cells", found["strategy"], "ratio")
            found["ratio"] = ratio(walls[found["strategy"]], walls[reference], reference, own)
    noise = None
    pair = next(((cell["twin_of"], cell["strategy"]) for cell in cells if cell["twin_of"]), None)
    if pair and all(name in walls for name in pair):
        own = ratio(walls[pair[1]], walls[pair[0]], pair[0], part_of(written, "workload", "noise", "ratio"))
        noise = own and {"strategy": pair[0], "twin": pair[1], "ratio": own, "floor": noise_floor(own["low"], own["high"])}
    floor, error = noise and noise["floor"], alpha(run)
    letters_written = {name: part_of(written, "cells", name, "tie") for name in walls}
    found, chances = ties(walls, floor, error, letters_written), []
    judged = verdicts(walls, reference, floor, error) if reference in walls else {}
    for it in rows:
        name = it["strategy"]
        it["tie"], it["verdict"] = found.get(name), judged.get(name)
        if name in judged:
            logs = logs_of(walls[name], walls[reference])
            it["autocorrelation"] = autocorrelation(list(logs.values()))
            it["flags"] = skewed(skew(list(logs.values())), floor)
            chances.append(p_of_launches(by_launch(walls[name], logs)))
    behind(rows, cells, walls, letters_written, written)
    alike = [it["autocorrelation"] for it in rows if it["autocorrelation"] is not None]
    shared = {
        "workload": label,
        "rounds": len({number for own in walls.values() for number in own}),
        "launches": len({launch for own in walls.values() for launch, _ in own.values()}),
        "autocorrelation": float(np.mean(alike)) if alike else None,
        "p_of_launches": median([it for it in chances if it is not None]),
        "dropped": [{"because": why, "rounds": because.count(why)} for why in dict.fromkeys(because)],
        "noise": noise,
        "alpha": error,
        "friedman": friedman(list(walls.values())),
        "computes": cells[0].get("computes"),
        "machine": machine(blocks, disturbed),
    }
    fewest = min((it["ratio"]["pairs"] for it in rows if it["strategy"] in judged), default=0)
    return rows, {**shared, "flags": doubts(shared, fewest, (len(disturbed), len(blocks)) if len(dropped) < len(disturbed) else None)}


def behind(rows, cells, walls, letters, written):
    """The rows that share no letter with the fastest, over it. A twin is never the fastest."""
    plain = [cell["strategy"] for cell in cells if not cell["twin_of"] and cell["strategy"] in walls]
    if not plain:
        return
    fastest = min(plain, key=lambda name: median([wall for _, wall in walls[name].values()]))

    def own(name):
        return set(letters[name].split(" ") if " " in letters[name] else letters[name])

    for it in rows:
        name = it["strategy"]
        if name in walls and letters[name] and letters[fastest] and not own(name) & own(fastest):
            of_it = part_of(written, "cells", name, "over_fastest")
            it["over_fastest"] = ratio(walls[name], walls[fastest], fastest, of_it)


def skewed(apart, floor):
    """The flag of a row with its detail, where the floor is known as one number or as what it was drawn from."""
    if apart is None or floor is None:
        return {}
    known = {holds: {"skewed": f"the mean is {100 * math.expm1(apart):+.1f}% off"} if holds else {} for holds in (True, False)}
    allowed = possible(floor, lambda it: abs(apart) > math.log1p(it) / 2)
    return known[allowed.pop()] if len(allowed) == 1 else OneOf(list(known.values()))


def doubts(shared, fewest, undropped):
    """The flags of a workload, with their details."""
    found, alike, p = {}, shared["autocorrelation"], shared["p_of_launches"]
    noise = shared["noise"]
    beyond = {True} if noise is None else {False} if noise["floor"] is None else possible(noise["floor"], lambda it: it > MARGIN)
    if undropped:
        parts = [round(100 * (shared["machine"][name] or 0)) for name in ("others_share", "steal_share")]
        found["interference"] = "{} of {} rounds; others used {}% of the processors, {}% was stolen".format(*undropped, *parts)
    if 0 < shared["launches"] < BOOTSTRAP_LAUNCHES:
        found["few-launches"] = f"{shared['launches']} launch{'' if shared['launches'] == 1 else 'es'}"
    if p is not None and p <= 0.05:
        found["launches-differ"] = f"F test, p = {p:.4f}"
    if fewest and alike is not None and alike > max(0.25, 1.645 / math.sqrt(fewest)):
        found["correlated"] = f"lag-1 autocorrelation {alike:.2f}"
    ways = [{**found, "noise": None} if holds else found for holds in beyond]
    return ways[0] if len(ways) == 1 else OneOf(ways)


def alpha(run):
    """1 % for all looks: look k spends 1 / (k (k + 1)) of it, and one that is the last whatever it shows all that is left."""
    end, spec = run["end"], run["header"]["spec"]
    if end is None:
        first = {it["workload"] for it in run["header"]["cells"] if it["calibration"]}
        launches = {it["launch"] for it in run["samples"] if it["workload"] not in first}
        looks, last = 1 + max(len(launches) - max(spec["launches"], 1), 0), True
    else:
        looks, last = max(end["looks"], 1), end["exhausted"]
    return 0.01 / looks if last else 0.01 / (looks * (looks + 1))


def overall(rows):
    """The geometric mean over all workloads of a row's ratio to the best row; ratios within rounds, to the reference."""
    rows = [it for it in rows if it["outcome"] == "measured" and it["twin_of"] is None and it["ratio"]]
    workloads = list(dict.fromkeys(it["workload"] for it in rows))
    estimates = {}
    for it in rows:
        estimates.setdefault(it["strategy"], {})[it["workload"]] = it["ratio"]["estimate"]
    shared = {name: own for name, own in estimates.items() if len(own) == len(workloads)}
    if len(workloads) < 2 or len(shared) < 2:
        return None
    best = {label: min(own[label] for own in shared.values()) for label in workloads}
    found = []
    for name, own in shared.items():
        times = {label: own[label] / best[label] for label in workloads}
        worst = max(reversed(times), key=lambda label: times[label])  # the last of equals
        mean = float(stats.gmean(list(times.values())))
        found.append({"strategy": name, "geometric_mean": mean, "worst": times[worst], "worst_in": worst})
    found.sort(key=lambda it: it["geometric_mean"])
    return {"workloads": workloads, "rows": found, "left_out": [name for name in estimates if name not in shared]}


def calibration(run):
    """How late each timer is, and what each client costs."""
    header, rows = run["header"], {}
    for load in header["spec"]["workload"]:
        if not load.get("calibration"):
            continue
        label = f"{load['name']}({load['swept']})"
        cells = [it for it in header["cells"] if it["workload"] == label]
        walls, reasons = {}, {}
        for it in run["samples"]:
            if it["workload"] == label and it["outcome"] != "measured":
                reasons.setdefault(it["strategy"], it["reason"])
            elif it["workload"] == label and it["kept"]:
                walls.setdefault(it["strategy"], {})[it["round"]] = (it["launch"], it["wall_ns"])
        for cell in cells:
            name = cell["strategy"]
            own = {number: walls[name][number] for number in sorted(walls.get(name, {}))}
            of = rows.setdefault(name, {"strategy": name, "client": None, "timers": [], "taxes": []})
            reason = cell["unsupported"] or reasons.get(name) or (None if own else "it has no sample that counts")
            if cell["client"] is None:
                asked = nanoseconds(cell["latency"])
                late = [max(wall - asked, 0) for _, wall in own.values()]
                low, high = median_interval(late) or (None, None)
                of["timers"].append({"asked_ns": asked, "late_ns": cut(median(late)), "low_ns": cut(low), "high_ns": cut(high), "reason": reason})
            else:
                of["client"] = cell["client"]
                wall = median([wall for _, wall in own.values()])
                of["taxes"].append({
                    "concurrency": load.get("concurrency", header["spec"]["concurrency"]),
                    "request_ns": cut(wall and wall / load["tasks"]),
                    "ratio": ratio(own, walls[RAW], RAW) if own and RAW in walls else None,
                    "reason": reason,
                })
    return list(rows.values())


def launches(samples):
    found = []
    for launch in sorted({it["launch"] for it in samples}):
        own = [it for it in samples if it["launch"] == launch]
        elapsed = max(it["at_ns"] + it.get("wall_ns", 0) for it in own) - min(it["at_ns"] for it in own)
        inside = sum(it.get("wall_ns", 0) for it in own) / max(elapsed, 1)
        found.append({"launch": launch, "samples": len(own), "elapsed_ns": elapsed, "in_samples": inside})
    return found


# What the program wrote against what was recomputed.

# By the last name in a path, or by the first; with the reason.
NOT_RECOMPUTED = {
    "host": "copied from the first line",
    "spec": "copied from the first line",
    "schema_version": "copied from the first line",
    "resumed": "copied from its lines",
    "troubles": "words",
    "flags": "of a strategy, a program or a server",
    "reasons": "rules over what strategies declare",
    "series": "sizes that were swept",
}
CSV = {
    "ratio": "ratio.estimate",
    "ratio_low": "ratio.low",
    "ratio_high": "ratio.high",
    "ratio_reference": "ratio.reference",
    "ratio_pairs": "ratio.pairs",
    "verdict": "verdict.kind",
    "verdict_p": "verdict.p",
    "missed_below": "verdict.missed_below",
    "ties": "tie",
    "latencies_paced": "paced",
}
CSV |= {f"wall_{name}_ns": f"wall_ns.{name}" for name in ("median", "low", "high", "mad", "min", "max")}
CSV |= {"wall_mean_ns": "mean_ns", "wall_deviation_ns": "deviation_ns"}
for short, long in (("latency", "latencies"), ("heartbeat", "heartbeat")):
    CSV |= {f"{short}_count": f"{long}.count", f"{short}_max_ns": f"{long}.max_ns"}
    for at in ("p50", "p90", "p99"):
        ends = {f"{short}_{at}_ns": "value_ns", f"{short}_{at}_low_ns": "low_ns", f"{short}_{at}_high_ns": "high_ns"}
        CSV |= {column: f"{long}.{at}_ns.{end}" for column, end in ends.items()}
WORDS = {"flag_texts", "reasons", "reason_texts"}
# Flags that follow from the numbers of a workload.
DOUBTS = {"noise", "interference", "few-launches", "launches-differ", "correlated", "skewed"}


class Check:
    """Counts what agrees, and tells what does not."""

    def __init__(self):
        self.agreed, self.differ, self.left_out = 0, [], {}

    def tree(self, path, theirs, ours):
        """Walks what the program wrote: nothing of it is passed over in silence."""
        name = path.rsplit(".", 1)[-1]
        if name == "flags" and ours is not None:
            found = {part_of(it, "kind"): part_of(it, "detail") for it in theirs or []}
            self.left_out |= {name: NOT_RECOMPUTED[name]} if found.keys() - DOUBTS else {}
            # What is no flag at all has no kind.
            kinds = {kind: detail for kind, detail in found.items() if kind in DOUBTS or kind is None}
            if kinds or ours:
                self.value(path, kinds, ours)
        elif name in NOT_RECOMPUTED:
            if theirs not in ([], None):
                self.left_out[name] = NOT_RECOMPUTED[name]
        elif isinstance(theirs, dict) and isinstance(ours, dict):
            for key in theirs.keys() | ours.keys():
                self.tree(f"{path}.{key}" if path else key, theirs.get(key), ours.get(key))
        elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
            for index, both in enumerate(zip(theirs, ours)):
                names = [both[0].get(key) for key in ("workload", "strategy")] if isinstance(both[0], dict) else []
                where = "/".join(name for name in names if name)
                self.tree(f"{path}[{where or index}]", *both)
        elif not (theirs is None and ours is None):
            self.value(path, theirs, ours)

    def value(self, path, theirs, ours):
        if agrees(theirs, ours):
            self.agreed += 1
        else:
            self.differ.append(f"{path}: written {theirs!r}, recomputed {ours!r}")


def agrees(theirs, ours):
    if isinstance(ours, Within):
        slack = SEVEN_DIGITS * max(abs(ours.low), abs(ours.high))
        return isinstance(theirs, (int, float)) and ours.low - slack <= theirs <= ours.high + slack
    if isinstance(ours, OneOf):
        return theirs in ours.allowed
    if isinstance(theirs, float) and isinstance(ours, (int, float)):
        return math.isclose(theirs, ours, rel_tol=SEVEN_DIGITS, abs_tol=1e-300)
    return type(theirs) is type(ours) and theirs == ours


def as_written(text, ours):
    """The text of a cell of the CSV file, as what was recomputed is."""
    if text == "":
        return None
    if isinstance(ours, bool):
        return {"true": True, "false": False}.get(text, text)
    if isinstance(ours, int):
        return int(text) if text.lstrip("-").isdigit() else text
    try:
        return float(text) if isinstance(ours, (float, Within)) else text
    except ValueError:
        return text


def looked_up(cell, column):
    if column == "verdicts":
        return "; ".join(f"{times} x {what}" for what, times in sorted(cell["verdicts"].items())) or None
    if column == "flags":
        ways = cell["flags"].allowed if isinstance(cell["flags"], OneOf) else [cell["flags"]]
        return OneOf([list(way) or None for way in ways]) if any(ways) else None
    value = cell
    for name in CSV.get(column, column).split("."):
        if value is not None and name not in value:
            raise KeyError(column)
        value = None if value is None else value[name]
    return value


def check_csv(check, lines, rows):
    """Every field of every line."""
    if len(lines) != len(rows):
        check.differ.append(f"summary.csv: {len(lines)} rows written, {len(rows)} recomputed")
    for line, cell in zip(lines, rows):
        for column, text in line.items():
            path = f"summary.csv {cell['workload']}/{cell['strategy']} {column}"
            if column in WORDS:
                continue
            try:
                ours = looked_up(cell, column)
            except KeyError:
                check.differ.append(f"{path}: written {text!r}, not recomputed")
                continue
            theirs = as_written(text, ours) if column != "flags" else [it for it in text.split("; ") if it in DOUBTS] or None
            if not (theirs is None and ours is None):
                check.value(path, theirs, ours)


def read(folder):
    lines = [json.loads(line) for line in (folder / "samples.jsonl").read_text().splitlines() if line.strip()]
    of = {kind: [it for it in lines if it["record"] == kind] for kind in ("run", "sample", "block", "end")}
    end = of["end"][-1] if of["end"] else None
    return {
        "header": of["run"][0],
        "samples": of["sample"],
        "blocks": of["block"],
        "end": end,
        "interrupted": end is None or end["interrupted"],
        # Of all blocks, those before the comparison and discarded ones included.
        "usual_spin": median([it["spin_ns"] for it in of["block"]]),
    }


def recomputed(run, summary):
    """What was written is only asked where numbers were drawn."""
    rows, workloads = [], []
    cells = [it for it in run["header"]["cells"] if not it["calibration"]]
    for label in dict.fromkeys(it["workload"] for it in cells):
        written = {
            "cells": {it["strategy"]: it for it in part_of(summary, "cells") or [] if it["workload"] == label},
            "workload": next((it for it in part_of(summary, "workloads") or [] if it["workload"] == label), None),
        }
        own, shared = workload(label, [it for it in cells if it["workload"] == label], run, written)
        rows += own
        workloads += [shared] if shared else []
    return {
        "interrupted": run["interrupted"],
        "calibration": calibration(run),
        "workloads": workloads,
        "cells": rows,
        "overall": overall(rows),
        "launches": launches(run["samples"]),
    }


def main(arguments):
    if len(arguments) != 1:
        print("usage: recompute.py RUN, the folder of a run", file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    try:
        run = read(folder)
        summary = json.loads((folder / "summary.json").read_text())
        with open(folder / "summary.csv", newline="") as file:
            lines = list(csv.DictReader(file))
    except (OSError, ValueError, KeyError, IndexError) as error:
        print(f"{folder}: not a complete run folder: {error!r}", file=sys.stderr)
        return 2
    ours = recomputed(run, summary)
    in_summary, in_csv = Check(), Check()
    in_summary.tree("", summary, ours)
    check_csv(in_csv, lines, ours["cells"])
    for name, check in (("summary.json", in_summary), ("summary.csv", in_csv)):
        for difference in check.differ:
            print(f"{name} differs: {difference}")
        print(f"{name}: {check.agreed} of {check.agreed + len(check.differ)} values agree")
    for name, why in sorted(in_summary.left_out.items()):
        print(f"not recomputed: {name} ({why})")
    return 1 if in_summary.differ or in_csv.differ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
