"""Why: two sentences at most for every pack and any facts; the clause and the facts, no label, nothing kept back."""

import random
import re
from datetime import date
from pathlib import Path

import pytest

import bangfu
from bangfu.engine import eligibility, pack, rule, why
from bangfu.engine.case import Act, CaseView
from bangfu.engine.duty import expected
from bangfu.engine.fact import Stated
from bangfu.engine.rule import Verdict
from bangfu.engine.standing import State, standings
from tests.engine.days import calendar, duty, plan

D = date
FOLDER = Path(bangfu.__file__).parent / "packs"
SHELF = pack.load(
    {p.relative_to(FOLDER).as_posix(): p.read_text("utf-8") for p in sorted(FOLDER.rglob("*.toml"))}
)
WORDS, LABELS = SHELF.commons.facts, SHELF.commons.labels
CAL = calendar()
LABELLED = re.compile("学困|贫困|待优|差生|后进|问题学生|困难生|困难学生")
LONGEST = 200
PLANS = [pytest.param(one, id=f"{key}-{edition}") for (key, edition), one in SHELF.plans.items()]


def names_of(one):
    texts = [c.where for c in one.categories] + [d.where for d in one.duties]
    texts += [one.selection.where] if one.selection else []
    return {name for text in texts if text for name in rule.read(text, WORDS)[0].names}


def some_value(chance, spec):
    if spec.type == "bool":
        return chance.choice([True, False])
    if spec.type == "int":
        return chance.randrange(4)
    if spec.type == "choice":
        return chance.choice(spec.choices)
    return D(2026, chance.randint(1, 12), 3) if spec.type == "date" else "石坎"


def random_facts(chance, one, gaps=0.4):
    return {
        name: Stated(
            some_value(chance, WORDS[name]),
            D(chance.choice([2025, 2026]), 9, chance.randint(1, 30)),
            source=chance.choice(["roll", "survey", "home", "", "somebody"]),
        )
        for name in sorted(names_of(one))
        if chance.random() > gaps
    }


def sentences(text):
    return [part for part in re.split("[。！？]", text) if part]


def fits(text):
    assert 1 <= len(sentences(text)) <= 2, text
    assert text.endswith("。") and len(text) <= LONGEST, (len(text), text)
    assert not LABELLED.search(text), text
    assert not re.search(r"[a-z_]{3,}|None|\{|\}|，，|；；|：。|，。|；。", text), text


@pytest.mark.parametrize("one", PLANS)
def test_a_choice_is_explained_by_clause_and_facts_whatever_is_known(one):
    answers = set()
    for seed in range(150):
        chance = random.Random(seed)
        facts = random_facts(chance, one, gaps=chance.random())
        advice = eligibility.judge(one, facts, WORDS)
        text = why.of_choice(one, advice, facts)
        fits(text)
        assert f"“{one.short_title}”" in text
        answers.add(advice.verdict.answer)
        if advice.verdict.answer is None and advice.verdict.unknown:
            asked = re.match("还不知道：(.*?)，先问清楚。", text)[1]
            assert asked.split("、") == [WORDS[name].title for name in advice.verdict.unknown]
        else:
            assert "还不知道" not in text
            decided = {r.fact for r in advice.verdict.reasons}
            assert not decided or any(WORDS[name].title in text for name in decided)
    rules = any(c.where and not c.off for c in one.categories) or (one.selection and one.selection.where)
    assert not rules or {True, None} <= answers


