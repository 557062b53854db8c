"""把学生交给下一位老师: per pupil what helps, what to avoid, the weekly time, the goal and the next dates, on one page.

Whoever helps writes the two sentences while helping; the next one reads them. The rest is what the records say already.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from bangfu.engine.refusal import Refusal
from bangfu.engine.standing import State
from bangfu.flow import adopt, clock, pair, schedule
from bangfu.records import audit
from bangfu.records.models import (
    Case,
    CaseGoal,
    EvidencePupil,
    Handover,
    HandoverPair,
    Pairing,
    PairNote,
)
from bangfu.records.models.people import standing_in
from bangfu.records.models.places import class_label

AHEAD = timedelta(days=35)
DATES = 3
OPEN = (State.not_yet_open, State.open, State.can_still_be_added)


class NotYours(Refusal):
    sentence = "这几句话由现在帮这名学生的老师来写。"


class SaySomething(Refusal):
    sentence = "还没有写。写一句“什么管用”，或者“什么要避开”，就可以。"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One pupil on the page: from whom to whom, what helps, what to avoid, and what comes next."""

    pairing: UUID
    pupil_id: UUID
    child: str
    label: str
    plan: str
    former: str
    next: str
    helps: str
    avoid: str
    written_by: str
    written_on: date | None
    slot: str
    bright: str
    goals: tuple[str, ...]
    dates: tuple[tuple[date, date, str], ...]
    is_own: bool


@transaction.atomic
def write(*, pairing: Pairing, helps: str, avoid: str, by) -> PairNote:
    """This function will keep what the next one should know. Raises NotYours, SaySomething; the same twice is kept once."""
    stands = Pairing.objects.in_force(by.day).filter(pk=pairing.pk)
    if not stands.exists() or (pairing.helper_id != by.staff.pk and not _decides(pairing, by)):
        raise NotYours
    helps, avoid = helps.strip()[:300], avoid.strip()[:300]
    if not helps and not avoid:
        raise SaySomething
    last = PairNote.objects.filter(pairing=pairing).order_by("-at").first()
    if last and (last.helps, last.avoid) == (helps, avoid):
        return last
    row = PairNote.objects.create(pairing=pairing, helps=helps, avoid=avoid, by=by.staff, at=clock.now())
    before = [last.helps, last.avoid] if last else None
    audit.log("pair.note", by=by.staff, at=row.at, subject=row, changes={"note": [before, [helps, avoid]]})
    return row


def _decides(pairing: Pairing, by) -> bool:
    return by.holds(*pair.DECIDERS) and pair.decided_by(by).filter(pk=pairing.case_id).exists()


def mine(viewer) -> list[Sheet]:
    """This function will give the sheets of the pupils the viewer helps now, or stands in for: the own ones to write."""
    near = Q(helper=viewer.staff) | standing_in(viewer)
    rows = Pairing.objects.in_force(viewer.day).filter(near)
    return _sheets(viewer, Pairing.objects.visible_to(viewer).filter(pk__in=rows.values("pk")), {})


def of(viewer, handover: Handover) -> list[Sheet]:
    """This function will give the sheets of one change that the viewer may read, by who takes over, then by name."""
    pairs = HandoverPair.objects.visible_to(viewer).filter(handover=handover)
    if not _sees_all(viewer):
        pairs = pairs.filter(next__helper=viewer.staff)
    following = dict(pairs.values_list("former_id", "next__helper__name"))
    rows = Pairing.objects.visible_to(viewer).filter(pk__in=following)
    return _sheets(viewer, rows, {pk: name or "" for pk, name in following.items()})


def _sees_all(viewer) -> bool:
    return viewer.is_leader or bool(viewer.minded_class_ids or viewer.entry_years)


def received(viewer) -> list[tuple[UUID, date, int]]:
    """This function will list the changes that gave the viewer pupils they still help: (id, day, how many)."""
    rows = HandoverPair.objects.filter(
        next__helper=viewer.staff, next__in=Pairing.objects.in_force(viewer.day), handover__on__gt=viewer.day - AHEAD
    )  # fmt: skip
    found: dict[tuple[UUID, date], int] = defaultdict(int)
    for pk, on in rows.order_by("-handover__on", "handover").values_list("handover_id", "handover__on"):
        found[pk, on] += 1
    return [(pk, on, count) for (pk, on), count in found.items()]


