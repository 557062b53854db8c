"""One child's file to be shown: what was owed and done, by whom, on which day, and on which day it was written down.

Leaders see it with the words they may read anyway; a guest who inspects sees days, kinds and names, never what a child
said, never needs, numbers or addresses. It only reads; admitting a guest and each opening by one are in the trail.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from bangfu.engine.period import Term
from bangfu.engine.refusal import Refusal
from bangfu.engine.standing import State
from bangfu.flow import adopt, clock, look, schedule, school
from bangfu.flow.almanac import term_at_hand, term_title
from bangfu.records import audit
from bangfu.records.models import Case, Decision, Enrolment, MonthSheet, Pairing, Pupil, RoleGrant, Staff
from bangfu.records.models.places import class_label

LEADS = ("principal", "vice_principal", "grade_supervisor")
GUEST = "inspector"
LONGEST = timedelta(days=14)
MOST = 200  # records on one page; the file itself has them all
HIDDEN = frozenset(
    {"counselling_offer", "referral", "material_aid"}
)  # offered or given quietly: not for guests
DONE = (State.done, State.done_recorded_late)
OVER = (*DONE, State.can_still_be_added, State.not_done)  # what may still be done counts as nothing yet
DAY = timedelta(days=1)


class NotAdmitting(Refusal):
    sentence = "给检查的人开通，由校长或副校长来办。"


class WrongPass(Refusal):
    """A guest without a name, or days that can't be."""


@dataclass(frozen=True, slots=True)
class Duty:
    """How one duty of a plan went since the term began: done of owed, excused, done but written later."""

    plan: str
    title: str
    done: int
    owed: int
    excused: int
    late: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One record: the day it happened and the day it was written down; `note` is empty for a guest."""

    on: date
    written_on: date
    activities: tuple[str, ...]
    author: str
    is_changed: bool
    note: str


@dataclass(slots=True)
class File:
    """All that is shown of one child."""

    pupil_id: UUID
    name: str
    label: str
    term: Term | None
    plans: list[tuple[str, date, date | None]] = field(default_factory=list)
    helpers: list[tuple[str, str, date, date | None]] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)
    records: list[Entry] = field(default_factory=list)
    more: int = 0
    months: list[tuple] = field(default_factory=list)  # (first day, helper, handed in, sealed)
    decisions: list[tuple[str, str, date]] = field(default_factory=list)


def is_guest(viewer) -> bool:
    """This function will say whether somebody is here only to inspect."""
    return viewer.roles == {GUEST}


def may_look(viewer) -> bool:
    """This function will say whether somebody is offered files to be shown at all."""
    return viewer.holds(*LEADS, GUEST)


def pupils(viewer) -> QuerySet[Pupil]:
    """This function will give the children whose file may be shown: those who are or were helped, of one's own scope."""
    here = Pupil.objects.filter(school_id=viewer.school_id, cases__isnull=False).distinct()
    if viewer.holds("principal", "vice_principal", GUEST):
        return here
    if viewer.holds("grade_supervisor"):
        return here.filter(pk__in=Pupil.objects.cared_for_by(viewer))
    return here.none()


def listed(viewer, words: str = "") -> list[tuple[UUID, str, str]]:
    """This function will list them in class order: (id, name, class); one query."""
    rows = Enrolment.objects.on(viewer.day).filter(pupil__in=pupils(viewer))
    if words:
        rows = rows.filter(Q(pupil__name__icontains=words) | Q(pupil__initials__startswith=words.lower()))
    rows = rows.order_by(*look.CLASS_ORDER).values_list(
        "pupil_id", "pupil__name", "school_class__entry_year", "school_class__number"
    )
    return [(pk, name, class_label(year, number, viewer.day)) for pk, name, year, number in rows]


def file_of(viewer, pupil_id: UUID) -> File | None:
    """This function will give one child's file, or None where it is not the viewer's to show; a guest's look is kept."""
    child = pupils(viewer).filter(pk=pupil_id).first()
    if child is None:
        return None
    of_class = Enrolment.objects.on(viewer.day).filter(pupil=child).select_related("school_class").first()
    label = str(of_class.school_class.label_on(viewer.day)) if of_class else ""
    found = File(child.pk, child.name, label, term_at_hand(viewer.school, viewer.day))
    titles = {key: plan.short_title for key, plan in adopt.latest_plans(viewer.school).items()}
    cases = Case.objects.filter(pupil=child).order_by("opened_on")
    found.plans = [(titles.get(c.plan_key, ""), c.opened_on, c.closed_on) for c in cases]
    found.helpers = _helpers(child, titles)
    found.duties = _duties(viewer, cases, found.term)
    found.records, found.more = _records(viewer, child)
    rows = MonthSheet.objects.filter(cases__case__in=cases).select_related("helper").order_by("-month")
    found.months = [(r.month, r.helper.name, r.handed_in_at, r.sealed_at) for r in rows.distinct()]
    decided = Decision.objects.filter(case__in=cases).order_by("-on").values_list("term_key", "outcome", "on")
    found.decisions = [(term_title(key), word, on) for key, word, on in decided]
    if is_guest(viewer):
        audit.log("inspect.open", by=viewer.staff, at=clock.now(), subject=child)
    return found


