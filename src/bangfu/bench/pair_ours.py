"""Ours for `bangfu bench pair`: problems to solve.best, the county's arrays to solve.county, bare flow beside it.

Everything here runs in a process of its own (bench/pair_run.py) and judges nothing; OR-Tools is in this one.
"""

import pickle
import time
from collections.abc import Hashable
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np

from bangfu.bench import interleaved, pair_county, pair_made
from bangfu.bench.pair_county import County
from bangfu.engine.matching import Answer, Problem
from bangfu.flow import solve

SECONDS = 30.0  # what a person would wait for a large school with the extra rules
SHORT = 2.0  # a time-out, to see that it is kept
EACH = 5.0  # for one of the random schools


def told(answer: Answer) -> dict:
    """This function will write an answer as plain values."""
    return {
        "pairs": list(answer.pairs),
        "left_out": list(answer.left_out),
        "levels": [(one.aim, one.value, one.bound) for one in answer.levels],
        "how": answer.how,
        "is_proven": answer.is_proven,
        "gap": answer.gap,
        "unexplained": sum(not answer.reasons.get(pair) for pair in answer.pairs),
    }


def schools(count: int, path: Path) -> dict:
    """This function will answer many random schools into a file, and ask what would have to give way."""
    answers, begun = [], time.perf_counter()
    for _, problem in pair_made.schools(count):
        at = time.perf_counter()
        answer = solve.best(problem, seconds=EACH)
        one = told(answer) | {"seconds": time.perf_counter() - at}
        ways = solve.give_way(problem, seconds=EACH)
        one["give_way"] = [(way.kind, way.who, way.by, way.sentence) for way in ways]
        answers.append(one)
    path.write_bytes(pickle.dumps(answers))
    slowest = max(one["seconds"] for one in answers)
    return {"schools": count, "wall": time.perf_counter() - begun, "slowest": slowest}


def extra(children: int, helpers: int, path: Path) -> dict:
    """This function will answer the large school with the extra rules, whole and by grade, and once in a hurry."""
    found = {}
    for name, within, seconds in (
        ("school", "school", SECONDS),
        ("grade", "grade", SECONDS),
        ("hurry", "school", SHORT),
    ):
        problem = pair_made.extra(children, helpers, within)
        at = time.perf_counter()
        answer = solve.best(problem, seconds=seconds)
        found[name] = told(answer) | {"seconds": time.perf_counter() - at, "within": within}
    path.write_bytes(pickle.dumps(found))
    kept = ("levels", "how", "is_proven", "gap", "seconds")
    return {name: {key: one[key] for key in kept} for name, one in found.items()}


def as_asked(made: County) -> "object":
    """This function will write the county's arrays the way solve.county takes them."""
    from bangfu.flow.solve_county import County as Asked

    schools = np.arange(made.schools)
    return Asked(
        child_school=np.repeat(schools, np.diff(made.child_from)),
        helper_school=np.repeat(schools, np.diff(made.helper_from)),
        pair_child=made.child,
        pair_helper=made.helper,
        pair_cost=made.fit,
        least=made.least,
        most=made.most,
        former=made.former,
        pair_wishes=np.where(made.fit < pair_county.OTHER, 0b110, 0b010),  # same class, class teacher
    )


def bare(made: County) -> np.ndarray:
    """This function will solve caps and fit by min-cost flow, school by school: no floors, nobody kept, no reasons."""
    from ortools.graph.python import min_cost_flow

    chosen = np.full(made.child_from[-1], -1)
    for at in range(made.schools):
        one = pair_county.school(made, at)
        children, helpers, arcs = len(one.former), len(one.most), len(one.child)
        end, own, staff = children + helpers, np.arange(children), np.arange(helpers)
        flow = min_cost_flow.SimpleMinCostFlow()
        flow.add_arcs_with_capacity_and_unit_cost(
            np.concatenate([one.child, own, children + staff]),
            np.concatenate([children + one.helper, np.full(children + helpers, end)]),
            np.concatenate([np.ones(arcs + children, int), one.most]),
            np.concatenate([one.fit, np.full(children, 1_000), np.zeros(helpers, int)]),
        )
        flow.set_nodes_supplies(
            np.arange(end + 1), np.concatenate([np.ones(children, int), np.zeros(helpers, int), [-children]])
        )
        if flow.solve() != flow.OPTIMAL:
            raise AssertionError("bare flow has no optimum")
        taken = np.flatnonzero(flow.flows(np.arange(arcs)))
        chosen[made.child_from[at] + one.child[taken]] = made.helper_from[at] + one.helper[taken]
    return chosen


