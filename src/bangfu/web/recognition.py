"""认定: where the round stands, what to do now, who and by when; the group, its minutes, the decision, the papers.

Class teachers see the steps and who of their class has applied; what families told is for the group only.
"""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from bangfu.engine.hardship import FACTORS, LEVELS
from bangfu.flow import (
    notice,
    recognition,
    recognition_end,
    recognition_form,
    recognition_group,
    recognition_match,
    recognition_paper,
    sent,
)
from bangfu.flow.almanac import term_title
from bangfu.flow.recognition_group import OUTCOMES, Opinion, Sitting, Verdict
from bangfu.records.models import RecognitionRound, Staff
from bangfu.web.formats import listed
from bangfu.web.place import act, address, done, page, render
from bangfu.web.reports import file_answer

PAPERS = {"minutes": recognition_paper.minutes, "counts": recognition_paper.counts}
WHO = {"officer": N_("the aid officer"), "group": N_("the appraisal group"), "principal": N_("the principal")}
# The seven steps a round takes, with whose step each is.
STEPS = (
    ("telling", N_("Tell families"), "officer"),
    ("applying", N_("Applications"), "officer"),
    ("appraising", N_("Appraisal"), "group"),
    ("deciding", N_("Decision"), "principal"),
    ("noticing", N_("Public notice"), "officer"),
    ("objecting", N_("Objections"), "officer"),
    ("archived", N_("Archived"), "officer"),
)
AT = {key: at for at, (key, _title, _who) in enumerate(STEPS)}


@page
def overview(request) -> HttpResponse:
    """This function will show the round as steps, or offer to begin one."""
    viewer = request.viewer
    if request.method == "POST":
        recognition.open_round(by=viewer, matched_level=request.POST.get("matched_level", ""))
        return done(request, address("recognition"), _("Begun. First tell families."))
    round = recognition.running(viewer)
    context = {
        "round": round,
        "may_lead": recognition.may_lead(viewer),
        "levels": [(one, one) for one in LEVELS],
    }
    if round is None and not (context["may_lead"] or viewer.class_ids_as(*recognition_form.MINDERS)):
        raise recognition.NotInGroup
    if round is not None:
        context |= _round(round, viewer)
    return render(request, "recognition/round.html", context)


def _round(round: RecognitionRound, viewer) -> dict:
    sees = recognition.sees_inside(round, viewer)
    progress = recognition_form.progress(round, viewer)
    now = notice.step_of(round, viewer.day)
    return {
        "term": term_title(round.term_key),
        "sees": sees,
        "now": now,
        "steps": [
            {"key": key, "title": _(title), "who": _(WHO[who]), "state": _state(AT[key], AT[now], round)}
            for key, title, who in STEPS
        ],
        "progress": progress,
        "may_take": round.state in recognition_form.TAKING and recognition_form.may_take(round, viewer),
        "may_decide": viewer.holds(*recognition_group.DECIDERS) and sees,
        "may_end": recognition_end.may_end(viewer),
        "may_go_back": viewer.holds(*recognition.OFFICERS) and round.state in recognition.BEFORE,
        "notice": notice.standing(round) if sees else None,
        "open_objections": notice.open_objections(round) if sees else 0,
        "nothing_to_post": round.state == "noticing" and sees and not notice.lines(round, viewer.day),
        "group": recognition_group.group(round),
        "others": recognition_group.may_join(round, viewer) if recognition.may_lead(viewer) else [],
    }


def _state(at: int, now: int, round: RecognitionRound) -> str:
    if at < now or round.state == "archived":
        return "done"
    return "now" if at == now else "later"


def round_of(request, round_id: UUID) -> RecognitionRound:
    """This function will find a round the viewer may know of, or answer 404."""
    return get_object_or_404(RecognitionRound.objects.visible_to(request.viewer), pk=round_id)


@page
def step(request, round_id: UUID) -> HttpResponse:
    """This function will take the round one step on, or one back with a reason."""
    round, viewer, said = round_of(request, round_id), request.viewer, request.POST.get
    if request.method != "POST":
        return overview(request)
    what = said("step", "")
    if what == "tell":
        until = sent.a_day(request.POST, "apply_until", viewer.day)
        recognition.tell(round=round, how=said("how", ""), apply_until=until, by=viewer)
        sentence = _("Kept. Applications are taken from now on.")
    elif what == "close":
        recognition.close_applications(round=round, by=viewer)
        sentence = _("Now the group appraises.")
    elif what == "archive":
        notice.archive(round=round, by=viewer)
        sentence = _("Archived. What was recognised holds from today.")
    elif what == "back":
        recognition.go_back(round=round, because=said("because", ""), seen=said("seen", ""), by=viewer)
        sentence = _("Back one step. The reason is kept.")
    else:
        raise recognition.NotThisStep
    return done(request, address("recognition"), sentence)


@page
def group(request, round_id: UUID) -> HttpResponse:
    """This function will add somebody to the appraisal group, or let them go."""
    round, viewer = round_of(request, round_id), request.viewer
    if request.method != "POST":
        return overview(request)
    who = request.POST.get("staff", "")
    staff = Staff.objects.visible_to(viewer).filter(pk=who if _is_id(who) else None).first()
    if staff is None:
        raise recognition.NotReady(_("Choose somebody first."))
    is_in = request.POST.get("out") != "1"
    recognition.seat(round=round, staff=staff, is_in=is_in, by=viewer)
    sentence = _("%(who)s is in the group.") if is_in else _("%(who)s is no longer in the group.")
    return done(request, address("recognition"), sentence % {"who": staff.name})


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


