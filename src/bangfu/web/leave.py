"""请假 and 请人代: who is away and who stands in, for all one's children or for one; taken back when it was a mistake.

Also 改到哪天: a row of the day's list put on a day inside its window. Everybody for themselves, keepers for all.
"""

from datetime import date, time
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _

from bangfu.engine.fault import Fault
from bangfu.flow import agenda, appointments, deputies, excuse, school
from bangfu.records.models.calendars import Leave
from bangfu.records.models.cases import Case
from bangfu.records.models.people import Staff
from bangfu.web.formats import day as said_day
from bangfu.web.formats import listed
from bangfu.web.place import Unfinished, act, address, back, done, page, render
from bangfu.web.record_form import as_uuid
from bangfu.web.staffing import stretch


@page
def leave(request) -> HttpResponse:
    """This function will note that somebody is away and who stands in; everybody for themselves, keepers for all."""
    viewer = request.viewer
    keeps = _keeps(viewer)
    if request.method == "POST":
        return _take_leave(request, keeps=keeps)
    at_work = Staff.objects.visible_to(viewer).at_work_on(viewer.day)
    names = list(at_work.order_by("sort_key").values_list("id", "name"))
    rows = deputies.near(viewer) if not keeps else _all(viewer)
    context = {
        "keeps": keeps,
        "names": names,
        "deputies": names if keeps else _who_may(viewer, names),
        "uncovered": deputies.uncovered(viewer),
        "away": [_line(row, viewer) for row in rows],
    }
    return render(request, "leave/leave.html", context)


def _keeps(viewer) -> bool:
    return viewer.holds(*school.KEEPERS) or viewer.is_leader


def _all(viewer) -> list[Leave]:
    rows = deputies.leaves(viewer).filter(ends_on__gte=viewer.day)
    return list(rows.order_by("starts_on", "staff__sort_key", "pk"))


def _line(row: Leave, viewer) -> dict:
    """One leave as the page says it: whose, when, who stands in, and whether the viewer may take it back."""
    mine = viewer.staff.pk in (row.staff_id, row.deputy_id if row.case_id else None)
    sees_child = row.case_id and viewer.staff.pk in (row.staff_id, row.deputy_id)
    return {
        "id": row.pk,
        "name": row.staff.name,
        "first": row.starts_on,
        "last": row.ends_on,
        "deputy": row.deputy.name if row.deputy else "",
        "for_one": bool(row.case_id),
        "child": row.case.pupil.name if sees_child else "",
        "may_change": mine or viewer.holds(*excuse.KEEPERS),
        "is_running": row.starts_on < viewer.day,
        "asked_me": bool(row.case_id) and row.deputy_id == viewer.staff.pk,
    }


def _who_may(viewer, names) -> list[tuple[UUID, str]]:
    """For one's own leave: whom one's pupils know come first, with the reason; then everybody else."""
    may = deputies.candidates(staff=viewer.staff, first=viewer.day, last=viewer.day)
    known = [(one.id, f"{one.name} · {one.reason}") for one in may if one.knows]
    first = {pk for pk, _words in known}
    return known + [(pk, name) for pk, name in names if pk not in first and pk != viewer.staff.pk]


def _one(viewer, staff_id) -> Staff:
    return get_object_or_404(Staff.objects.visible_to(viewer).at_work_on(viewer.day), pk=staff_id)


def _take_leave(request, *, keeps: bool) -> HttpResponse:
    viewer = request.viewer
    wanted = as_uuid(request.POST.get("staff", "")) if keeps else viewer.staff.pk
    if wanted is None:
        raise Unfinished([Fault("staff", _("Choose who is away."))])
    staff = _one(viewer, wanted)
    deputy_id = as_uuid(request.POST.get("deputy", ""))
    if deputy_id == staff.pk:
        raise Unfinished([Fault("deputy", _("Somebody else has to stand in."))])
    deputy = _one(viewer, deputy_id) if deputy_id else None
    first, last = stretch(request)
    row = excuse.take_leave(staff=staff, starts_on=first, ends_on=last, by=viewer, deputy=deputy)
    if row.deputy:  # named now, or when these days were written down before
        said = _("%(who)s stands in for %(whom)s in those days.") % {
            "who": row.deputy.name,
            "whom": staff.name,
        }
    else:
        said = _("Noted. Nothing is asked of %(who)s in those days.") % {"who": staff.name}
    return done(request, address("leave"), said, undo=address("leave_back", row.pk))


