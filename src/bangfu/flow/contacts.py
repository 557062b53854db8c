"""Who a plan owes a call home, how this month stands, and the weeks in which parents got in touch by themselves.

Read from the duties, so nobody is listed for being left behind but only because somebody arranges something; the
proxy parent is whoever the plan's fixed pair says, and follows the class (P0-19, P0-20; Minors Protection Law 23).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Q

from bangfu.engine.refusal import Refusal
from bangfu.engine.standing import Standing, State
from bangfu.flow import adopt, agenda, clock, schedule, sent, video_calls
from bangfu.flow.video_calls import ACTIVITY
from bangfu.records import audit
from bangfu.records.models import Enrolment, Pairing, ParentContact, Pupil, VideoCall
from bangfu.records.models.places import class_label

PROXY = "proxy_parent"
BACK = timedelta(weeks=8)
DONE = (State.done, State.done_recorded_late)


class NotYours(Refusal):
    sentence = "这名学生不在您的班级或结对里，请由班主任来记。"


class WrongWeek(Refusal):
    sentence = "只能记这一周，或者补记最近八周的。"


@dataclass(frozen=True, slots=True)
class Line:
    """A child somebody arranges calls for: this month's state, the call ahead, the weeks parents got in touch."""

    pupil_id: UUID
    name: str
    label: str
    state: State | None
    due_on: date | None
    last_on: date | None
    ahead: VideoCall | None
    proxies: tuple[str, ...]
    this_week: ParentContact | None
    last_week_on: date | None

    @property
    def is_enough(self) -> bool:
        """This property will say whether this month needs nothing more."""
        return self.state in DONE


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the duties of these children: calls ahead, proxy parents, weeks with a contact."""

    ahead: dict[UUID, VideoCall]
    proxies: dict[UUID, tuple[str, ...]]
    weeks: dict[UUID, list[ParentContact]]


def monday(day: date) -> date:
    """This function will give the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def plans_with_calls(viewer, plans=None) -> tuple:
    """This function will give the plans in force that ask for a video call."""
    plans = adopt.plans_in_force(viewer.school, viewer.day) if plans is None else plans
    return tuple(plan for plan in plans if any(ACTIVITY in duty.accepts for duty in plan.duties))


def lines(viewer, also: UUID | None = None) -> list[Line]:
    """This function will list the children for whom the viewer arranges calls, in class order.

    Those a plan owes one come first, then those with a call ahead or a week noted, and one more that was asked for.
    """
    plans = plans_with_calls(viewer)
    found: dict[UUID, tuple[schedule.Dossier, list[Standing]]] = {}
    for dossier in (agenda.judged(plans, viewer) if plans else {}).values():
        asked = [
            one
            for one in dossier.standings
            if one.expectation.accepts[0] == ACTIVITY and schedule.is_mine(viewer, dossier, one.expectation)
        ]
        if asked:
            found.setdefault(dossier.pupil_id, (dossier, []))[1].extend(asked)
    beside = Beside(video_calls.ahead(viewer, found), _proxies(found, viewer.day), _weeks(found, viewer.day))
    return [_line(viewer.day, *found[pupil], beside) for pupil in _in_order(found)] + _others(
        viewer, frozenset(found), also
    )


def _others(viewer, found: frozenset[UUID], also: UUID | None) -> list[Line]:
    """Children of the viewer's own whom no plan owes a call: somebody calls all the same."""
    mine = Pupil.objects.cared_for_by(viewer)
    wanted = Q(pk=also)
    if not viewer.is_leader:
        noted = ParentContact.objects.filter(withdrawn_at__isnull=True, week_on__gt=viewer.day - BACK)
        called = VideoCall.objects.filter(state="arranged", pupil__in=mine)
        wanted |= Q(pk__in=called.values("pupil")) | Q(pk__in=noted.filter(pupil__in=mine).values("pupil"))
    rows = Enrolment.objects.on(viewer.day).filter(pupil__in=mine.filter(wanted)).exclude(pupil__in=found)
    columns = ("pupil_id", "pupil__name", "school_class__entry_year", "school_class__number")
    order = ("-school_class__entry_year", "school_class__number", "seat_no", "pupil__sort_key")
    some = list(rows.order_by(*order).values_list(*columns))
    ids = [pupil for pupil, *_rest in some]
    beside = Beside(video_calls.ahead(viewer, ids), _proxies(ids, viewer.day), _weeks(ids, viewer.day))
    return [
        _line_of(viewer.day, pupil, (name, class_label(year, number, viewer.day)), [], beside)
        for pupil, name, year, number in some
    ]