def _plans(viewer):
    return adopt.plans_in_force(viewer.school, viewer.day)


def _helpers(child: Pupil, titles: dict[str, str]) -> list[tuple]:
    rows = Pairing.objects.filter(case__pupil=child, valid_from__isnull=False).order_by("-valid_from", "pk")
    columns = ("helper__name", "case__plan_key", "valid_from", "valid_to")
    return [(name, titles.get(key, ""), first, last) for name, key, first, last in rows.values_list(*columns)]


def _duties(viewer, cases: QuerySet[Case], term: Term | None) -> list[Duty]:
    if term is None or term.starts_on > viewer.day:
        return []
    asked = schedule.Asked(viewer.school, term.starts_on, min(viewer.day, term.ends_on), viewer.day)
    found = []
    for plan in _plans(viewer):
        for dossier in schedule.ledger(plan, cases.filter(plan_key=plan.key), asked).values():
            counts: dict[str, Counter] = {}
            for s in dossier.standings:
                if is_guest(viewer) and not HIDDEN.isdisjoint(s.expectation.accepts):
                    continue
                one = counts.setdefault(s.expectation.title, Counter())
                one["excused"] += s.state is State.excused
                one["owed"] += s.state in OVER
                one["done"] += s.state in DONE
                one["late"] += s.state is State.done_recorded_late
            found += [
                Duty(plan.short_title, title, n["done"], n["owed"], n["excused"], n["late"])
                for title, n in counts.items()
            ]
    return found


def _records(viewer, child: Pupil) -> tuple[list[Entry], int]:
    rows = look.told(viewer, child.pk, limit=MOST + 1)
    guest, found = is_guest(viewer), []
    for row in rows[:MOST]:
        kinds = tuple(kind for kind in row.activities if not (guest and kind in HIDDEN))
        if kinds:
            note = "" if guest else row.note
            found.append(Entry(row.on, row.written_on, kinds, row.author, bool(row.amends), note))
    return found, max(0, len(rows) - MOST)


@transaction.atomic
def admit(*, name: str, until: date, by) -> tuple[Staff, str, str]:
    """This function will open the school's files to a guest until a day: (staff, user name, password), shown once.

    After that day the account opens nothing. Raises NotAdmitting, WrongPass.
    """
    if not by.holds("principal", "vice_principal"):
        raise NotAdmitting
    if not name.strip():
        raise WrongPass("请写来检查的人的姓名或单位。")
    if not by.day <= until <= by.day + LONGEST:
        raise WrongPass(f"请选今天起 {LONGEST.days} 天以内的一天，到期自己关上。")
    guest = school.add_staff(name=name.strip()[:40], by=by)
    guest.left_on = until + DAY
    guest.save(update_fields=["left_on"])
    RoleGrant.objects.create(
        staff=guest, role=GUEST, valid_from=by.day, valid_to=until + DAY, granted_by=by.staff
    )
    username, password = school.suggest_username(guest), school.starting_password()
    school.give_account(staff=guest, username=username, password=password, by=by)
    audit.log(
        "inspect.admit", by=by.staff, at=clock.now(), subject=guest, changes={"until": [None, str(until)]}
    )
    return guest, username, password


def guests(viewer) -> list[tuple[UUID, str, date]]:
    """This function will list the guests who may look now and until which day: (id, name, day)."""
    rows = RoleGrant.objects.filter(
        staff__school=viewer.school_id, role=GUEST, valid_from__lte=viewer.day, valid_to__gt=viewer.day
    ).order_by("valid_to")
    return [
        (pk, name, last - DAY) for pk, name, last in rows.values_list("staff_id", "staff__name", "valid_to")
    ]


@transaction.atomic
def dismiss(*, guest: Staff, by) -> None:
    """This function will close a guest's account from now on; a colleague who was also a guest stays a colleague."""
    if not by.holds("principal", "vice_principal"):
        raise NotAdmitting
    open_now = RoleGrant.objects.filter(staff=guest, role=GUEST, valid_to__gt=by.day)
    if open_now.exists():
        for grant in open_now:
            RoleGrant.objects.filter(pk=grant.pk).update(valid_to=max(by.day, grant.valid_from))
        if not RoleGrant.objects.on(by.day).filter(staff=guest).exclude(role=GUEST).exists():
            Staff.objects.filter(pk=guest.pk).update(left_on=by.day)
        audit.log(
            "inspect.admit",
            by=by.staff,
            at=clock.now(),
            subject=guest,
            changes={"until": [None, str(by.day)]},
        )
