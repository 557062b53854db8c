"""P0 as a school lives it: taken into use, its register is printed with one line a child and nothing private."""

import io
from datetime import date

import openpyxl
import pytest

from bangfu.engine import pack
from bangfu.flow import adopt, clock, report
from bangfu.flow.offer import Wanted
from bangfu.records.models import AdoptedPlan, Case, FactStatement

REGISTER = Wanted("whole_school", "roll_of_homes", "2026-2027-1")


@pytest.fixture
def school(cast):
    """The plan in force, two children of 三（2）班 in it."""
    text = adopt.shelf().texts["whole_school", "seed"]
    AdoptedPlan.objects.create(
        school=cast.school, key="whole_school", edition="seed", content=text, digest=pack.digest(text),
        valid_from=date(2026, 3, 1), adopted_at=clock.now(),
    )  # fmt: skip
    for pupil in cast.pupils[:2]:
        Case.objects.create(
            school=cast.school,
            pupil=pupil,
            plan_key="whole_school",
            category="hard_up",
            opened_on=date(2026, 9, 7),
        )
    return cast


def test_the_roll_of_homes_prints_one_line_a_child_and_no_number_or_address(school):
    made = report.export(wanted=REGISTER, form="xlsx", by=school.viewer(school.principal))
    page = openpyxl.load_workbook(io.BytesIO(made.content)).active
    rows = [["" if cell is None else str(cell) for cell in row] for row in page.iter_rows(values_only=True)]
    heading = next(row for row in rows if "姓名" in row)
    at = heading.index("姓名")
    assert {pupil.name for pupil in school.pupils[:2]} <= {row[at] for row in rows}
    assert not {pupil.name for pupil in school.pupils[2:]} & {row[at] for row in rows}
    assert not [
        title for title in heading if any(word in title for word in ("身份证", "电话", "住址", "银行"))
    ]
    assert "贫困" not in made.name and "登记册" in made.name


def test_what_is_known_stands_in_the_register_and_what_is_not_stays_empty(school):
    FactStatement.objects.create(
        pupil=school.pupils[0],
        values={"hardship_level": "困难", "boards": True, "village": "槐树坪"},
        source="school",
        stated_on=date(2026, 9, 8),
        known_at=clock.now(),
    )
    made = report.export(wanted=REGISTER, form="xlsx", by=school.viewer(school.principal))
    page = openpyxl.load_workbook(io.BytesIO(made.content)).active
    rows = [["" if cell is None else str(cell) for cell in row] for row in page.iter_rows(values_only=True)]
    heading = next(row for row in rows if "姓名" in row)
    told = {row[heading.index("姓名")]: dict(zip(heading, row, strict=True)) for row in rows}
    first, second = (told[pupil.name] for pupil in school.pupils[:2])
    assert (first["困难程度"], first["是否住校"], first["村"]) == ("困难", "是", "槐树坪")
    assert (second["困难程度"], second["是否住校"], second["村"]) == ("", "", "")


@pytest.mark.parametrize("edition", ["seed", "recommended"])
def test_money_is_told_by_date_and_a_rate_nobody_checked_says_so(edition):
    plan = adopt.shelf().plans["whole_school", edition]
    rates = {p.key: p for p in plan.parameters}
    assert [rates["boarder_subsidy"].value_on(day) for day in (date(2023, 9, 1), date(2024, 3, 1))] == [
        50000,
        62500,
    ]
    assert rates["meal_rate"].value_on(date(2026, 11, 22)) == 500
    for value in (v for p in plan.parameters for v in p.values):
        assert value.checked_on or "没有核对" in value.source or "没有数" in value.source
