"""`bench pair` put together: every goal is measured, one slip misses its goal, a peer that is too slow is said so."""

import importlib.util
import json
import pickle
import subprocess
import sys

import numpy as np
import pytest

from bangfu.bench import Job, pair, pair_county, pair_judge, pair_made, pair_proof
from bangfu.bench.pair import GOALS
from bangfu.bench.pair_proof import LEVELS
from bangfu.bench.school import Broken

COUNTED = ("broken", "missed", "worse", "no_way", "no_reason", "untold", "unproven")


def figures(engine, case, *sizes):
    left = 17 if (engine, case) == ("matching", "popular") else 0
    return {
        "levels": dict.fromkeys(LEVELS, 1) | {"left_out": left},
        "deviation": 1.0,
        "seconds": 1.0,
        "memory": 0.2,
    }


one_step = {"levels": [], "how": "search", "is_proven": True, "gap": 0.0, "seconds": 3.0}
drags = {
    "seconds": [0.01] * 9,
    "cpu": [0.01] * 9,
    "first": 0.1,
    "children": 9,
    "helpers": 3,
    "proven": True,
    "kept": True,
}
SAID = {
    "schools": lambda *words: {},
    "judge_schools": lambda *words: (
        dict.fromkeys(COUNTED, 0)
        | {
            "children": 9,
            "able": 8,
            "paired": 8,
            "certifiable": 5,
            "short": 1,
            "shape_class": 9,
            "examples": [],
        }
    ),
    "extra": lambda *words: dict.fromkeys(("school", "grade", "hurry"), one_step),
    "judge_extra": lambda *words: dict.fromkeys(("school", "grade", "hurry"), {"broken": 0, "left_out": 0}),
    "county": lambda *words: (
        {key: [1.0, 1.1] for key in ("ours", "bare", "ours_cpu", "bare_cpu")} | {"unexplained": 0}
    ),
    "judge_county": lambda *words: {
        "broken": 0,
        "worse": 0,
        "ours": {"left_out": 0},
        "bare": {"left_out": 0},
    },
    "pins": lambda *words: {"typical": drags, "largest": drags},
    "leaving": lambda *words: {"slowest": 0.1},
    "judge_leaving": lambda *words: (
        {"gone": 1, "forced": 7, "changed": 8, "fewest": 8, "afresh": 20}
        | {"uncertified": 0, "unsaid": 0, "broken": 0}
    ),
    "engine": figures,
}


def outcomes(monkeypatch, **slips):
    told = SAID | slips

    def said(folder, module, *words, limit=0):
        return told[words[0]](*words[1:])

    monkeypatch.setattr(pair, "said", said)
    small = lambda run: pair.compare(run, pair.QUICK)  # noqa: E731
    found = Job("pair", "", GOALS, small).run(quick=True, progress=lambda *step: None)
    return {one.goal.id: one for one in found}


def test_every_goal_is_measured_and_the_peers_stand_beside(monkeypatch):
    found = outcomes(monkeypatch)
    assert set(found) == {goal.id for goal in GOALS}
    assert all(one.met for one in found.values())
    assert dict(found["G-pair-popular"].beside)["热门导师：matching"] == 17
    assert len(found["G-pair-left"].beside) == 3 * 6


@pytest.mark.parametrize(
    "goal, said, slip",
    [
        ("G-pair-broken", "judge_schools", {"broken": 1}),
        ("G-pair-missed", "judge_schools", {"missed": 1}),
        ("G-pair-worse", "judge_schools", {"worse": 1}),
        ("G-pair-no-way", "judge_schools", {"no_way": 1}),
        ("G-pair-changed", "judge_leaving", {"changed": 9}),
        ("G-pair-changed-proof", "judge_leaving", {"uncertified": 1}),
        ("G-pair-county-worse", "judge_county", {"worse": 1}),
        ("G-pair-county", "county", {"bare_cpu": [0.8, 0.8]}),
        ("G-pair-advice", "judge_schools", {"not_enough": 1}),
    ],
)
def test_one_slip_misses_its_goal(monkeypatch, goal, said, slip):
    found = outcomes(monkeypatch, **{said: lambda *words: SAID[said]() | slip})
    assert not found[goal].met


