"""What a child's absence asks of whom today: spells, marks and records in, rungs of the ladder out; closed by a record.

Steps hang on the spell. Any true contact counts where the ladder allows it; the record is the one every plan counts.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from bangfu.engine import attendance as rules
from bangfu.engine.attendance import Deed, Ladder, Rung
from bangfu.engine.case import Spell
from bangfu.engine.refusal import Refusal
from bangfu.flow import adopt, record, schedule
from bangfu.flow.almanac import calendar_for
from bangfu.flow.company import Company
from bangfu.records.models import (
    Absence,
    AbsenceMark,
    Enrolment,
    Evidence,
    EvidencePupil,
    Pairing,
    Pupil,
    RollCall,
)
from bangfu.records.models.dropouts import KEEPERS
from bangfu.records.models.places import class_label

RECENT = timedelta(days=14)  # a spell that is over is still told for two weeks


class NotAway(Refusal):
    sentence = "这名学生已经回来了，或者这一步已经记过。刷新一下就能看到最新的情况。"


@dataclass(frozen=True, slots=True)
class Climb:
    """One child's absence: since when, how many school days, what is known, and the rungs reached."""

    pupil_id: UUID
    name: str
    label: str
    spell: Spell
    days: int
    is_explained: bool | None
    cause: str
    rungs: tuple[Rung, ...]
    roles: frozenset[str]
    order: tuple

    def mine(self, viewer) -> tuple[Rung, ...]:
        """The rungs that wait for the viewer: the first role of each, or any role where leaders look."""
        waiting = (rung for rung in self.rungs if rung.standing in ("due", "late"))
        return tuple(rung for rung in waiting if not self.roles.isdisjoint(rung.step.who))


def ladder() -> Ladder:
    """This function will give the shipped ladder."""
    found = adopt.shelf().commons.ladder
    if found is None:
        raise LookupError("packs/_common/absence_ladder.toml")
    return found


def climbs(viewer, pupils=None) -> list[Climb]:
    """This function will judge who is away on the viewer's day, among the children whose absence is theirs to follow.

    `pupils` (a queryset) narrows them; six queries, however many are away.
    """
    day = viewer.day
    away = _away(viewer, day, pupils)
    if not away:
        return []
    where = _classes(away, day)
    known = _explained(away)
    deeds = _deeds(away)
    helpers = _helpers(away, day)
    calendar, steps = calendar_for(viewer.school), ladder()
    found = []
    for pupil_id, (spell, is_seen, name, sort_key) in away.items():
        school_class, entry_year, number, seat = where.get(pupil_id, (None, 0, 0, 0))
        is_explained, cause = known.get(pupil_id, (None, "")) if is_seen else (True, "excused")
        one = rules.Away(pupil_id, spell, is_explained)
        found.append(
            Climb(
                pupil_id=pupil_id, name=name, label=class_label(entry_year, number, day) if entry_year else "",
                spell=spell, days=rules.days_away(spell, calendar, day), is_explained=is_explained, cause=cause,
                rungs=rules.rungs(steps, one, deeds.get(pupil_id, ()), calendar, day),
                roles=schedule.roles_towards(
                    viewer, school_class_id=school_class, entry_year=entry_year, helper_ids=helpers.get(pupil_id, ())
                ),
                order=(-entry_year, number, seat or 999, sort_key),
            )
        )  # fmt: skip
    return sorted(found, key=lambda climb: climb.order)


def _away(viewer, day: date, pupils) -> dict[UUID, tuple]:
    """{pupil: (spell, was it seen, name, sort key)}; a seen spell goes before one said in advance."""
    if pupils is None:
        pupils = (
            Pupil.objects.visible_to(viewer) if viewer.holds(*KEEPERS) else Pupil.objects.cared_for_by(viewer)
        )
    rows = Absence.objects.filter(pupil__in=pupils.on_roll(day), starts_on__lte=day).exclude(ends_on__lt=day)
    found = {}
    for pupil, first, last, is_seen, name, sort_key in rows.order_by("is_seen", "-starts_on").values_list(
        "pupil_id", "starts_on", "ends_on", "is_seen", "pupil__name", "pupil__sort_key"
    ):
        found[pupil] = (Spell(first, last), is_seen, name, sort_key)
    return found


