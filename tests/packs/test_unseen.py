"""A text nobody here has seen becomes a plan without a line of code: checked, adopted, run; the author's page quotes it."""

import re
from datetime import date
from pathlib import Path

import pytest

from bangfu.command.packs import pack_texts
from bangfu.engine import pack
from bangfu.engine.case import CaseEvent, CaseView
from bangfu.engine.duty import expected
from bangfu.engine.fact import Stated
from bangfu.engine.load import load
from bangfu.flow import adopt
from tests.engine.days import calendar

UNSEEN = Path(__file__).parent / "unseen"
TEXTS, _ = pack_texts(UNSEEN)
PAGE = (Path(__file__).parents[2] / "docs" / "pack-authors.md").read_text(encoding="utf-8")
D = date


def quoted(part):
    section = PAGE.split(f"<!-- {part} -->")[1].split("<!-- end -->")[0]
    return "\n\n".join(re.findall(r"```toml\n(.*?)\n```", section, re.S))


@pytest.mark.parametrize(("part", "name"), [("plan", "plan.toml"), ("examples", "examples.toml")])
def test_the_authors_page_quotes_the_plan_to_the_letter(part, name):
    assert quoted(part) == TEXTS[f"new_classmates/{name}"].strip()


def test_it_has_no_fault_and_its_examples_come_out():
    assert [str(fault) for fault in pack.check(TEXTS)] == []


def plan_in_force(cast):
    by = cast.viewer(cast.principal)
    text = TEXTS["new_classmates/plan.toml"]
    adopt.adopt(school=cast.school, text=text, valid_from=D(2026, 10, 19), by=by)
    return next(p for p in adopt.plans_in_force(cast.school, D(2026, 10, 19)) if p.key == "new_classmates")


def child(boards, **said):
    facts = {"boards": (Stated(boards),)}
    return CaseView(
        "c", "p", D(2026, 10, 19), category="new_here", joined_on=D(2026, 10, 19), facts=facts, **said
    )


def owed(plan, case):
    found = {}
    for one in expected(plan, case, calendar(), D(2026, 10, 19), D(2026, 11, 15)):
        found.setdefault(one.duty_key, []).append(one.due_on)
    return found


def test_a_school_adopts_it_and_it_says_what_is_due(cast):
    plan = plan_in_force(cast)
    away = CaseEvent("absence", D(2026, 11, 2))
    day_pupil = owed(plan, child(False, events=(away,)))
    boarder = owed(plan, child(True, events=(CaseEvent("absence", D(2026, 11, 2), D(2026, 11, 3)),)))
    assert day_pupil["first_call"] == [D(2026, 10, 21)]
    assert (
        day_pupil["talk"] == [D(2026, 10, 25), D(2026, 11, 8), D(2026, 11, 22)]
        and "talk_boarder" not in day_pupil
    )
    assert len(boarder["talk_boarder"]) == 4 and "talk" not in boarder
    assert len(day_pupil["ask_home"]) == len(day_pupil["go_and_see"]) == 1
    assert "go_and_see" not in boarder  # back at school before the third day


def test_what_is_not_known_yet_is_asked_and_not_dropped(cast):
    plan = plan_in_force(cast)
    case = CaseView("c", "p", D(2026, 10, 19), category="new_here", joined_on=D(2026, 10, 19))
    found = [
        e for e in expected(plan, case, calendar(), D(2026, 10, 19), D(2026, 11, 1)) if e.duty_key == "talk"
    ]
    assert found and all("还不知道" in e.suspended for e in found)


def test_its_weight_is_known_before_it_begins(cast):
    plan = plan_in_force(cast)
    one, three = load(plan, 1), load(plan, 3)
    assert 0 < one.minutes_per_week < three.minutes_per_week
    assert max(three.lines, key=lambda line: line.minutes).title == "补一补"
