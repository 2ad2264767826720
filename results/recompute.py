#!/usr/bin/env python3
"""Recomputes the numbers of a run folder from samples.jsonl, and says how many agree with summary.json and summary.csv.

    python3 results/recompute.py results/reference

It follows the method as results/README.md tells it, and shares no line with the program that wrote the summary: one function per
method. What is drawn at random is compared within the error of the drawing. The exit code is 0 if all agree, 1 if any differs or is
missing, 2 if the folder cannot be read. It needs Python 3.10 with numpy and scipy.
"""

import base64
import csv
import json
import math
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from scipy import stats

SHOWN = 0.95
MARGIN = 0.05
SEVEN_DIGITS = 1e-7
MOST_DRAWN_ERROR = 5  # standard errors; one in two million of what agrees lies further off
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
    """Launches are drawn, then values within each: between what values the program's own 2,000 drawings may lie."""
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
    tail = max(int((1 - confidence) / 2 * (REPLICATIONS + 1)), 1) / (REPLICATIONS + 1)
    # Both were drawn; theirs with fewer.
    error = MOST_DRAWN_ERROR * math.sqrt(tail * (1 - tail) * (1 / REPLICATIONS + 1 / OWN_REPLICATIONS))
    least, most = min(table[np.isfinite(table)]), max(table[np.isfinite(table)])

    def end(share):
        low, high = share - error, share + error
        low = np.quantile(medians, low, method="lower") if low > 0 else least
        return float(low), float(np.quantile(medians, high, method="higher") if high < 1 else most)

    return end(tail), end(1 - tail)


def logs_of(row, reference):
    """Logarithms of the ratios within the rounds that both share, by round."""
    return {number: math.log(row[number][1] / reference[number][1]) for number in row if number in reference}


def by_launch(row, logs):
    groups = {}
    for number, value in logs.items():
        groups.setdefault(row[number][0], []).append(value)
    return groups


def ratio(row, reference, name):
    """The median of the ratios within rounds: of logarithms, so the middle of two is their geometric mean."""
    logs = logs_of(row, reference)
    if not logs:
        return None
    ends = interval(logs, by_launch(row, logs))
    low, high = [end if end is None else exponential(end) for end in ends or (None, None)]
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
    if isinstance(low, Within):
        reaches = [[abs(math.log(end)) for end in (it.low, it.high)] for it in (low, high)]
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
    """Whether a row lies above a value, round by round; where it is exactly there, it is on no side."""
    return {number: it > value for number, it in logs.items() if it != value}


def at_least(heads, count):
    return float(stats.binom.sf(heads - 1, count, 0.5))


def p_above(of):
    return at_least(sum(of.values()), len(of))


def p_below(of):
    return at_least(len(of) - sum(of.values()), len(of))


def p_apart(of):
    return min(1.0, 2 * min(p_above(of), p_below(of)))


def unsigned(of):
    """With the first round above: a two-sided test does not tell sides from their mirror image."""
    first = next(iter(of.values()), True)
    return {number: above == first for number, above in of.items()}


def pattern(of):
    return tuple(of.items())


def together(all_sides, p):
    """Holm's adjustment over the rows whose sides differ; equal rows are one test."""
    different = sorted({pattern(of): p(of) for of in all_sides}.items(), key=lambda it: it[1])
    adjusted, largest = {}, 0.0
    for before, (which, own) in enumerate(different):
        largest = max(largest, min(own * (len(different) - before), 1.0))
        adjusted[which] = largest
    return [adjusted[pattern(of)] for of in all_sides]


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
    share = error / max(len({pattern(of) for of in even}), 1)
    found = {}
    for at, name in enumerate(names):
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


def between_launches(launches):
    """The F statistic of the one-way analysis of variance."""
    groups = list(launches.values())
    if len(groups) < 2 or sum(map(len, groups)) <= len(groups) or all(np.ptp(group) == 0 for group in groups):
        return None
    return float(stats.f_oneway(*groups).statistic)


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


