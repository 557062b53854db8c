"""考勤: everybody is here with one tap, or tap who is not; then why, who was called, and what is still to be followed up.

P0-17, F25. Works without a script; nothing here is public and nothing compares classes.
"""

from datetime import date, time
from urllib.parse import quote

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from bangfu.engine.fault import Fault
from bangfu.flow import absence_ladder, attendance, clock, company, dropout_papers
from bangfu.flow.almanac import calendar_for
from bangfu.records.models import AbsenceMark, DropoutFile, RollCall, SchoolClass
from bangfu.records.models.dropouts import KEEPERS
from bangfu.web.formats import listed
from bangfu.web.place import Unfinished, act, address, back, done, page, render
from bangfu.web.record_form import as_uuid

CAUSES = (
    ("ill", N_("Ill")), ("at_home", N_("Needed at home")), ("road", N_("The road is closed")),
    ("excused", N_("Excused, another reason")), ("unwilling", N_("Does not feel like coming")),
    ("unreached", N_("Nobody reached")),
)  # fmt: skip
WHOM = (N_("Father"), N_("Mother"), N_("Grandparents"), N_("Another relative"))
SESSIONS = (("day", N_("Whole day")), ("morning", N_("Morning")), ("afternoon", N_("Afternoon")))
HOW = ("电话", "微信", "上门", "请村里帮忙")  # as the form of the record has them
NEXT = ("已经回校", "说好哪天来", "还没联系上")
MOST_NAMED = 3


@page
def attendance_day(request) -> HttpResponse:
    """This function will show what is still to be followed up, and the classes of the day; one class alone opens at once."""
    viewer = request.viewer
    day = _day(request)
    classes = attendance.classes(viewer, day)
    climbs = absence_ladder.climbs(viewer)
    context = {
        "on": day,
        "classes": classes,
        "no_school": not calendar_for(viewer.school).is_school_day(day),
        "uncalled": sum(one.call is None for one in classes),
        "follow": [(climb, climb.mine(viewer)) for climb in climbs if climb.mine(viewer)],
        "away": [climb for climb in climbs if not climb.mine(viewer)],
        "hows": HOW,
        "nexts": NEXT,
        "at_home": company.at_home(),
        "causes": {key: _(words) for key, words in CAUSES},
        "files": _files(viewer, climbs),
        "keeps": viewer.is_leader or viewer.holds(*KEEPERS),
        "sheet": None,
    }
    if len(classes) == 1:
        context |= _sheet(
            request, get_object_or_404(SchoolClass.objects.visible_to(viewer), pk=classes[0].id), day
        )
    return render(request, "attendance/day.html", context)


@page
def attendance_class(request, class_id) -> HttpResponse:
    """This function will show one class on a day, and take its roll call."""
    viewer, day = request.viewer, _day(request)
    school_class = get_object_or_404(SchoolClass.objects.visible_to(viewer), pk=class_id)
    if not attendance.may_call(viewer, school_class):
        raise Http404
    if request.method == "POST":
        return _call(request, school_class, day)
    return render(request, "attendance/class.html", _sheet(request, school_class, day) | {"on": day})


def _sheet(request, school_class: SchoolClass, day: date) -> dict:
    session = _session(request)
    mates, call = attendance.mates(school_class, day, session)
    away = [mate for mate in mates if mate.is_away]
    return {
        "sheet": school_class,
        "label": school_class.label_on(day),
        "mates": mates,
        "call": call,
        "away_now": away,
        "still": [mate.name for mate in away] if call is None else [],
        "session": session,
        "sessions": [(key, _(words)) for key, words in SESSIONS],
        "choices": [(key, _(words)) for key, words in CAUSES],
        "whom": [_(words) for words in WHOM],
        "cause_words": {key: _(words) for key, words in CAUSES},
        "no_school": not calendar_for(request.viewer.school).is_school_day(day),
        "action": _address(school_class, day, session, request.viewer.day),
    }


def _address(school_class: SchoolClass, day: date, session: str, today: date) -> str:
    asked = [f"on={day}"] if day != today else []
    asked += [f"session={session}"] if session != "day" else []
    return address("attendance_class", school_class.pk) + (f"?{'&'.join(asked)}" if asked else "")


