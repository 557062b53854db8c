"""Pairs that a school keeps in a table already: looked at first, then in force together; every rule holds as on the page.

What cannot be is a fault at its cell: another class's teacher, too many for one, somebody to be avoided.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from bangfu.engine import matching
from bangfu.engine.fault import Fault
from bangfu.engine.plan import PairingRule, Plan
from bangfu.engine.refusal import Refusal
from bangfu.exchange import annotate, pair_rows, sheets
from bangfu.exchange.pair_rows import PairReading, PairRow
from bangfu.flow import adopt, clock, pair, pair_problem
from bangfu.records import audit, limits
from bangfu.records.models import Case, Enrolment, Pairing, Staff
from bangfu.records.models.places import school_year_of
from bangfu.records.seal import blind

REASON = "按名单导入"


class NotReadable(Refusal):
    """The file is no table; its sentence says why."""


class NoPairsThere(Refusal):
    sentence = "表里没有找到“学生”和“老师”两列。第一行写上学生姓名、班级、教师姓名就可以。"


class NothingNew(Refusal):
    sentence = "表里没有可以结的新对：要么已经结了，要么要先看一看标出来的格子。"


@dataclass(frozen=True, slots=True)
class Line:
    """One row that can be: whose case, which adult, by which pairing, in which seat."""

    row: PairRow
    case_id: UUID
    helper_id: UUID
    kind: str
    place: int


@dataclass(slots=True)
class PairLook:
    """What a table of pairs would do: new lines, rows that hold already, faults by cell."""

    reading: PairReading
    book: sheets.Workbook
    lines: list[Line] = field(default_factory=list)
    same: int = 0

    @property
    def faults(self) -> list:
        """This property will give the cells to be looked at, in the table's order."""
        return sorted(self.reading.faults, key=lambda fault: (fault.sheet, fault.row))

    @property
    def counts(self) -> dict[str, int]:
        """This property will count rows: read, new pairs, already there, to be looked at."""
        wrong = len({(fault.sheet, fault.row) for fault in self.faults})
        return {
            "rows": len(self.lines) + self.same + wrong,
            "new": len(self.lines),
            "same": self.same,
            "faults": wrong,
        }


@dataclass(slots=True)
class _School:
    """What rows are held against, read once."""

    plan: Plan
    by: object
    cases: dict[tuple[str, tuple | None], list[UUID]] = field(default_factory=lambda: defaultdict(list))
    by_roll: dict[str, UUID] = field(default_factory=dict)
    staff: dict[str, list[UUID]] = field(default_factory=lambda: defaultdict(list))


@dataclass(slots=True)
class _Side:
    """One pairing of the plan while rows are being placed: who waits, who may, which seats are taken."""

    rule: PairingRule
    children: dict[UUID, matching.Child]
    helpers: dict[UUID, matching.Helper]
    seats: dict[UUID, dict[int, UUID]]
    given: Counter = field(default_factory=Counter)


def look(*, content: bytes, file_name: str, plan: Plan, by) -> PairLook:
    """This function will say what a table of pairs would do; it writes nothing. Raises NotReadable, NoPairsThere."""
    book = sheets.read(content, file_name)
    if isinstance(book, Fault):
        raise NotReadable(f"{book.what}。{book.hint}")
    reading = pair_rows.read(book, school_year_of(by.day))
    if not reading.rows and not reading.faults:
        raise NoPairsThere
    seen = PairLook(reading, book)
    school, sides = _school(plan, by), {}
    for row in reading.rows:
        _place(row, school, sides, seen)
    return seen


def marked(content: bytes, seen: PairLook) -> bytes:
    """This function will give the table back with every cell marked that is to be looked at."""
    return annotate.annotate(content, seen.book, seen.faults, seen.reading.header_rows)


@transaction.atomic
def load(*, content: bytes, file_name: str, plan: Plan, by) -> PairLook:
    """This function will put the pairs of a table in force from today; rows with a fault are left out, nothing twice.

    Raises NotDecider, NotReadable, NoPairsThere, NothingNew.
    """
    if not by.holds(*pair.DECIDERS):
        raise pair.NotDecider
    adopt.keep_limits(school=by.school, day=by.day)
    list(Staff.objects.select_for_update().filter(school=by.school).order_by("pk").values_list("pk"))
    seen = look(content=content, file_name=file_name, plan=plan, by=by)
    if not seen.lines:
        raise NothingNew
    rows = [
        Pairing(
            case_id=line.case_id,
            plan_key=plan.key,
            kind=line.kind,
            place=line.place,
            helper_id=line.helper_id,
            state="confirmed",
            reason=REASON,
            proposed_by=by.staff,
            proposed_on=by.day,
            confirmed_by=by.staff,
            valid_from=by.day,
            time_slot=line.row.time_slot[:60],
        )
        for line in seen.lines
    ]
    with limits.calm():
        for line in seen.lines:
            Pairing.objects.filter(
                case=line.case_id, kind=line.kind, place=line.place, state="proposed"
            ).delete()
        Pairing.objects.bulk_create(rows)
    now = clock.now()
    changes = {"state": [None, "confirmed"]}
    audit.store(
        [audit.event("pair.confirm", by=by.staff, at=now, subject=row, changes=changes) for row in rows]
    )
    audit.log("pair.load", by=by.staff, at=now, subject=by.school, changes={"pairs": [0, len(rows)]})
    return seen


