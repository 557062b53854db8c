"""亲子视频: whom a call is arranged for, this month and this week at a glance, and how the school calls (P0-19, P0-20)."""

from datetime import date, time, timedelta
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from bangfu.engine.fault import Fault
from bangfu.flow import contacts, video_calls
from bangfu.flow.video_calls import Way, Wish
from bangfu.records.models import Facility, ParentContact, Pupil, VideoCall
from bangfu.web.areas import an_id
from bangfu.web.formats import day as day_of
from bangfu.web.formats import weekday
from bangfu.web.place import Unfinished, act, address, back, done, page, render
from bangfu.web.setup import must_keep

WAYS = {
    "phone": N_("We ring them on the phone"),
    "own_link": N_("A standing link of our provider"),
    "room_server": N_("A room of our own video server"),
}
WHOM = (N_("father"), N_("mother"), N_("both parents"))
AT_HOME = "home"
NOT_NEEDED = {
    "calls_often": N_("The child calls often"),
    "parents_home": N_("A parent is at home now"),
    "not_now": N_("Asked; not this month"),
}

TOLD = {
    "unreached": N_(
        "Noted: arranged, not reached. Nothing has to be made up; to try again, tap “Arrange a time”."
    ),
}


@page
def calls(request) -> HttpResponse:
    """This function will show the children somebody arranges calls for, and the calls of the coming days."""
    viewer = request.viewer
    way = video_calls.way_of(viewer.school)
    lines = contacts.lines(viewer, also=an_id(request.GET.get("pupil", "")))
    context = {
        "lines": [(line, words_for_home(line.ahead, way) if line.ahead else "") for line in lines],
        "way": way,
        "slots": [f"{one:%H:%M}" for one in way.slots],
        "whom": [_(word) for word in WHOM],
        "not_needed": [(key, _(words)) for key, words in NOT_NEEDED.items()],
        "last_day": viewer.day + video_calls.AHEAD,
        "fresh_id": uuid4,
        "timetable": video_calls.timetable(viewer, viewer.day, viewer.day + timedelta(days=13)),
        "may_set": viewer.holds(*video_calls.KEEPERS),
    }
    return render(request, "calls/calls.html", context)


def words_for_home(call: VideoCall, way: Way) -> str:
    """This function will write what may be sent to the parents: a day, an hour, a way; the child is not named in it."""
    said = _("Hello. On %(day)s (%(weekday)s) at %(time)s you can see and talk to your child, about %(n)s minutes.") % {
        "day": day_of(call.on), "weekday": weekday(call.on), "time": f"{call.at:%H:%M}", "n": call.minutes,
    }  # fmt: skip
    link = call.link.reveal() if call.link else ""
    how = _("Open this: %(link)s") % {"link": link} if link else _("We call you.")
    return f"{said}{how}" if said.endswith("。") else f"{said} {how}"


def section(viewer, pupil_id) -> dict:
    """This function will give, for a child's file, the call ahead, the proxy parents and the weeks with a word from home."""
    ahead = video_calls.ahead(viewer, [pupil_id]).get(pupil_id)
    weeks = contacts.weeks_of(pupil_id, viewer.day)
    proxies = contacts.proxies_of(pupil_id, viewer.day)
    return {"with_parents": (ahead, weeks, proxies)} if ahead or weeks or proxies else {}


def _pupil(request, pupil_id: UUID) -> Pupil:
    rows = Pupil.objects.visible_to(request.viewer).cared_for_by(request.viewer)
    return get_object_or_404(rows, pk=pupil_id)


def _call(request, call_id: UUID) -> VideoCall:
    return get_object_or_404(VideoCall.objects.visible_to(request.viewer), pk=call_id)


@act
def call_arrange(request, pupil_id: UUID) -> HttpResponse:
    """This function will put a child's call on a day and an hour."""
    pupil, posted = _pupil(request, pupil_id), request.POST
    slot = posted.get("slot", "")
    is_home = slot in ("", AT_HOME)
    wish = Wish(
        on=_a_day(posted.get("on", "")),
        at=_a_time(posted.get("at", "") if is_home else slot),
        place="" if is_home else video_calls.way_of(request.viewer.school).place,
        with_whom=posted.get("with_whom", ""),
        link=posted.get("link", ""),
    )
    had_one = pupil.pk in video_calls.ahead(request.viewer, [pupil.pk])
    call = video_calls.arrange(pupil=pupil, wish=wish, by=request.viewer)
    words, to = {"day": day_of(call.on), "time": f"{call.at:%H:%M}"}, back(request, address("calls"))
    if had_one:  # an undo would leave the child with none: the earlier hour may be somebody else's by now
        return done(request, to, _("Moved to %(day)s %(time)s.") % words)
    said = _("Arranged: %(day)s %(time)s.") % words
    return done(request, to, said, undo=address("call_cancel", call.pk))