COLUMNS = (
    "pk", "case_id", "case__pupil_id", "case__pupil__name", "case__plan_key", "helper__name", "time_slot", "helper_id",
)  # fmt: skip


def _sheets(viewer, rows, following: dict[UUID, str]) -> list[Sheet]:
    pairs = list(rows.order_by("case__pupil__sort_key", "pk").values_list(*COLUMNS))
    notes = _notes(pk for pk, *_ in pairs)
    cases = [case_id for _, case_id, *_ in pairs]
    dossiers = _dossiers(viewer, cases)
    goals = _goals(cases)
    bright = _bright({pupil for _, _, pupil, *_ in pairs})
    found = []
    for pk, case_id, pupil, child, plan_key, helper, slot, who in pairs:
        note, dossier = notes.get(pk), dossiers.get(case_id)
        title, dates = dossier[1:] if dossier else (plan_key, ())
        found.append(Sheet(
            pairing=pk, pupil_id=pupil, child=child, label=_label(dossier, viewer.day), plan=title, former=helper,
            next=following.get(pk, ""), helps=note.helps if note else "", avoid=note.avoid if note else "",
            written_by=note.by.name if note else "", written_on=schedule.local_day(note.at) if note else None,
            slot=slot, bright=bright.get(pupil, ""), goals=tuple(goals.get(case_id, ())), dates=dates,
            is_own=who == viewer.staff.pk,
        ))  # fmt: skip
    return sorted(found, key=lambda one: (one.next == "", one.next))


def _label(dossier, day: date) -> str:
    return (
        class_label(dossier[0].entry_year, dossier[0].class_number, day)
        if dossier and dossier[0].entry_year
        else ""
    )


def _notes(pairings) -> dict[UUID, PairNote]:
    rows = PairNote.objects.filter(pairing__in=list(pairings)).select_related("by").order_by("at")
    return {row.pairing_id: row for row in rows}


def _dossiers(viewer, case_ids) -> dict[UUID, tuple]:
    """{case: (dossier, plan's short title, the next dates)} of the plans in force."""
    found: dict[UUID, tuple] = {}
    asked = schedule.Asked(viewer.school, viewer.day, viewer.day + AHEAD, viewer.day)
    for plan in adopt.plans_in_force(viewer.school, viewer.day):
        some = Case.objects.filter(pk__in=case_ids, plan_key=plan.key)
        for case_id, dossier in schedule.ledger(plan, some, asked).items() if case_ids else ():
            found[case_id] = (dossier, plan.short_title, _dates(dossier, viewer.day))
    return found


def _dates(dossier, day: date) -> tuple[tuple[date, date, str], ...]:
    coming = [s.expectation for s in dossier.standings if s.state in OPEN and s.expectation.due_on >= day]
    coming = [e for e in coming if "helper" in e.who]
    coming.sort(key=lambda e: (e.due_on, e.opens_on, e.title))
    return tuple((e.opens_on, e.due_on, e.title) for e in coming[:DATES])


def _goals(case_ids) -> dict[UUID, list[str]]:
    rows = CaseGoal.objects.filter(case__in=case_ids, state="open", steps__state="open")
    found = defaultdict(list)
    for case_id, dimension, what, due_on in rows.order_by("steps__due_on").values_list(
        "case_id", "dimension", "steps__what", "steps__due_on"
    ):
        said = f"{due_on.month}月{due_on.day}日前：{what}"
        found[case_id].append(f"{dimension}，{said}" if dimension else said)
    return found


def _bright(pupils) -> dict[UUID, str]:
    rows = EvidencePupil.objects.filter(
        pupil__in=pupils, evidence__amended_by__isnull=True, evidence__is_withdrawn=False
    ).exclude(evidence__bright_spot="")
    return dict(rows.order_by("happened_on").values_list("pupil_id", "evidence__bright_spot"))