def ties(rows, floor, error):
    """Rows share a letter where it is not sure that they differ."""
    names = list(rows)
    pairs = [(a, b) for at, a in enumerate(names) for b in names[:at]]
    logs = [logs_of(rows[a], rows[b]) for a, b in pairs]
    even = [unsigned(sides(own, 0.0)) for own in logs]
    adjusted = together(even, p_apart)
    share = error / max(len({pattern(of) for of in even}), 1)
    sure, drawn = set(), []
    for pair, own, p in zip(pairs, logs, adjusted):
        if floor is None or p > error:
            continue
        beyond = possible(floor, lambda it: abs(median(list(own.values()))) > math.log1p(it))
        differs = {a and b for a in excludes(own, by_launch(rows[pair[0]], own), 1 - share) for b in beyond}
        if differs == {True}:
            sure.add(frozenset(pair))
        elif True in differs:
            drawn.append(frozenset(pair))
    order = sorted(names, key=lambda name: median([wall for _, wall in rows[name].values()]))
    if len(drawn) > 6:
        raise ValueError("too many letters depend on how the noise floor was drawn")
    ways = []
    for chosen in range(1 << len(drawn)):
        ways.append(letters(order, sure | {pair for at, pair in enumerate(drawn) if chosen >> at & 1}))
    return {name: OneOf(sorted({way[name] for way in ways})) for name in names}


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


def workload(label, cells, run):
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
            found["ratio"] = ratio(walls[found["strategy"]], walls[reference], reference)
    noise = None
    pair = next(((cell["twin_of"], cell["strategy"]) for cell in cells if cell["twin_of"]), None)
    if pair and all(name in walls for name in pair):
        own = ratio(walls[pair[1]], walls[pair[0]], pair[0])
        noise = own and {"strategy": pair[0], "twin": pair[1], "ratio": own, "floor": noise_floor(own["low"], own["high"])}
    floor, error = noise and noise["floor"], alpha(run)
    found, variances = ties(walls, floor, error), []
    judged = verdicts(walls, reference, floor, error) if reference in walls else {}
    for it in rows:
        it["tie"], it["verdict"] = found.get(it["strategy"]), judged.get(it["strategy"])
        if it["strategy"] in judged:
            logs = logs_of(walls[it["strategy"]], walls[reference])
            it["autocorrelation"] = autocorrelation(list(logs.values()))
            variances.append(between_launches(by_launch(walls[it["strategy"]], logs)))
    alike = [it["autocorrelation"] for it in rows if it["autocorrelation"] is not None]
    variances = [it for it in variances if it is not None]
    return rows, {
        "workload": label,
        "rounds": len({number for own in walls.values() for number in own}),
        "launches": len({launch for own in walls.values() for launch, _ in own.values()}),
        "autocorrelation": float(np.mean(alike)) if alike else None,
        "between_launches": float(np.mean(variances)) if variances else None,
        "dropped": [{"because": why, "rounds": because.count(why)} for why in dict.fromkeys(because)],
        "noise": noise,
        "alpha": error,
        "friedman": friedman(list(walls.values())),
        "machine": machine(blocks, disturbed),
    }


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
        worst = max(times, key=lambda label: times[label])
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
    "troubles": "words",
    "flags": "words",
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
WORDS = {"flags", "flag_texts"}


class Check:
    """Counts what agrees, and tells what does not."""

    def __init__(self):
        self.agreed, self.differ, self.left_out = 0, [], {}

    def tree(self, path, theirs, ours):
        """Walks what the program wrote: nothing of it is passed over in silence."""
        name = path.rsplit(".", 1)[-1]
        if name in NOT_RECOMPUTED:
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
            theirs = as_written(text, ours)
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


def recomputed(run):
    rows, workloads = [], []
    cells = [it for it in run["header"]["cells"] if not it["calibration"]]
    for label in dict.fromkeys(it["workload"] for it in cells):
        own, shared = workload(label, [it for it in cells if it["workload"] == label], run)
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
    ours = recomputed(run)
    in_summary, in_csv = Check(), Check()
    in_summary.tree("", summary, ours)
    check_csv(in_csv, lines, ours["cells"])
    for name, check in (("summary.json", in_summary), ("summary.csv", in_csv)):
        for difference in check.differ:
            print(f"{name} differs: {difference}")
        print(f"{name}: {check.agreed} of {check.agreed + len(check.differ)} values agree")
    for name, why in in_summary.left_out.items():
        print(f"not recomputed: {name} ({why})")
    return 1 if in_summary.differ or in_csv.differ else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