def _classes(pupil_ids: Iterable[UUID], day: date) -> dict[UUID, tuple]:
    rows = Enrolment.objects.on(day).filter(pupil__in=list(pupil_ids))
    columns = ("pupil_id", "school_class_id", "school_class__entry_year", "school_class__number", "seat_no")
    return {pupil: tuple(rest) for pupil, *rest in rows.values_list(*columns)}


def _explained(away: dict[UUID, tuple]) -> dict[UUID, tuple[bool | None, str]]:
    """The newest word on why: a later mark that says nothing takes nothing back."""
    marks = AbsenceMark.objects.filter(
        pupil__in=list(away), roll_call__taken_back_at=None, is_explained__isnull=False
    )
    found = {}
    for pupil, day, is_explained, cause in marks.order_by("day", "at").values_list(
        "pupil_id", "day", "is_explained", "cause"
    ):
        if day >= away[pupil][0].opens_on:
            found[pupil] = (is_explained, cause)
    return found


def _deeds(away: dict[UUID, tuple]) -> dict[UUID, list[Deed]]:
    """Records about these children since they are away, and calls noted at the roll call itself."""
    since = min(spell.opens_on for spell, *_ in away.values())
    found: dict[UUID, list[Deed]] = defaultdict(list)
    rows = EvidencePupil.objects.filter(
        pupil__in=list(away),
        happened_on__gte=since,
        evidence__amended_by__isnull=True,
        evidence__is_withdrawn=False,
    )
    for pupil, on, activities, answers in rows.values_list(
        "pupil_id", "happened_on", "evidence__activities", "evidence__answers"
    ):
        found[pupil].append(Deed(on, frozenset(activities), str(answers.get("step", ""))))
    marks = AbsenceMark.objects.filter(pupil__in=list(away), day__gte=since, roll_call__taken_back_at=None)
    for pupil, on in marks.filter(called_at__isnull=False).values_list("pupil_id", "day"):
        found[pupil].append(Deed(on, frozenset({"absence_follow_up"}), "call"))
    return found


def _helpers(pupil_ids: Iterable[UUID], day: date) -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = defaultdict(set)
    pairs = Pairing.objects.in_force(day).filter(case__pupil__in=list(pupil_ids))
    for pupil, helper in pairs.values_list("case__pupil_id", "helper_id"):
        found[pupil].add(helper)
    return found


@dataclass(frozen=True, slots=True)
class Done:
    """What somebody did about a rung: how (电话, 上门 …), what came of it, in a word or a sentence."""

    step: str
    how: str = ""
    came_of_it: str = ""
    note: str = ""
    company: Company | None = None  # who went along, where the step was at the child's home


def follow(*, pupil: Pupil, done: Done, by) -> Evidence:
    """This function will record a rung as done today, once for every plan that asks for it; raises NotAway, SayWithWhom."""
    climb = next(iter(climbs(by, Pupil.objects.filter(pk=pupil.pk))), None)
    rung = next((rung for rung in climb.rungs if rung.step.key == done.step), None) if climb else None
    if climb is None or rung is None or rung.standing == "done":
        raise NotAway
    if not (by.is_leader or by.holds(*KEEPERS) or not climb.roles.isdisjoint(rung.step.who)):
        raise record.SomebodyElses("这一步由别的老师来做。需要的话，请和班主任说一声。")
    answers = {"step": done.step} | {
        key: value for key, value in (("by", done.how), ("next", done.came_of_it)) if value
    }
    kind = rung.step.accepts[0]
    note = done.note.strip() or (rung.step.title if rung.step.named else "")
    entry = record.Entry((kind,), by.day, answers=answers, note=note, company=done.company)
    return record.add(entry=entry, pupils=[pupil], by=by)


def waiting(viewer) -> tuple[int, int]:
    """This function will count, for the line on today's page: classes the viewer has still to call, rungs that wait."""

    uncalled, minded = 0, viewer.class_ids_as("homeroom_teacher") or viewer.minded_class_ids
    if minded and calendar_for(viewer.school).is_school_day(viewer.day):
        called = RollCall.objects.standing().filter(school_class__in=minded, day=viewer.day)
        uncalled = len(minded - set(called.values_list("school_class", flat=True)))
    return uncalled, sum(len(climb.mine(viewer)) for climb in climbs(viewer))