def _call(request, school_class: SchoolClass, day: date) -> HttpResponse:
    posted = request.POST
    ids = dict.fromkeys(as_uuid(text) for text in posted.getlist("away"))
    if None in ids:
        raise Http404
    away = [attendance.Away(pk, cause=posted.get(f"cause.{pk}", "")) for pk in ids]
    session = _session(request)
    call = attendance.call(school_class=school_class, day=day, away=away, by=request.viewer, session=session)
    names = [mate.name for mate in attendance.mates(school_class, day, session)[0] if mate.is_away]
    if not names:
        said = _("%(class)s: everybody is here.") % {"class": school_class.label_on(day)}
    else:
        words = {"class": school_class.label_on(day), "names": listed(names[:MOST_NAMED]), "n": len(names)}
        said = _("%(class)s: noted. Away: %(names)s.") % words
        if len(names) > MOST_NAMED:
            said = _("%(class)s: noted. %(n)s are away.") % words
    to = posted.get("then") or _address(school_class, day, session, request.viewer.day)
    if not to.startswith("/attendance"):
        to = address("attendance")
    return done(request, to, said, undo=address("attendance_back", call.pk))


@act
def attendance_back(request, call_id) -> HttpResponse:
    """This function will take a roll call back."""
    call = get_object_or_404(RollCall.objects.visible_to(request.viewer), pk=call_id)
    attendance.take_back(roll_call=call, by=request.viewer)
    return done(request, back(request, address("attendance")), _("Taken back. Nobody has called the roll."))


@act
def attendance_explain(request, mark_id) -> HttpResponse:
    """This function will add why a child is away and who was called when."""
    mark = get_object_or_404(AbsenceMark.objects.visible_to(request.viewer), pk=mark_id)
    posted = request.POST
    one = attendance.Away(
        mark.pupil_id,
        cause=posted.get("cause", ""),
        called_whom=posted.get("whom", ""),
        called_at=_time(posted),
        said=posted.get("said", ""),
    )
    attendance.explain(mark=mark, one=one, by=request.viewer)
    return done(request, back(request, address("attendance")), _("Kept."))


def _time(posted) -> time | None:
    if posted.get("now"):
        return clock.now().time().replace(second=0, microsecond=0)
    text = posted.get("called_at", "").strip()
    try:
        return time.fromisoformat(text) if text else None
    except ValueError:
        raise Unfinished([Fault("called_at", _("Write the time as 08:15."))]) from None


@act
def attendance_step(request, pupil_id) -> HttpResponse:
    """This function will record one step of following up as done."""
    pupil = attendance.pupil_of(request.viewer, pupil_id)
    if pupil is None:
        raise Http404
    posted = request.POST
    how, came = posted.get("how", ""), posted.get("next", "")
    said = absence_ladder.Done(
        posted.get("step", ""),
        how if how in HOW else "",
        came if came in NEXT else "",
        posted.get("note", "")[:500],
        company.Company(other=posted.get("with", ""), alone_because=posted.get("alone", "")),
    )
    made = absence_ladder.follow(pupil=pupil, done=said, by=request.viewer)
    undo = address("record_withdraw", made.pk)
    return done(request, address("attendance"), _("Recorded, for every plan that asks for it."), undo=undo)


@act
def attendance_file(request) -> HttpResponse:
    """This function will answer with the attendance register of a month (F25)."""
    posted = request.POST
    made = dropout_papers.absences(
        month=posted.get("month", ""), form=posted.get("form", ""), by=request.viewer
    )
    return file_of(made)


def file_of(made) -> HttpResponse:
    """This function will answer with a finished paper."""
    plain = f"paper.{made.name.rpartition('.')[2]}"
    name = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(made.name)}"
    headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
    return HttpResponse(made.content, content_type=made.media_type, headers=headers)


def line(viewer) -> str:
    """This function will say in one line, for today's page, what waits here; "" where nothing does."""
    uncalled, steps = absence_ladder.waiting(viewer)
    said = []
    if uncalled:
        said.append(_("The roll is not called yet"))
    if steps:
        said.append(
            ngettext("%(n)s absence to follow up", "%(n)s absences to follow up", steps) % {"n": steps}
        )
    return listed(said)


def _files(viewer, climbs) -> dict:
    about = [climb.pupil_id for climb in climbs]
    rows = DropoutFile.objects.visible_to(viewer).open().filter(pupil__in=about) if about else ()
    return {row.pupil_id: row.pk for row in rows}


def _day(request) -> date:
    text = request.GET.get("on", "")
    try:
        asked = date.fromisoformat(text) if text else request.viewer.day
    except ValueError as broken:
        raise Http404 from broken
    return min(asked, request.viewer.day)


def _session(request) -> str:
    asked = request.GET.get("session", "day")
    return asked if asked in dict(SESSIONS) else "day"


urlpatterns = [
    path("attendance", attendance_day, name="attendance"),
    path("attendance/register", attendance_file, name="attendance_file"),
    path("attendance/<uuid:class_id>", attendance_class, name="attendance_class"),
    path("attendance/calls/<uuid:call_id>/back", attendance_back, name="attendance_back"),
    path("attendance/marks/<uuid:mark_id>", attendance_explain, name="attendance_explain"),
    path("attendance/pupils/<uuid:pupil_id>/step", attendance_step, name="attendance_step"),
]
