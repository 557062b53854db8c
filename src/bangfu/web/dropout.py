"""One child's file: since when away, what was talked, the next step, and the papers that come out of it (F26–F29).

A file is opened by a person, is for few eyes, and says what is tried, never whose fault it is.
"""

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from bangfu.engine import schooling as rules
from bangfu.engine.fault import Fault
from bangfu.flow import absence_ladder, attendance, dropout, dropout_papers
from bangfu.records.models import CatchmentChild, DropoutFile, HomeTeaching, Persuasion, Pupil, Staff
from bangfu.web.attendance import file_of
from bangfu.web.place import Unfinished, act, address, done, page, render
from bangfu.web.record_form import as_uuid

STATES = {
    "suspected_dropout": N_("may be out of school"), "dropout": N_("out of school"),
    "persuaded": N_("agreed to come back"), "returned": N_("is back"), "home_teaching": N_("is taught at home"),
    "transferred": N_("changed school"), "suspended": N_("suspended with approval"), "abroad": N_("is abroad"),
    "deceased": N_("has died"), "closed": N_("settled with proof"),
}  # fmt: skip
REASONS = {
    "poverty": N_("Money is short at home"), "work": N_("Went away to work"), "marriage": N_("Marriage or a child"),
    "learning": N_("Learning became too hard"), "health": N_("Health"), "family": N_("Something happened at home"),
    "unwilling": N_("Does not feel like coming"), "unknown": N_("Not known yet"), "other": N_("Another reason"),
}  # fmt: skip
WAYS = {
    "phone": N_("By telephone"), "visit": N_("At home"), "at_school": N_("At school"),
    "with_village": N_("At home, with the village"), "with_township": N_("At home, with the township"),
}  # fmt: skip
ATTITUDES = {
    "agrees": N_("agrees"), "thinks_it_over": N_("thinks it over"), "has_difficulties": N_("has difficulties at home"),
    "does_not_agree": N_("does not agree for now"), "not_met": N_("nobody met"),
}  # fmt: skip
PROOFS = {
    "seen_in_class": N_("Seen in class"), "plan_approved": N_("Approved plan of teaching at home"),
    "transfer_letter": N_("Letter of transfer"), "roll_elsewhere": N_("On the roll of another school"),
    "suspension_approved": N_("Approval of the suspension"), "border_record": N_("Record of leaving the country"),
    "household_cancelled": N_("Household register cancelled"), "death_certificate": N_("Death certificate"),
    "other": N_("Another proof"),
}  # fmt: skip


@page
def dropout_new(request) -> HttpResponse:
    """This function will open a file for a pupil (?pupil=) or a listed child (?child=)."""
    viewer = request.viewer
    about = _about(request)
    if request.method == "POST":
        posted = request.POST
        opening = dropout.Opening(
            a_day(posted, "left_on"),
            posted.get("reason", ""),
            posted.get("said", ""),
            posted.get("partner", ""),
        )
        file = dropout.open_file(about=about, opening=opening, by=viewer)
        return done(
            request,
            address("dropout_file", file.pk),
            _("The file is open. What follows is said step by step."),
        )
    since = attendance.covering([about.pk], viewer.day).get(about.pk) if isinstance(about, Pupil) else None
    context = {
        "name": about.name if isinstance(about, Pupil) else about.name.reveal(),
        "since": (since.opens_on if since else viewer.day).isoformat(),
        "reasons": [(key, _(words)) for key, words in REASONS.items()],
    }
    return render(request, "dropout/new.html", context)


def _about(request) -> Pupil | CatchmentChild:
    viewer = request.viewer
    if child := request.GET.get("child", ""):
        return get_object_or_404(CatchmentChild.objects.visible_to(viewer), pk=as_uuid(child))
    pupil = get_object_or_404(Pupil.objects.visible_to(viewer), pk=as_uuid(request.GET.get("pupil", "")))
    if not dropout.may_write(viewer, pupil):
        raise Http404
    return pupil


@page
def dropout_file(request, file_id) -> HttpResponse:
    """This function will show a file: where the child stands, what was tried, and what may come next."""
    viewer = request.viewer
    file = _file(request, file_id)
    if request.method == "POST":
        return _change(request, file)
    steps = list(file.steps.select_related("by").order_by("at"))
    plan = HomeTeaching.objects.visible_to(viewer).filter(pupil=file.pupil_id, ends_on=None).first()
    context = {
        "file": file,
        "name": _name(file),
        "state": _(STATES[file.state]),
        "reason": _(REASONS[file.reason]),
        "partner": file.partner.reveal() if file.partner else "",
        "steps": [_step(step) for step in steps],
        "talks": [_talk(one) for one in file.persuasions.select_related("by").order_by("-on", "-at")],
        "nexts": [
            (state, _(STATES[state]))
            for state in rules.may_follow(file.state)
            if dropout.keeps(viewer) or state not in dropout.HEAVY
        ],
        "proofs": [(kind, _(PROOFS[kind])) for kind in rules.PROOFS.get(file.state, ())],
        "ways": [(key, _(words)) for key, words in WAYS.items()],
        "attitudes": [(key, _(words)) for key, words in ATTITUDES.items()],
        "reasons": [(key, _(words)) for key, words in REASONS.items()],
        "may_plan": file.pupil_id and file.state == "home_teaching" and (dropout.keeps(viewer) or viewer.is_leader),
        "plan": plan,
        "given": sum(lessons for _one, lessons in dropout_papers.visits_of(plan)) if plan else 0,
        "teachers": _teachers(viewer),
        "keeps": dropout.keeps(viewer),
        "days": _days(file, viewer),
    }  # fmt: skip
    return render(request, "dropout/file.html", context)