@pytest.mark.parametrize("one", PLANS)
def test_a_duty_is_explained_in_every_state_it_can_have(one):
    told = 0
    for seed in range(25):
        chance = random.Random(seed)
        facts = {name: (stated,) for name, stated in random_facts(chance, one).items()}
        kinds = [c.key for c in one.categories] or [""]
        case = CaseView(
            "c", "p", D(2026, 9, 7), chance.choice(["", *kinds]), facts=facts,
            helped=None if seed % 2 else (), joined_on=D(2026, 9, 1),
        )  # fmt: skip
        owed = expected(one, case, CAL, D(2026, 9, 1), D(2026, 12, 31))
        acts = [
            Act(at, day, chance.choice([day, D(2026, 12, 30)]), frozenset(e.accepts), frozenset(e.who), amounts={"minutes": 30})
            for at, e in enumerate(chance.sample(owed, min(len(owed), 6)))
            for day in (e.opens_on,)
        ]  # fmt: skip
        waivers = {e.identity: chance.choice(sorted(why.EXCUSES)) for e in owed[::7]}
        for standing in standings(
            owed, acts, day=D(2026, 11, 3), waivers=waivers, sealed=lambda e: e.due_on.month == 9
        ):
            for given in (None, case):
                fits(why.of_duty(one, standing, LABELS, given))
            told += 1
            e = standing.expectation
            if (
                e.suspended.startswith("还不知道")
                and standing.state is State.excused
                and e.identity not in waivers
            ):
                assert sentences(why.of_duty(one, standing, LABELS, case))[1] == e.suspended
    assert told or not any(d.per == "case" for d in one.duties)


def made(**more):
    found = plan(duty("call", title="和外出的家长通话", accepts=["talk"], **more), category=[])
    found._words = WORDS
    return found


def one_standing(found, facts, acts=()):
    case = CaseView("c", "p", D(2026, 9, 7), facts=facts)
    owed = expected(found, case, CAL, D(2026, 9, 7), D(2026, 9, 7))
    return standings(owed, acts, day=D(2026, 9, 10))[0], case


def test_a_list_hears_the_clause_and_not_the_facts_of_the_child():
    found = made(where="住校")
    standing, case = one_standing(found, {"boards": (Stated(True, D(2026, 9, 1), source="roll"),)})
    assert "住校" not in why.of_duty(found, standing, LABELS)
    assert "住校：是（学籍，9月1日）" in why.of_duty(found, standing, LABELS, case)


def test_of_last_year_a_fact_says_its_year():
    found = made(where="住校")
    standing, case = one_standing(found, {"boards": (Stated(True, D(2025, 9, 1), source="roll"),)})
    assert "住校：是（学籍，2025年9月1日）" in why.of_duty(found, standing, LABELS, case)


def test_which_record_made_it_enough_is_said():
    act = Act(1, D(2026, 9, 9), D(2026, 9, 9), frozenset({"talk"}), frozenset({"helper"}))
    standing, case = one_standing(made(), {}, acts=[act])
    assert "9月9日就够了" in why.of_duty(made(), standing, LABELS, case)


def test_numbers_with_names_are_said_by_their_names():
    spec = WORDS["left_behind_roll"]
    assert [spec.said(n) for n in (0, 1, 2, 7, True)] == ["不是", "父母一方外出", "父母双方外出", "7", "是"]


def test_what_is_switched_off_neither_advises_nor_is_named():
    found = plan(category=[{"key": "ahead", "title": "学有余力", "where": "学有余力", "off": True}])
    found._words = WORDS
    advice = eligibility.judge(found, {"ahead": True}, WORDS)
    assert advice.categories == () and advice.verdict.answer is None
    assert "学有余力" not in why.of_choice(found, advice, {})


def test_among_several_open_kinds_the_one_that_asks_least_is_asked_about():
    kinds = [
        {"key": "a", "title": "甲", "where": "(住校 and 单亲) or (残疾 and 特困)"},
        {"key": "b", "title": "乙", "where": "孤儿"},
    ]
    found = plan(category=kinds)
    found._words = WORDS
    advice = eligibility.judge(found, {}, WORDS)
    assert why.of_choice(found, advice, {}).startswith("还不知道：孤儿，先问清楚。")


def test_a_verdict_alone_is_explained_too():
    found = plan()
    found._words = WORDS
    assert why.of_choice(found, Verdict(None, (), ("boards",)), {}).startswith("还不知道：住校，先问清楚。")
