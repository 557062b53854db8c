"""Builds the demo school on an empty database: people, two terms of history, months handed in, log-ins."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from bangfu.demo import (
    awkward,
    care_at_home,
    caring,
    classmates,
    handing_on,
    history,
    lists,
    month_end,
    one_child,
    people,
    phones,
    places,
    recognising,
    villages,
    waiting,
    words,
)
from bangfu.demo.moment import Stretch, terms_around
from bangfu.demo.people import Size, Town, afternoon
from bangfu.engine.refusal import Refusal
from bangfu.flow import clock, sheet
from bangfu.flow.adopt import plan_of
from bangfu.flow.almanac import calendar_for
from bangfu.records.models import MonthSheet, School, SheetCase, Term, User
from bangfu.records.models.places import grade_of_entry_year

SEED = 20260901
PASSWORD = "bangfu-demo"


class NotEmpty(Refusal):
    sentence = "这个数据库里已经有学校了。演示学校只建在空的数据库里，请换一个 BANGFU_DATA_DIR。"


@dataclass(frozen=True, slots=True)
class LogIn:
    """Somebody to sign in as."""

    username: str
    password: str
    name: str
    role: str


@transaction.atomic
def build(*, progress: Callable[[str], None] = lambda step: None, size: Size | None = None) -> list[LogIn]:
    """This function will build the demo school for today and give the log-ins. Raises NotEmpty."""
    if School.objects.exists():
        raise NotEmpty
    shown, size = size is None, size or Size()
    today = clock.today()
    before, now = terms_around(today)
    school = School.objects.create(name=words.SCHOOL, is_demo=True)
    for term in (before, now):
        Term.objects.create(school=school, key=term.key, starts_on=term.starts_on, ends_on=term.ends_on)
    town = Town(school=school, today=today, size=size, chance=random.Random(SEED))  # noqa: S311 - invented data
    progress("班级、教师和学生")
    people.invent(town)
    people.store(town)
    progress("两个学期的帮扶记录")
    _live(town, before, now)
    progress("家庭情况认定")
    recognising.recognise(town)
    progress("别的部门的名单")
    lists.receive(town)
    progress("片、村和农户")
    villages.cover(town, now)
    handing_on.hand_on(town)
    care_at_home.look_after(town)
    places.furnish(town)
    progress("一起学习的同学")
    classmates.befriend(town)
    caring.care_for(town)
    progress("等着结对的学生")
    waiting.wait(town)
    if shown:  # a school of another size is for measuring: it runs one plan
        phones.leave(town)
        progress("一个孩子的方案和资助人")
        one_child.accompany(town)
        month_end.arrange(town)
    progress("登录账号")
    return _accounts(town)


def _live(town: Town, before: Stretch, now: Stretch) -> None:
    adopted = history.adopt_plan(town, before.starts_on)
    cases = history.choose_children(town, before, now)
    calendar = calendar_for(town.school)
    diary = history.live(town, cases, calendar, town.today)
    awkward.mix_in(town, cases, diary, calendar, now)
    diary.write()
    history.decide_last_term(town, cases, before)
    sealed = _months(town, cases, plan_of(adopted))
    awkward.spot_checks(town, sealed)


def _months(town: Town, cases, plan) -> list[MonthSheet]:
    """Hands in and seals the months that are over; the newest of them stays open for the supervisor."""
    calendar = calendar_for(town.school)
    over = [p for p in calendar.periods("month") if p.due_on < town.today]
    helpers = {case.pair.helper_id: case.pair.helper for case in cases}
    sealed = []
    for at, period in enumerate(over):
        is_newest = at == len(over) - 1
        for number, helper in enumerate(helpers.values()):
            if is_newest and number % 9 == 8:
                continue  # one in nine has not handed in yet
            row = _sheet(town, plan, helper, period, is_open=is_newest)
            if row is None:
                continue
            SheetCase.objects.bulk_create(
                SheetCase(sheet=row, case_id=line["case"], entry_year=line["entry_year"])
                for line in row.content["children"]
            )
            sealed += [] if is_newest else [row]
    return sealed


def _sheet(town: Town, plan, helper, period, *, is_open: bool) -> MonthSheet | None:
    due = sheet.hand_in_due(plan, town.school, period) or period.due_on
    content = sheet.compile_sheet(plan=plan, helper=helper, school=town.school, period=period, day=due)
    if not content["children"]:
        return None
    years = [line["entry_year"] for line in content["children"]]
    supervisor = town.supervisor[max(1, min(6, grade_of_entry_year(years[0], town.today)))]
    return MonthSheet.objects.create(
        school=town.school, plan_key=plan.key, helper=helper, month=sheet.first_day(period), content=content,
        digest=sheet.digest_of(content), state="handed_in" if is_open else "sealed", handed_in_at=afternoon(due),
        handed_in_by=helper, sealed_at=None if is_open else afternoon(due + timedelta(days=3)),
        sealed_by=None if is_open else supervisor,
    )  # fmt: skip


def _accounts(town: Town) -> list[LogIn]:
    principal, vice, union, officer, counsellor, director = town.staff[:6]
    first = next(iter(town.homeroom.values()))
    second = next(iter(town.attached.values()))
    shown = [
        ("li", first, "班主任"), ("zhao", second, "包班教师"), ("zhang", director, "包级领导"),
        ("wang", principal, "校长"), ("qian", vice, "副校长"), ("he", officer, "资助专干"),
        ("zhou", counsellor, "心理教师"), ("wu", union, "工会主席"),
    ]  # fmt: skip
    secret = make_password(PASSWORD)  # one hash for all: hashing is slow on purpose
    for username, staff, _ in shown:
        staff.user = User.objects.create(username=username, password=secret)
        staff.save(update_fields=["user"])
    return [LogIn(username, PASSWORD, staff.name, role) for username, staff, role in shown]
