"""The judge of `bangfu bench pair`: reads what ours answered, makes the problems again, and counts what is wrong.

Runs in a process without OR-Tools; everything it knows comes from bench/pair_check.py and bench/pair_proof.py.
"""

import pickle
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np

from bangfu.bench import pair_check, pair_county, pair_made, pair_peers, pair_proof
from bangfu.engine.matching import Problem
from bangfu.engine.part import Range

KEPT_EXAMPLES = 5


def is_flow(problem: Problem) -> bool:
    """This function will say whether one helper a child, caps and floors are all there is: then it can be certified."""
    rule = problem.rule
    return (
        rule.per_case.max == 1
        and not rule.seats
        and not problem.at_most
        and rule.short == "report"
        and not {"a_local_in_each_group", "two_adults_for_a_girl"} & set(rule.hard)
    )


def schools(count: str, path: str) -> dict:
    """This function will judge the random schools: rules broken, children missed, levels that could be better."""
    answers = pickle.loads(Path(path).read_bytes())
    found, examples = Counter(), []
    for (shape, problem), answer in zip(pair_made.schools(int(count)), answers, strict=True):
        judged = _school(problem, answer)
        found.update(judged)
        found[f"shape_{shape}"] += 1
        if len(examples) < KEPT_EXAMPLES and (judged["broken"] or judged["missed"] or judged["worse"]):
            broken = pair_check.violations(problem, map(tuple, answer["pairs"]))[:2]
            examples.append(f"{shape}: {dict(judged)} {broken}")
    return {**found, "examples": examples}


def _school(problem: Problem, answer: dict) -> Counter:
    pairs = [tuple(pair) for pair in answer["pairs"]]
    left, able = pair_check.left_out(problem, pairs), pair_proof.most_pairable(problem)
    children = len(problem.children)
    judged = Counter(
        broken=len(pair_check.violations(problem, pairs)),
        missed=max(0, able - (children - len(left))),
        children=children,
        able=able,
        paired=children - len(left),
        untold=sorted(map(str, left)) != sorted(map(str, answer["left_out"])),
        unproven=not answer["is_proven"],
        no_reason=answer["unexplained"],
        short=able < children,
        no_way=(able < children) != bool(answer["give_way"]),
    )
    if answer["give_way"]:
        judged.update(_advice(problem, answer["give_way"], children - able))
    if is_flow(problem):
        plain = pair_proof.plain_of(problem)
        chosen = pair_proof.chosen_of(problem, pairs)
        down_to = "changed" if "keep" in problem.rule.prefer else "below_minimum"
        judged["certifiable"] = 1
        judged["worse"] = int(not pair_proof.certified(plain, chosen, down_to))
    return judged


def _advice(problem: Problem, ways: list[tuple], missing: int) -> Counter:
    """Follow the advice: is everybody paired then, but those who are said to need a word, or somebody, first?

    A word, or somebody, is missing where no pair is named: those are not counted as paired. Floors are not tried.
    """
    pairs = [who for kind, who, _, _ in ways if kind != "cap" and isinstance(who, tuple)]
    more = {who: by for kind, who, by, _ in ways if kind == "cap"}
    waiting = [who for kind, who, _, _ in ways if kind != "cap" and not isinstance(who, tuple)]
    if any(kind in ("floor", "minutes") for kind, _, _, _ in ways):
        return Counter(untried=1)
    usual = problem.rule.per_helper.max
    helpers = [replace(h, most=min(h.most, usual) + more.get(h.id, 0)) for h in problem.helpers]
    rule = problem.rule.model_copy(update={"per_helper": Range(min=problem.rule.per_helper.min, max=100)})
    bent = replace(problem, rule=rule, helpers=tuple(helpers))
    able = pair_proof.most_pairable(bent, frozenset(map(tuple, pairs)))
    return Counter(
        tried=1,
        not_enough=int(able < len(problem.children) - len(waiting)),
        no_number=int(not all(sentence and by > 0 for _, _, by, sentence in ways)),
        one_each=int(sum(by for _, _, by, _ in ways) == missing),
    )


def extra(children: str, helpers: str, path: str) -> dict:
    """This function will judge the large school: rules broken and children missed, however long it was given."""
    found = {}
    for name, answer in pickle.loads(Path(path).read_bytes()).items():
        problem = pair_made.extra(int(children), int(helpers), answer["within"])
        pairs = [tuple(pair) for pair in answer["pairs"]]
        load = dict.fromkeys((helper.id for helper in problem.helpers), 0)
        load |= {helper.id: helper.minutes for helper in problem.helpers}
        minutes = {child.id: child.minutes for child in problem.children}
        for child, helper in pairs:
            load[helper] += minutes[child]
        found[name] = {
            "broken": len(pair_check.violations(problem, pairs)),
            "left_out": len(pair_check.left_out(problem, pairs)),
            "most": max(load.values()),
            "least": min(load.values()),
        }
    return found


def county(count: str, path: str) -> dict:
    """This function will judge the county: caps and arcs, and a certificate for every school down to fit."""
    made, answers = pair_county.county(int(count)), pickle.loads(Path(path).read_bytes())
    chosen, broken, worse = answers["ours"], 0, 0
    allowed = np.zeros(len(chosen), bool)
    allowed[made.child[made.helper == chosen[made.child]]] = True
    load = np.bincount(chosen[chosen >= 0], minlength=len(made.most))
    broken = int((load > made.most).sum() + ((chosen >= 0) & ~allowed).sum())
    for at in range(made.schools):
        begin, end = int(made.child_from[at]), int(made.child_from[at + 1])
        part = chosen[begin:end]
        part = np.where(part < 0, -1, part - int(made.helper_from[at]))
        plain = pair_proof.plain_school(pair_county.school(made, at))
        worse += not pair_proof.certified(plain, part, "unfit")
    plain = pair_proof.plain_school(made)
    return {
        "broken": broken,
        "worse": int(worse),
        "ours": pair_proof.levels(plain, chosen),
        "bare": pair_proof.levels(plain, answers["bare"]),
    }


def leaving(count: str, path: str) -> dict:
    """This function will count the changes after helpers left, beside the least there can be, found twice.

    Who had somebody that left has to change: that is forced. How many more have to make room, so that nobody is left
    over, scipy says; and the certificate says that no cycle of ours saves one.
    """
    made, found = pair_county.county(int(count)), Counter()
    for at, answer in enumerate(pickle.loads(Path(path).read_bytes())):
        before = pair_county.problem_of(pair_county.school(made, at))
        problem, gone = pair_made.without_some(before, answer["held"])
        pairs = [tuple(pair) for pair in answer["pairs"]]
        plain, chosen = pair_proof.plain_of(problem), pair_proof.chosen_of(problem, pairs)
        forced = sum(helper in gone for helper in answer["held"].values())
        kept, afresh = dict(pairs), dict(map(tuple, answer["afresh"]))
        had = answer["held"].items()
        changed = sum(kept.get(child) != helper for child, helper in had)
        bound = next((bound for aim, _, bound in answer["levels"] if aim == "changed"), None)
        found.update(
            gone=len(gone),
            forced=forced,
            changed=changed,
            fewest=forced + pair_proof.levels(plain, pair_peers.scipy_sparse(plain))["changed"],
            afresh=sum(afresh.get(child) != helper for child, helper in had),
            uncertified=int(not pair_proof.certified(plain, chosen, "changed")),
            unsaid=int(bound is None or bound != changed),
            broken=len(pair_check.violations(problem, pairs)),
        )
    return dict(found)
