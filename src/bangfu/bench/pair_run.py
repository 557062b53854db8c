"""One step of `bangfu bench pair` in a process of its own: `python -m bangfu.bench.pair_run STEP WORDS…`.

Out: one line of JSON. Steps that solve with OR-Tools and steps that judge (scipy's HiGHS) never share a process.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bangfu.bench import pair_county, pair_made, pair_peers, pair_proof
from bangfu.bench.link_run import peak

PEERS = {
    "greedy": pair_peers.greedy,
    "scipy": pair_peers.scipy_dense,
    "sparse": pair_peers.scipy_sparse,
    "networkx": pair_peers.networkx,
    "matching": pair_peers.matching,
}


def engine(name: str, case: str, schools: int) -> dict:
    """This function will run one engine on one case of the table: levels, load, seconds, memory."""
    plain = case_of(case, schools)
    solve = PEERS.get(name)
    if solve is None:
        chosen, seconds = ours(case, schools, plain)
    else:
        parts = [plain] if case != "county" else by_school(schools)
        solve(pair_proof.plain_school(small()))  # imports and first calls are nobody's time
        begun = time.perf_counter()
        found = [solve(one) for one in parts]
        seconds = time.perf_counter() - begun
        chosen = whole(found, parts)
    load = np.bincount(chosen[chosen >= 0], minlength=len(plain.most))
    return {
        "levels": pair_proof.levels(plain, chosen),
        "spread": int(load.max() - load.min()),
        "deviation": float(load.std()),
        "seconds": seconds,
        "memory": peak(),
    }


def small() -> pair_county.County:
    """This function will give a small school to warm up with."""
    made = pair_county.county(4)
    return pair_county.school(made, int(np.argmin(np.diff(made.child_from))))


def case_of(case: str, schools: int) -> pair_proof.Plain:
    """This function will write one case of the table in numbers."""
    if case == "popular":
        return pair_proof.plain_of(pair_made.popular())
    made = pair_county.county(schools)
    if case == "county":
        return pair_proof.plain_school(made)
    return pair_proof.plain_of(one_school(schools))


def one_school(schools: int) -> pair_made.Problem:
    """This function will give the county's typical school in words."""
    made = pair_county.county(schools)
    return pair_county.problem_of(pair_county.school(made, pair_county.typical(made)))


def by_school(schools: int) -> list[pair_proof.Plain]:
    """This function will cut the county into its schools."""
    made = pair_county.county(schools)
    return [pair_proof.plain_school(pair_county.school(made, at)) for at in range(made.schools)]


def whole(found: list[np.ndarray], parts: list[pair_proof.Plain]) -> np.ndarray:
    """This function will put the schools' answers together again."""
    starts = np.cumsum([0, *(len(one.most) for one in parts)])
    return np.concatenate(
        [np.where(one < 0, -1, one + at) for one, at in zip(found, starts[:-1], strict=True)]
    )


def ours(case: str, schools: int, plain: pair_proof.Plain) -> tuple[np.ndarray, float]:
    """This function will do the same with ours: problems by solve.best, the county by solve.county."""
    from bangfu.bench import pair_ours
    from bangfu.flow import solve

    if case == "county":
        solve.county(pair_ours.as_asked(small()))
        asked = pair_ours.as_asked(pair_county.county(schools))
        begun = time.perf_counter()
        matched = solve.county(asked)
        matched.reasons()
        return matched.helper, time.perf_counter() - begun
    problem = pair_made.popular() if case == "popular" else one_school(schools)
    pair_ours.alone(pair_county.problem_of(small()))
    begun = time.perf_counter()
    pairs = pair_ours.alone(problem)
    seconds = time.perf_counter() - begun
    return pair_proof.chosen_of(problem, pairs.items()), seconds


def step(name: str) -> Callable[..., dict]:
    """This function will find a step by name; what judges is not imported where OR-Tools is."""
    if name == "engine":
        return lambda which, case, schools: engine(which, case, int(schools))
    if name.startswith("judge_"):
        from bangfu.bench import pair_judge

        return getattr(pair_judge, name.removeprefix("judge_"))
    from bangfu.bench import pair_ours

    return {
        "schools": lambda count, path: pair_ours.schools(int(count), Path(path)),
        "extra": lambda children, helpers, path: pair_ours.extra(int(children), int(helpers), Path(path)),
        "county": lambda count, repeat, path: pair_ours.county(int(count), int(repeat), Path(path)),
        "pins": lambda count, drags: pair_ours.pins(int(count), int(drags)),
        "leaving": lambda count, path: pair_ours.leaving(int(count), Path(path)),
    }[name]


def main(name: str, *words: str) -> None:
    """This function will do one step and print what came of it."""
    print(json.dumps(step(name)(*words)))


if __name__ == "__main__":
    main(*sys.argv[1:])