def _a_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise video_calls.WrongTime("请从日历里选一天。") from None


def _a_time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise video_calls.WrongTime("请选一个时间。") from None


@act
def call_tell(request, call_id: UUID) -> HttpResponse:
    """This function will record what came of a call."""
    call = video_calls.tell(
        call=_call(request, call_id), outcome=request.POST.get("outcome", ""), by=request.viewer
    )
    said = TOLD.get(call.state, N_("Noted."))
    return done(request, back(request, address("calls")), _(said), undo=address("call_undo", call.pk))


@act
def call_without(request, pupil_id: UUID) -> HttpResponse:
    """This function will record a call nobody had arranged, or why none is needed this month."""
    row = video_calls.tell_without(
        pupil=_pupil(request, pupil_id), outcome=request.POST.get("outcome", ""), by=request.viewer,
        id=an_id(request.POST.get("id", "")),
    )  # fmt: skip
    said = _("Noted.") if request.POST.get("outcome") == "held" else _("Noted. No call is needed this month.")
    return done(request, back(request, address("calls")), said, undo=address("record_withdraw", row.pk))


@act
def call_undo(request, call_id: UUID) -> HttpResponse:
    """This function will undo what was told of a call."""
    video_calls.take_back(call=_call(request, call_id), by=request.viewer)
    return done(request, address("calls"), _("Taken back: the call is ahead again."))


@act
def call_cancel(request, call_id: UUID) -> HttpResponse:
    """This function will take a call off its day."""
    video_calls.cancel(call=_call(request, call_id), by=request.viewer)
    return done(request, address("calls"), _("Taken off; the hour is free again."))


@act
def contact_note(request, pupil_id: UUID) -> HttpResponse:
    """This function will note that parents got in touch this week."""
    row, _closes = contacts.write(
        id=an_id(request.POST.get("id", "")) or uuid4(),
        body={"pupil": str(_pupil(request, pupil_id).pk), "on": request.POST.get("on", "")},
        by=request.viewer,
    )
    return done(request, back(request, address("calls")), _("Noted."), undo=address("contact_undo", row.pk))


@act
def contact_undo(request, contact_id: UUID) -> HttpResponse:
    """This function will take a note of a week back."""
    rows = ParentContact.objects.visible_to(request.viewer)
    contacts.take_back(contact=get_object_or_404(rows, pk=contact_id), by=request.viewer)
    return done(request, address("calls"), _("Taken back."))


@page
def setup_calls(request) -> HttpResponse:
    """This function will show how the school calls; whoever keeps the settings changes it."""
    viewer = request.viewer
    must_keep(viewer)
    if request.method == "POST":
        video_calls.configure(way=_way(request.POST), by=viewer)
        return done(request, address("calls"), _("Kept. It holds from the next call on."))
    context = {
        "now": (now := video_calls.way_of(viewer.school)),
        "slots": " ".join(f"{one:%H:%M}" for one in now.slots),
        "rooms": [one.room or one.name for one in Facility.objects.visible_to(viewer).open_on(viewer.day)],
        "ways": [(key, _(words)) for key, words in WAYS.items()],
        "may_set": viewer.holds(*video_calls.KEEPERS),
    }
    return render(request, "setup/calls.html", context)


def _way(posted) -> Way:
    written = (
        posted.get("slots", "").replace("，", " ").replace("、", " ").replace(",", " ").replace("：", ":")
    )
    try:
        slots = tuple(time.fromisoformat(f"{one:0>5}") for one in written.split())
    except ValueError:
        hint = _("Write them like 12:30 12:50.")
        raise Unfinished([Fault("slots", _("An hour was not understood."), hint)]) from None
    minutes = posted.get("minutes", "")
    return Way(
        posted.get("way", ""), posted.get("address", ""), posted.get("place", ""), slots,
        int(minutes) if minutes.isascii() and minutes.isdigit() else 0,
    )  # fmt: skip


urlpatterns = [
    path("calls", calls, name="calls"),
    path("calls/pupils/<uuid:pupil_id>/arrangement", call_arrange, name="call_arrange"),
    path("calls/pupils/<uuid:pupil_id>/outcome", call_without, name="call_without"),
    path("calls/pupils/<uuid:pupil_id>/week", contact_note, name="contact_note"),
    path("calls/weeks/<uuid:contact_id>/withdrawn", contact_undo, name="contact_undo"),
    path("calls/<uuid:call_id>/outcome", call_tell, name="call_tell"),
    path("calls/<uuid:call_id>/undone", call_undo, name="call_undo"),
    path("calls/<uuid:call_id>/end", call_cancel, name="call_cancel"),
    path("settings/calls", setup_calls, name="setup_calls"),
]