def county(schools: int, repeat: int, path: Path) -> dict:
    """This function will time the county turn by turn with bare flow, and keep what both chose."""
    made = pair_county.county(schools)
    asked, kept = as_asked(made), {}

    def ours() -> None:
        matched = solve.county(asked)
        kept["reasons"] = matched.reasons()
        kept["ours"] = matched

    def peer() -> None:
        kept["bare"] = bare(made)

    mine, theirs = interleaved(ours, peer, repeat=repeat)
    matched = kept["ours"]
    path.write_bytes(pickle.dumps({"ours": matched.helper, "bare": kept["bare"]}))
    return {
        "ours": mine.wall,
        "bare": theirs.wall,
        "ours_cpu": mine.cpu,
        "bare_cpu": theirs.cpu,
        "unexplained": int((kept["reasons"][matched.helper >= 0] == "").sum()),
        "said": {
            name: int(getattr(matched, name)) for name in ("left_out", "below_minimum", "changed", "unfit")
        },
    }


def pins(schools: int, drags: int) -> dict:
    """This function will drag one child after the other to somebody else and solve the school again, pins and all."""
    made = pair_county.county(schools)
    largest = int(np.argmax(np.diff(made.child_from)))
    found = {}
    for name, at in (("typical", pair_county.typical(made)), ("largest", largest)):
        problem, draw = pair_county.problem_of(pair_county.school(made, at)), Random(9)
        times, cpu, proven, kept = [], [], 0, 0
        pinned = _some_pins(problem, draw, 10)
        for _ in range(drags):
            pinned |= _some_pins(problem, draw, 1, pinned)
            asked = replace(problem, pins=frozenset(pinned.items()))
            begun, cpu_begun = time.perf_counter(), time.process_time()
            answer = solve.best(asked)
            cpu.append(time.process_time() - cpu_begun)
            times.append(time.perf_counter() - begun)
            proven += answer.is_proven
            kept += asked.pins <= set(answer.pairs)
        found[name] = {
            "cpu": cpu[1:],
            "seconds": times[1:],  # the first one also loads OR-Tools
            "first": times[0],
            "children": len(problem.children),
            "helpers": len(problem.helpers),
            "proven": proven == drags,
            "kept": kept == drags,
        }
    return found


def _some_pins(
    problem: Problem, draw: Random, count: int, held: dict[Hashable, Hashable] | None = None
) -> dict[Hashable, Hashable]:
    """Children drawn with somebody of their class who has room for one more decided pair."""
    pinned = dict(held or {})
    by_class: dict[Hashable, list[Hashable]] = {}
    for helper in problem.helpers:
        for key in helper.roles:
            by_class.setdefault(key, []).append(helper.id)
    free = [child for child in problem.children if child.id not in pinned]
    for child in draw.sample(free, min(count, len(free))):
        able = [
            one for one in by_class[child.class_id] if list(pinned.values()).count(one) < pair_county.MOST
        ]
        pinned[child.id] = draw.choice(able)
    return pinned


def leaving(schools: int, path: Path) -> dict:
    """This function will pair each school, let 8 % of the helpers leave, and pair it again."""
    made, kept = pair_county.county(schools), []
    for at in range(made.schools):
        problem = pair_county.problem_of(pair_county.school(made, at))
        held = dict(solve.best(problem).pairs)
        smaller, gone = pair_made.without_some(problem, held)
        begun = time.perf_counter()
        answer = solve.best(smaller)
        kept.append(
            told(answer) | {"held": held, "gone": sorted(gone), "seconds": time.perf_counter() - begun}
        )
        afresh = replace(smaller, children=tuple(replace(c, former_helper=None) for c in smaller.children))
        kept[-1]["afresh"] = list(solve.best(afresh).pairs)
    path.write_bytes(pickle.dumps(kept))
    return {"schools": made.schools, "slowest": max(one["seconds"] for one in kept)}


def alone(problem: Problem) -> dict[Hashable, Hashable]:
    """This function will solve one problem and give who has whom."""
    return dict(solve.best(problem).pairs)