@act
def leave_back(request, leave_id: UUID) -> HttpResponse:
    """This function will take back a leave that was entered by mistake."""
    row = get_object_or_404(deputies.leaves(request.viewer), pk=leave_id)
    asked_me = row.case_id and row.deputy_id == request.viewer.staff.pk
    excuse.take_back(leave=row, by=request.viewer)
    if asked_me:
        words = _(
            "All right, it is noted that it does not suit you. Please tell %(who)s, who asks somebody else."
        )
        return done(request, _after(request), words % {"who": row.staff.name})
    return done(request, _after(request), _("Taken back. What is owed in those days is on the list again."))


@act
def leave_end(request, leave_id: UUID) -> HttpResponse:
    """This function will end a leave early: back from today."""
    row = get_object_or_404(deputies.leaves(request.viewer), pk=leave_id)
    excuse.come_back(leave=row, by=request.viewer)
    if row.staff_id != request.viewer.staff.pk:
        words = _("%(who)s is back today. From today everything is as before.")
        return done(request, _after(request), words % {"who": row.staff.name})
    return done(request, _after(request), _("Welcome back. From today everything is as before."))


def _after(request) -> str:
    wish = back(request, address("leave"))
    return address("leave") if "/settings/leave/" in wish else wish


def _row(request):
    """The row of my day that an address names; gone when it is done, or somebody else's."""
    found = agenda.agenda(request.viewer)
    wanted = request.GET.get("row", "") or request.POST.get("row", "")
    rows = found.today + found.week + found.later
    row = next((row for row in rows if row.kind == "case" and appointments.code(row) == wanted), None)
    if row is None:
        raise Http404
    return found, row


@page
def arranged(request) -> HttpResponse:
    """This function will put one thing on a day or ask somebody to do it: 改到哪天, 请人代."""
    viewer = request.viewer
    found, row = _row(request)
    if request.method == "POST":
        return _arrange(request, row)
    cases = list(dict.fromkeys(child.case_id for child in row.children))
    kept = found.on_a_day(row)
    people = Staff.objects.visible_to(viewer).at_work_on(viewer.day).order_by("sort_key")
    context = {
        "row": row,
        "code": appointments.code(row),
        "who": listed(row.names),
        "days": [(on.isoformat(), said_day(on)) for on in appointments.days_for(row, viewer)],
        "kept": kept,
        "chosen": kept.on.isoformat() if kept else "",
        "hour": f"{kept.at:%H:%M}" if kept and kept.at else "",
        "people": _who_may(viewer, list(people.values_list("id", "name"))),
        "may_ask": Case.objects.visible_to(viewer)
        .filter(pk__in=cases, pairings__in=viewer.staff.pairings.in_force(viewer.day))
        .exists(),
        "in_place": [found.in_place[case] for case in cases if case in found.in_place],
        "last": row.due_on,
    }
    return render(request, "leave/arranged.html", context)


def _arrange(request, row) -> HttpResponse:
    viewer, posted = request.viewer, request.POST
    if posted.get("do") == "cancel":
        appointments.cancel(row=row, by=viewer)
        return done(request, "/", _("Any day is fine again."))
    if posted.get("do") == "ask":
        return _ask(request, row)
    on, at = _read(posted.get("on", ""), date), _read(posted.get("at", ""), time)
    if on is None:
        raise Unfinished([Fault("on", _("Choose the day."))])
    appointments.appoint(row=row, on=on, at=at, by=viewer)
    return done(request, "/", _("Kept. On %(day)s it stands on your list.") % {"day": said_day(on)})


def _ask(request, row) -> HttpResponse:
    viewer = request.viewer
    wanted, last = as_uuid(request.POST.get("deputy", "")), _read(request.POST.get("until", ""), date)
    if wanted is None:
        raise deputies.NobodyChosen
    deputy = _one(viewer, wanted)
    cases = (
        Case.objects.visible_to(viewer)
        .filter(pk__in={child.case_id for child in row.children})
        .select_related("pupil")
    )
    for case in cases:
        deputies.ask_in_place(case=case, deputy=deputy, first=viewer.day, last=last or row.due_on, by=viewer)
    words = _("%(who)s looks after %(whom)s until %(day)s. Tell each other; both see it on the list.")
    told = {"who": deputy.name, "whom": listed(row.names), "day": said_day(last or row.due_on)}
    return done(request, "/", words % told)


def _read(text: str, kind):
    try:
        return kind.fromisoformat(text) if text else None
    except ValueError:
        return None


urlpatterns = [
    path("settings/leave", leave, name="leave"),
    path("settings/leave/<uuid:leave_id>/mistake", leave_back, name="leave_back"),
    path("settings/leave/<uuid:leave_id>/return", leave_end, name="leave_end"),
    path("duties/arranged", arranged, name="arranged"),
]
