"""公示: what hangs now and until when, exactly as people see it; take it down, print it, write down and answer objections.

There is no address for people outside: the notice is printed and posted, and this page is for who posts it.
"""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from bangfu.engine import notice as wall
from bangfu.flow import notice, recognition, recognition_paper
from bangfu.flow.almanac import calendar_for, term_title
from bangfu.records.models import Notice, Objection
from bangfu.web.formats import day as day_of
from bangfu.web.place import act, address, done, page, render
from bangfu.web.recognition import round_of
from bangfu.web.reports import file_answer

OUTCOMES = {"stands": N_("It stays as it is"), "again": N_("The group looks again; the notice comes down")}


@page
def notices(request) -> HttpResponse:
    """This function will show what hangs now with its days, what may be posted, and what has been."""
    viewer = request.viewer
    round, rows = recognition.running(viewer), notice.notices(viewer)
    if not rows and not recognition.may_lead(viewer):
        raise recognition.NotYours
    standing = [one for one in rows if notice.is_shown(one, viewer.day)]
    waiting = round if round and round.state == "noticing" and notice.standing(round) is None else None
    calendar = calendar_for(viewer.school)
    until = wall.last_day(calendar, viewer.day)
    context = {
        "standing": [_shown(one, viewer, calendar) for one in standing],
        "past": [one for one in rows if one not in standing],
        "waiting": waiting if waiting and recognition.may_lead(viewer) else None,
        "preview": notice.lines(waiting, viewer.day) if waiting and recognition.may_lead(viewer) else (),
        "until": until,
        "least": wall.LEAST_DAYS,
        "is_provisional": calendar.is_provisional(until),
        "may_take_down": viewer.holds(*notice.TAKERS),
    }
    return render(request, "recognition/notices.html", context)


def _shown(one: Notice, viewer, calendar) -> dict:
    return {
        "notice": one,
        "term": term_title(one.round.term_key),
        "lines": notice.shown(one, viewer.day),
        "left": wall.workdays_left(calendar, viewer.day, one.until),
        "sees": recognition.sees_inside(one.round, viewer),
    }


@page
def notice_post(request, round_id: UUID) -> HttpResponse:
    """This function will post what was decided."""
    round, said = round_of(request, round_id), request.POST.get
    if request.method != "POST":
        return notices(request)
    days = said("workdays", "")
    posted = notice.post(
        round=round, contact=said("contact", ""), by=request.viewer,
        workdays=int(days) if days.isdecimal() and len(days) < 4 else wall.LEAST_DAYS,
    )  # fmt: skip
    sentence = _("Posted until %(day)s. Print it and put it up; it goes by itself.")
    return done(request, address("notices"), sentence % {"day": day_of(posted.until)})


def _notice(request, notice_id: UUID) -> Notice:
    rows = Notice.objects.visible_to(request.viewer).select_related("round")
    return get_object_or_404(rows, pk=notice_id)


@page
def notice_down(request, notice_id: UUID) -> HttpResponse:
    """This function will take a notice down at once."""
    found = _notice(request, notice_id)
    if request.method != "POST":
        return notices(request)
    notice.take_down(notice=found, because=request.POST.get("because", ""), by=request.viewer)
    return done(request, address("notices"), _("Taken down. Please take the paper off the wall, too."))


@act
def notice_print(request, notice_id: UUID) -> HttpResponse:
    """This function will answer with the notice as a file, while it hangs."""
    found = _notice(request, notice_id)
    return file_answer(
        recognition_paper.posted(shown=found, form=request.POST.get("form", ""), by=request.viewer)
    )


@page
def objections(request, notice_id: UUID) -> HttpResponse:
    """This function will list the objections to a notice, take one down, and answer them."""
    found, viewer, said = _notice(request, notice_id), request.viewer, request.POST.get
    recognition.must_see(found.round, viewer)
    if request.method == "POST":
        notice.object_to(notice=found, text=said("text", ""), from_whom=said("from_whom", ""), by=viewer)
        return done(request, address("objections", found.pk), _("Written down. It waits for an answer."))
    rows = Objection.objects.visible_to(viewer).filter(notice=found).order_by("received_on", "id")
    context = {
        "notice": found,
        "rows": [_told(one) for one in rows.select_related("received_by", "answered_by")],
        "may_answer": recognition.may_lead(viewer),
        "may_take": found.round.state == "noticing",
        "outcomes": [(key, _(words)) for key, words in OUTCOMES.items()],
        "came_back": request.resolver_match.kwargs.get("objection_id"),
    }
    return render(request, "recognition/objections.html", context)


def _told(one: Objection) -> dict:
    return {
        "id": one.pk,
        "text": one.text.reveal() if one.text else "",
        "who": one.from_whom.reveal() if one.from_whom else "",
        "on": one.received_on,
        "answer": one.answer.reveal() if one.answer else "",
        "answered_on": one.answered_on,
        "by": one.answered_by.name if one.answered_by else "",
        "outcome": _(OUTCOMES[one.outcome]) if one.outcome else "",
    }


@page
def objection_answer(request, objection_id: UUID) -> HttpResponse:
    """This function will answer one objection, or show the list again with what was typed."""
    rows = Objection.objects.visible_to(request.viewer).select_related("notice__round")
    found = get_object_or_404(rows, pk=objection_id)
    if request.method != "POST":
        return objections(request, found.notice_id)
    said = request.POST.get
    notice.answer(objection=found, text=said("answer", ""), outcome=said("outcome", ""), by=request.viewer)
    return done(request, address("objections", found.notice_id), _("Answered."))


urlpatterns = [
    path("notices", notices, name="notices"),
    path("notices/rounds/<uuid:round_id>", notice_post, name="notice_post"),
    path("notices/<uuid:notice_id>/down", notice_down, name="notice_down"),
    path("notices/<uuid:notice_id>/file", notice_print, name="notice_print"),
    path("notices/<uuid:notice_id>/objections", objections, name="objections"),
    path("objections/<uuid:objection_id>", objection_answer, name="objection_answer"),
]