def _in_order(found) -> list[UUID]:
    def order(pupil):
        one = found[pupil][0]
        return -one.entry_year, one.class_number, one.seat_no or 999, one.sort_key

    return sorted(found, key=order)


def _line(day: date, dossier: schedule.Dossier, asked: list[Standing], beside: Beside) -> Line:
    label = class_label(dossier.entry_year, dossier.class_number, day)
    return _line_of(day, dossier.pupil_id, (dossier.name, label), asked, beside)


def _line_of(day: date, pupil: UUID, called: tuple[str, str], asked: list[Standing], beside: Beside) -> Line:
    now = next((one for one in asked if one.expectation.opens_on <= day <= one.expectation.due_on), None)
    this_monday, weeks = monday(day), beside.weeks.get(pupil, [])
    return Line(
        pupil_id=pupil,
        name=called[0],
        label=called[1],
        state=now.state if now else None,
        due_on=now.expectation.due_on if now else None,
        last_on=max((one.done_on for one in asked if one.done_on), default=None),
        ahead=beside.ahead.get(pupil),
        proxies=beside.proxies.get(pupil, ()),
        this_week=next((one for one in weeks if one.week_on == this_monday), None),
        last_week_on=weeks[0].week_on if weeks else None,
    )


def _proxies(pupil_ids, day: date) -> dict[UUID, tuple[str, ...]]:
    rows = Pairing.objects.in_force(day).filter(case__pupil__in=pupil_ids, kind=PROXY)
    found: dict[UUID, tuple[str, ...]] = {}
    for pupil, name in rows.order_by("helper__sort_key").values_list("case__pupil_id", "helper__name"):
        found[pupil] = tuple(dict.fromkeys((*found.get(pupil, ()), name)))
    return found


def proxies_of(pupil_id: UUID, day: date) -> tuple[str, ...]:
    """This function will name a child's proxy parents: whoever the plan's fixed pair says on that day."""
    return _proxies([pupil_id], day).get(pupil_id, ())


def _weeks(pupil_ids, day: date) -> dict[UUID, list[ParentContact]]:
    rows = ParentContact.objects.filter(
        pupil__in=pupil_ids, withdrawn_at__isnull=True, week_on__gt=day - BACK
    )
    found: dict[UUID, list[ParentContact]] = {}
    for one in rows.order_by("-week_on"):
        found.setdefault(one.pupil_id, []).append(one)
    return found


def weeks_of(pupil_id: UUID, day: date) -> list[date]:
    """This function will give the Mondays of the last eight weeks in which the parents got in touch, newest first."""
    return [one.week_on for one in _weeks([pupil_id], day).get(pupil_id, ())]


@transaction.atomic
def note(*, pupil: Pupil, on: date, by, id: UUID | None = None, at: datetime | None = None) -> ParentContact:
    """This function will note that in the week of a day the parents got in touch; twice is once. Raises NotYours."""
    if not Pupil.objects.cared_for_by(by).filter(pk=pupil.pk).exists():
        raise NotYours
    if not by.day - BACK <= on <= by.day:
        raise WrongWeek
    week = monday(on)
    there = ParentContact.objects.filter(pupil=pupil, week_on=week, withdrawn_at__isnull=True).first()
    if there is None and id is not None:
        there = ParentContact.objects.filter(pk=id, pupil=pupil).first()  # sent again after it was taken back
    if there is not None:
        return there
    row = ParentContact(id=id or uuid4(), pupil=pupil, week_on=week, by=by.staff, at=at or clock.now())
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return ParentContact.objects.get(pupil=pupil, week_on=week, withdrawn_at__isnull=True)
    audit.log("contacts.note", by=by.staff, at=clock.now(), subject=row, changes={"week": [None, str(week)]})
    return row


@transaction.atomic
def take_back(*, contact: ParentContact, by) -> None:
    """This function will take a note back."""
    rows = ParentContact.objects.filter(pk=contact.pk, withdrawn_at__isnull=True)
    if rows.update(withdrawn_at=clock.now()):
        changes = {"week": [str(contact.week_on), None]}
        audit.log("contacts.take_back", by=by.staff, at=clock.now(), subject=contact, changes=changes)


def write(*, id: UUID, body, by, at: datetime | None = None) -> tuple[ParentContact, list[str]]:
    """This function will store what a form or a phone sends: pupil and a day of the week. Safe to send twice.

    `at` is when a phone that was away says it was written.
    """
    pupil = Pupil.objects.filter(pk=sent.an_id(body, "pupil")).first()
    if pupil is None:
        raise NotYours
    return note(pupil=pupil, on=sent.a_day(body, "on", by.day), by=by, id=id, at=at), []