@page
def appraisal(request, round_id: UUID) -> HttpResponse:
    """This function will show the minutes as one grid; each touched cell is kept by itself, a button keeps all."""
    round, viewer = round_of(request, round_id), request.viewer
    recognition.must_see(round, viewer)
    rows = recognition_group.rows(round, viewer)
    minutes = getattr(round, "appraisal", None)
    if request.method == "POST":
        _keep_minutes(request, round, rows, minutes)
        if request.headers.get("X-Autosave"):
            return HttpResponse(status=204)
        if request.POST.get("then") == "finish":
            recognition_group.finish(round=round, by=viewer)
            return done(request, address("recognition"), _("The minutes are closed. Somebody else decides."))
        return done(request, address("recognition_appraisal", round.pk), _("Kept."))
    context = {
        "round": round,
        "rows": rows,
        "factors": FACTORS,
        "outcomes": [(str(at), one) for at, one in enumerate(OUTCOMES, 1)],
        "group": recognition_group.group(round),
        "minutes": minutes,
        "present": set(minutes.present) if minutes else set(),
        "is_open": round.state == "appraising",
    }
    return render(request, "recognition/appraisal.html", context)


def _keep_minutes(request, round, rows, minutes) -> None:
    said = request.POST
    whole = "whole" in said
    opinions = {
        row.pupil_id: _opinion(said, row, whole)
        for row in rows
        if whole or any(name.endswith(str(row.pupil_id)) for name in said)
    }
    sitting = None
    if whole or any(name.startswith(("present.", "held_on", "minutes_note")) for name in said):
        known = set(minutes.present) if minutes else set()
        ticked = {
            str(pk): said.get(f"present.{pk}", "0" if whole else "1" if str(pk) in known else "0") == "1"
            for pk, _name in recognition_group.group(round)
        }
        sitting = Sitting(
            sent.a_day(said, "held_on") if "held_on" in said else minutes and minutes.held_on,
            tuple(UUID(pk) for pk, is_there in ticked.items() if is_there),
            said.get("minutes_note", minutes.note if minutes else ""),
        )
    recognition_group.appraise(round=round, opinions=opinions, sitting=sitting, by=request.viewer)


def _opinion(said, row, whole: bool) -> Opinion:
    pk, known = row.pupil_id, row.opinion

    def is_ticked(key: str) -> bool:
        name = f"factor.{key}.{pk}"
        return said[name] == "1" if name in said else not whole and key in known.factors

    votes = said.get(f"votes.{pk}", "" if known.votes is None else str(known.votes)).strip()
    level = said.get(f"level.{pk}", known.level)
    return Opinion(
        tuple(key for key, _title in FACTORS if is_ticked(key)),
        level if level in OUTCOMES else known.level,
        int(votes) if votes.isdecimal() and len(votes) < 4 else None,
        said.get(f"note.{pk}", known.note),
    )


@page
def decision(request, round_id: UUID) -> HttpResponse:
    """This function will show the group's word and the lists' children, and decide on all of them at once."""
    round, viewer, said = round_of(request, round_id), request.viewer, request.POST
    recognition.must_see(round, viewer)
    rows, on_lists = recognition_group.rows(round, viewer), recognition_group.listed_rows(round, viewer)
    if request.method == "POST":
        verdicts = {
            row.pupil_id: Verdict(said[f"level.{row.pupil_id}"], said.get(f"because.{row.pupil_id}", ""))
            for row in (*rows, *on_lists)
            if f"level.{row.pupil_id}" in said
        }
        recognition_group.decide(round=round, verdicts=verdicts, by=viewer)
        return done(request, address("recognition"), _("Decided. Next comes the public notice."))
    context = {
        "round": round,
        "rows": rows,
        "listed": on_lists,
        "outcomes": OUTCOMES,
        "levels_of_lists": LEVELS,
        "grounds": {str(row.pupil_id): _grounds(row, viewer.day) for row in (*rows, *on_lists)},
        "decided": {str(pk): said for pk, said in recognition_group.decided(round).items()},
        "may_decide": viewer.holds(*recognition_group.DECIDERS) and round.state == "deciding",
    }
    return render(request, "recognition/decision.html", context)


def _grounds(row, day) -> str:
    """What the decision stands on, in words: the lists, or the group's factors, votes and sentence."""
    words, factors, said = recognition_match.certified_facts(day), dict(FACTORS), row.opinion
    votes = [_("%(n)s votes") % {"n": said.votes}] if said.votes is not None else []
    named = [words[key] for key in row.certified if key in words] + [factors[key] for key in said.factors]
    return " · ".join(part for part in (listed(named), *votes, said.note) if part)


@act
def paper(request, round_id: UUID) -> HttpResponse:
    """This function will answer with the minutes or the counts as a file."""
    made = PAPERS.get(request.POST.get("paper", ""))
    round = round_of(request, round_id)
    if made is None:
        raise recognition_paper.NoSuchForm
    return file_answer(made(round=round, form=request.POST.get("form", ""), by=request.viewer))


def applied_words(count: int) -> str:
    """This function will say how many have applied."""
    return ngettext("%(num)s application", "%(num)s applications", count) % {"num": count}


urlpatterns = [
    path("recognition", overview, name="recognition"),
    path("recognition/<uuid:round_id>/step", step, name="recognition_step"),
    path("recognition/<uuid:round_id>/group", group, name="recognition_group"),
    path("recognition/<uuid:round_id>/appraisal", appraisal, name="recognition_appraisal"),
    path("recognition/<uuid:round_id>/decision", decision, name="recognition_decision"),
    path("recognition/<uuid:round_id>/paper", paper, name="recognition_paper"),
]