def test_a_peer_that_does_better_is_counted(monkeypatch):
    def better(engine, case, *sizes):
        told = figures(engine, case)
        return told | {"levels": told["levels"] | {"changed": 0 if engine == "networkx" else 1}}

    found = outcomes(monkeypatch, engine=better)
    assert found["G-pair-better"].measured == 3


def test_a_peer_over_the_limit_is_left_out_and_said_so(monkeypatch):
    def slow(engine, case, *sizes):
        return None if (engine, case) == ("matching", "county") else figures(engine, case)

    found = outcomes(monkeypatch, engine=slow)
    assert any("matching 超过时限" in name for name, _ in found["G-pair-time"].beside)
    assert found["G-pair-time"].met


def test_a_pin_that_was_not_kept_fails_the_job(monkeypatch):
    with pytest.raises(Broken, match="定住"):
        outcomes(monkeypatch, pins=lambda *words: {"typical": drags | {"kept": False}, "largest": drags})


def test_a_missing_package_is_named_with_the_way_to_get_it(monkeypatch):
    there = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "matching" else there(name))
    with pytest.raises(Broken, match="matching.*script/run ready --dev"):
        pair.measure(None)


def written(tmp_path, answers):
    path = tmp_path / "answers"
    path.write_bytes(pickle.dumps(answers))
    return str(path)


def by_augmenting(problem):
    """Pairs from the checker's own search: right, but with no eye for change."""
    chosen = pair_proof.augmented(pair_proof.plain_of(problem)).tolist()
    return [
        (child.id, problem.helpers[at].id)
        for child, at in zip(problem.children, chosen, strict=True)
        if at >= 0
    ]


def test_the_judge_counts_a_child_left_over_and_a_rule_broken(tmp_path, monkeypatch):
    drawn = [(s, p) for s, p in pair_made.schools(30) if s == "class" and len(by_augmenting(p)) > 3][:2]
    monkeypatch.setattr(pair_made, "schools", lambda count: drawn[:count])
    told = []
    for _, problem in drawn:
        pairs = by_augmenting(problem)
        held = {child for child, _ in pairs}
        left = [child.id for child in problem.children if child.id not in held]
        ways = [("cap", "h0", 1, "…")] if left else []
        told.append({"pairs": pairs, "left_out": left, "is_proven": True, "unexplained": 0, "give_way": ways})
    fine = pair_judge.schools("2", written(tmp_path, told))
    assert fine["broken"] == fine["missed"] == fine["no_way"] == fine["untold"] == 0
    told[0] |= {"pairs": told[0]["pairs"][1:]}
    told[1] |= {"pairs": [*told[1]["pairs"], told[1]["pairs"][0]]}
    slips = pair_judge.schools("2", written(tmp_path, told))
    assert slips["missed"] == 1 and slips["broken"] >= 1 and slips["untold"] == 1
    assert len(slips["examples"]) == 2


def test_the_judge_of_the_county_sees_a_cap_passed_and_an_answer_that_is_not_the_best(tmp_path):
    made = pair_county.county(2)
    parts = [pair_proof.plain_school(pair_county.school(made, at)) for at in range(2)]
    chosen = np.concatenate(
        [
            np.where(one < 0, -1, one + start)
            for one, start in zip(map(pair_proof.augmented, parts), made.helper_from, strict=False)
        ]
    )
    told = pair_judge.county("2", written(tmp_path, {"ours": chosen, "bare": chosen}))
    assert (
        told["broken"] == 0 and told["worse"] == 2
    )  # nobody asked augmenting paths for floors or for keeping
    crowded = np.where(np.arange(len(chosen)) < 20, chosen[0], chosen)
    assert pair_judge.county("2", written(tmp_path, {"ours": crowded, "bare": chosen}))["broken"] > 0


def test_an_engine_in_a_process_of_its_own_says_its_figures_as_json():
    words = [sys.executable, "-m", "bangfu.bench.pair_run", "engine", "greedy", "popular", "2"]
    done = subprocess.run(words, capture_output=True, encoding="utf-8", check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["levels"]["left_out"] > 0 and told["seconds"] > 0 and 0.02 < told["memory"] < 4


def test_the_judge_and_the_peers_never_load_or_tools():
    code = (
        "import sys; from bangfu.bench import pair_judge, pair_run; import scipy.optimize;"
        " sys.exit(any(one.startswith('ortools') for one in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