def _teachers(viewer) -> list[tuple]:
    rows = Staff.objects.visible_to(viewer).at_work_on(viewer.day).order_by("sort_key")
    return list(rows.values_list("pk", "name"))


def _days(file: DropoutFile, viewer) -> int:
    if file.pupil_id is None or file.state not in rules.GONE:
        return 0
    climb = next(
        iter(absence_ladder.climbs(viewer, Pupil.objects.visible_to(viewer).filter(pk=file.pupil_id))), None
    )
    return climb.days if climb else 0


def _file(request, file_id) -> DropoutFile:
    rows = DropoutFile.objects.visible_to(request.viewer).select_related("pupil", "catchment_child", "minder")
    file = get_object_or_404(rows, pk=file_id)
    if not dropout.may_write(request.viewer, file.pupil):
        raise Http404
    return file


def _name(file: DropoutFile) -> str:
    return file.pupil.name if file.pupil else file.catchment_child.name.reveal()


def _step(step) -> dict:
    return {
        "on": step.on,
        "what": _(STATES[step.state]),
        "by": step.by.name,
        "said": step.said.reveal() if step.said else "",
        "proof": f"{_(PROOFS[step.proof_kind])}: {step.proof.reveal()}" if step.proof_kind else "",
    }


def _talk(one: Persuasion) -> dict:
    return {
        "on": one.on,
        "way": _(WAYS[one.way]),
        "attitude": _(ATTITUDES[one.attitude]),
        "who": one.who.reveal() if one.who else "",
        "with": one.talked_with.reveal() if one.talked_with else "",
        "result": one.result.reveal() if one.result else "",
        "next": one.next_step.reveal() if one.next_step else "",
        "next_on": one.next_on,
    }


def _change(request, file: DropoutFile) -> HttpResponse:
    posted, viewer = request.POST, request.viewer
    here, what = address("dropout_file", file.pk), posted.get("what", "")
    if what == "talk":
        next_on = a_day(posted, "next_on") if posted.get("next_on") else None
        talk = dropout.Talk(
            a_day(posted, "on"), posted.get("way", ""), posted.get("attitude", ""), posted.get("who", ""),
            posted.get("talked_with", ""), posted.get("result", ""), posted.get("next_step", ""), next_on,
        )  # fmt: skip
        dropout.talk(file=file, talk=talk, by=viewer)
        return done(request, here, _("The talk is noted."))
    if what == "plan":
        return _plan(request, file, here)
    move = rules.Move(
        posted.get("state", ""), a_day(posted, "on"), posted.get("proof_kind", ""), posted.get("proof", "")
    )
    dropout.move(
        file=file, move=move, by=viewer, said=posted.get("said", ""), reason=posted.get("reason", "")
    )
    return done(request, here, _("Noted: %(what)s.") % {"what": _(STATES[move.state])})


def _plan(request, file: DropoutFile, here: str) -> HttpResponse:
    posted = request.POST
    teacher = get_object_or_404(
        Staff.objects.visible_to(request.viewer), pk=as_uuid(posted.get("teacher", ""))
    )
    lessons = posted.get("lessons", "")
    many = int(lessons) if lessons.isascii() and lessons.isdigit() and 0 < int(lessons) < 1000 else 30
    wanted = dropout.AtHome(a_day(posted, "on"), many, posted.get("plan", ""))
    if file.pupil is None:
        raise Http404
    dropout.plan_home_teaching(pupil=file.pupil, teacher=teacher, wanted=wanted, by=request.viewer)
    return done(request, here, _("%(who)s teaches at home from now on.") % {"who": teacher.name})


def a_day(posted, name: str) -> date:
    """This function will read a posted day; raises Unfinished."""
    try:
        return date.fromisoformat(posted.get(name, ""))
    except ValueError:
        raise Unfinished([Fault(name, _("Choose a day."))]) from None


@act
def dropout_paper(request, file_id) -> HttpResponse:
    """This function will answer with a paper about one child."""
    file, posted = _file(request, file_id), request.POST
    return file_of(
        dropout_papers.of_file(
            file=file, key=posted.get("key", ""), form=posted.get("form", ""), by=request.viewer
        )
    )


@act
def home_teaching_paper(request, plan_id) -> HttpResponse:
    """This function will answer with the visits of one plan of teaching at home."""
    rows = HomeTeaching.objects.visible_to(request.viewer).select_related("pupil", "teacher")
    row = get_object_or_404(rows, pk=plan_id)
    return file_of(
        dropout_papers.home_teaching(row=row, form=request.POST.get("form", ""), by=request.viewer)
    )


urlpatterns = [
    path("schooling/files/new", dropout_new, name="dropout_new"),
    path("schooling/files/<uuid:file_id>", dropout_file, name="dropout_file"),
    path("schooling/files/<uuid:file_id>/paper", dropout_paper, name="dropout_paper"),
    path("schooling/home-teaching/<uuid:plan_id>/paper", home_teaching_paper, name="home_teaching_paper"),
]
