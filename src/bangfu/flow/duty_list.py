"""One's own duties, or one child's, on a day, as plain items; and as a workbook. The API and the export read here.

They ask the schedule for the same days as today's list does, so that every door says the same (D6). Surveys,
hand-ins and summaries have tables and places of their own. No item ever names a kind of need.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bangfu.engine.plan import Plan
from bangfu.engine.standing import Standing
from bangfu.exchange import paper, xlsx
from bangfu.flow import adopt, agenda, clock, places, schedule
from bangfu.flow.almanac import calendar_for
from bangfu.flow.report import WRITERS, Download
from bangfu.records import audit
from bangfu.records.models import Case, Pupil
from bangfu.records.models.places import class_label

STATES = {
    "not_yet_open": "还没到", "open": "都可以", "done": "做到了", "done_recorded_late": "做到了，补记的",
    "can_still_be_added": "可补记", "not_done": "没做成", "excused": "不用做", "not_applicable": "与这一段无关",
}  # fmt: skip
COLUMNS = (
    paper.Column("班级", 24), paper.Column("姓名", 24), paper.Column("做什么", 48), paper.Column("方案", 26),
    paper.Column("从", 28, "date"), paper.Column("到", 28, "date"), paper.Column("怎么样了", 30),
    paper.Column("记了几次", 18, "int"), paper.Column("要几次", 16, "int"), paper.Column("约几分钟", 18, "int"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One duty in one window: about whom (pupil, class or school), whose clause, and how far it has come."""

    kind: str
    about: UUID
    name: str
    label: str
    plan: Plan
    standing: Standing
    order: tuple


def mine(viewer, on: date) -> list[Item]:
    """This function will list what falls to the viewer on a day, done or not, in the order of classes.

    Another day than today changes the question, never who may ask: only children in one's care today are told of.
    """
    asking = viewer.on(on)
    plans = adopt.plans_in_force(viewer.school, on)
    found = agenda.judged(plans, asking)
    if on != viewer.day:
        pupils = {d.pupil_id for d in found.values()}
        cared = set(Pupil.objects.cared_for_by(viewer).filter(pk__in=pupils).values_list("pk", flat=True))
        found = {pk: dossier for pk, dossier in found.items() if dossier.pupil_id in cared}
    items = [
        item
        for item in _items(plans, found.values(), on)
        if schedule.is_mine(asking, found[item.standing.expectation.subject_id], item.standing.expectation)
    ]
    return sorted([*items, *_of_places(viewer, asking, plans)], key=_order)


def of_pupil(viewer, pupil_id: UUID, on: date) -> list[Item] | None:
    """This function will list what is owed to one child on a day, by whomever; None if it is not in one's care today."""
    if not Pupil.objects.cared_for_by(viewer).filter(pk=pupil_id).exists():
        return None
    plans = adopt.plans_in_force(viewer.school, on)
    cases = Case.objects.filter(school_id=viewer.school_id, pupil=pupil_id).open_on(on)
    found = schedule.dossiers(cases, day=on)
    schedule.judge(plans, found, schedule.Asked(viewer.school, on - agenda.LOOKBACK, on, on))
    return sorted(_items(plans, found.values(), on), key=_order)


def _items(plans: Iterable[Plan], dossiers: Iterable[schedule.Dossier], on: date) -> list[Item]:
    by_key = {plan.key: plan for plan in plans}
    return [
        Item(
            "pupil", d.pupil_id, d.name, class_label(d.entry_year, d.class_number, on) if d.entry_year else "",
            by_key[d.plan_key], standing, (-d.entry_year, d.class_number, d.seat_no or 999, d.sort_key),
        )
        for d in dossiers
        if d.plan_key in by_key
        for standing in d.standings
    ]  # fmt: skip


def _of_places(viewer, asking, plans: tuple[Plan, ...]) -> list[Item]:
    return [
        Item(row.kind, row.id, "", row.label, row.plan, row.standing, row.order)
        for row in places.rows(asking, plans, calendar_for(viewer.school))
        if asking.day == viewer.day or _is_still_mine(viewer, row)
    ]


def _is_still_mine(viewer, row: places.Row) -> bool:
    roles = viewer.roles
    if row.kind == "class":
        roles = schedule.roles_towards(viewer, school_class_id=row.id, entry_year=-row.order[0])
    return not roles.isdisjoint(row.standing.expectation.who)


def _order(item: Item) -> tuple:
    e = item.standing.expectation
    return (*item.order, str(item.about), e.due_on, e.opens_on, e.plan_key, e.duty_key)


def export(viewer, on: date) -> Download:
    """This function will print what falls to the viewer on a day as a workbook, and note who took it."""
    now, items = clock.now(), mine(viewer, on)
    sheet = paper.Paper(
        title=f"待办（{on.year}年{on.month}月{on.day}日）",
        tab="待办",
        school=viewer.school.name,
        columns=COLUMNS,
        rows=tuple(_row(item) for item in items),
        stamp=paper.Stamp(now, viewer.staff.name),
        foot=(),
    )
    audit.log(
        "report.export",
        by=viewer.staff,
        at=now,
        changes={"list": "duties", "on": str(on), "rows": len(items)},
    )
    return Download(f"待办_{on}.xlsx", WRITERS["xlsx"][1], xlsx.write([sheet]))


def _row(item: Item) -> tuple[paper.Cell, ...]:
    e, standing = item.standing.expectation, item.standing
    return (
        item.label, item.name, e.title, item.plan.short_title, e.opens_on, e.due_on, STATES[standing.state],
        standing.count, e.times, e.minutes,
    )  # fmt: skip