def _school(plan: Plan, by) -> _School:
    found = _School(plan, by)
    cases = pair_problem.decided_by(by).filter(plan_key=plan.key).open_on(by.day)
    rows = list(cases.values_list("pk", "pupil_id", "pupil__name", "pupil__roll_no_index"))
    enrolled = Enrolment.objects.on(by.day).filter(pupil__in=[row[1] for row in rows])
    where = {p: (year, number) for p, year, number in enrolled.values_list(
        "pupil_id", "school_class__entry_year", "school_class__number")}  # fmt: skip
    for pk, pupil, name, roll in rows:
        found.cases[name, where.get(pupil)].append(pk)
        found.cases[name, None].append(pk)
        if roll:
            found.by_roll[roll] = pk
    for pk, name in Staff.objects.filter(school=by.school).at_work_on(by.day).values_list("pk", "name"):
        found.staff[name].append(pk)
    return found


def _place(row: PairRow, school: _School, sides: dict[str, _Side], seen: PairLook) -> None:
    at, say = (row.sheet, row.row), seen.reading.fault
    case_id, what = _case(row, school)
    helper_id, why = _helper(row, school)
    rule = _rule(row, school.plan)
    if case_id is None:
        seen.reading.faults.append(
            say(at, "pupil", what, "请核对姓名和班级；没有选进方案的，先到“摸底”里选。")
        )
    if helper_id is None:
        seen.reading.faults.append(say(at, "helper", why, "请写“人员”里的姓名。"))
    if rule is None:
        titles = "、".join(rule.title for rule in pair.rules_of(school.plan))
        seen.reading.faults.append(say(at, "kind", "这份方案里没有这样的结对", f"有：{titles}。"))
    if case_id is None or helper_id is None or rule is None:
        return
    side = sides.get(rule.key) or sides.setdefault(rule.key, _side(rule, school))
    held = side.seats.setdefault(case_id, {})
    if helper_id in held.values():
        seen.same += 1
        return
    wrong = _refused(side, case_id, helper_id, row)
    if wrong:
        seen.reading.faults.append(say(at, *wrong))
        return
    place = next(number for number in range(1, len(held) + 2) if number not in held)
    held[place] = helper_id
    side.given[helper_id] += 1
    seen.lines.append(Line(row, case_id, helper_id, rule.key, place))


def _case(row: PairRow, school: _School) -> tuple[UUID | None, str]:
    if row.roll_no and (found := school.by_roll.get(blind(row.roll_no, "roll_no"))):
        return found, ""
    near = school.cases.get((row.pupil, row.class_name), [])
    if len(near) == 1:
        return near[0], ""
    return None, "有几名同名的学生" if near else "方案选定的学生里没有这个名字"


def _helper(row: PairRow, school: _School) -> tuple[UUID | None, str]:
    near = school.staff.get(row.helper, [])
    if len(near) == 1:
        return near[0], ""
    return None, "有几位同名的老师" if near else "没有这位老师"


def _rule(row: PairRow, plan: Plan) -> PairingRule | None:
    if not row.kind:
        return pair.rule_of(plan)
    return next((rule for rule in pair.rules_of(plan) if row.kind in (rule.key, rule.title)), None)


def _side(rule: PairingRule, school: _School) -> _Side:
    cases = pair_problem.decided_by(school.by).filter(plan_key=school.plan.key)
    waiting = pair_problem.children_without(school.plan, cases, school.by.day, rule.key)
    helpers = pair_problem.asked_by(school.plan, school.by, rule.key)
    ids = list(Case.objects.filter(pk__in=cases).open_on(school.by.day).values_list("pk", flat=True))
    seats = pair_problem.seats_of(rule, ids, school.by.day)
    return _Side(rule, {child.id: child for child in waiting}, helpers, seats)


def _refused(side: _Side, case_id: UUID, helper_id: UUID, row: PairRow) -> tuple[str, str, str] | None:
    """Which field is wrong, what, and what next; None when this pair may be."""
    child, helper = side.children.get(case_id), side.helpers.get(helper_id)
    most = side.rule.per_case.max
    if child is None or len(side.seats[case_id]) >= most:
        return "pupil", f"{row.pupil}已经有人帮了，方案里最多 {most} 位", "要换人，请先结束原来的。"
    if helper is not None and helper_id in child.excluded:
        return "helper", f"{row.helper}和{row.pupil}要回避，或答复过不接", "请换一位老师。"
    if helper is None or matching.refusal(side.rule, child, helper, adopt.shelf().commons.facts):
        return "helper", f"按方案不能由{row.helper}来帮{row.pupil}", "请看看是不是本班、是不是结对的岗位。"
    now = helper.taken + side.given[helper_id]
    if now >= side.rule.per_helper.max:
        what = f"{row.helper}最多带 {side.rule.per_helper.max} 名，这一行会是第 {now + 1} 名"
        return "helper", what, "请换一位老师。"
    return None
