"""One child of the counsellor's: notes, the next talk, what is shared, the family's answer, papers, the end.

Everybody else finds nothing at these addresses. On a child's file others see at most a sentence to act on, and
whoever asked sees that it is taken on.
"""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bangfu.flow import care, care_advice, care_glass, care_notes, care_paper, care_screening, sent
from bangfu.flow.register import classes_of
from bangfu.records.models import CareCase, CareNote, ScreeningResult, SharedAdvice
from bangfu.web.care import AUDIENCES, OUTCOMES, WAYS, note_form, said_in
from bangfu.web.place import Typed, Unfinished, act, address, back, done, page, render, sent_file
from bangfu.web.record_form import as_uuid
from bangfu.web.reports import file_answer

PAPERS = {"record": care_paper.record, "consent": care_paper.consent}


def _case(request, case_id: UUID) -> CareCase:
    return get_object_or_404(CareCase.objects.visible_to(request.viewer).select_related("pupil"), pk=case_id)


@page
def care_case(request, case_id: UUID) -> HttpResponse:
    """This function will show one's own case with its notes, and take a note."""
    viewer, case = request.viewer, _case(request, case_id)
    if request.method == "POST":
        amends = None
        if wanted := as_uuid(request.POST.get("amends", "")):
            amends = get_object_or_404(CareNote.objects.visible_to(viewer), pk=wanted, case=case)
        said = said_in(request.POST, viewer)
        next_on = None if amends else sent.a_day(request.POST, "next_on")
        care_notes.write(case=case, said=said, next_on=next_on, amends=amends, by=viewer)
        return done(request, address("care_case", case.pk), _("Noted. Only you can read it."))
    shared = SharedAdvice.objects.visible_to(viewer).standing(viewer.day)
    context = {
        "case": case,
        "label": classes_of([case.pupil_id], viewer.day).get(case.pupil_id, ("",))[0],
        "told": care_notes.read(case=case, by=viewer),
        "seen": [(one, care.seen_in(one, viewer)) for one in case.referrals.select_related("by") if one.lock],
        "shared": shared.filter(pupil=case.pupil_id, by=viewer.staff),
        "audiences": [(key, _(words)) for key, words in AUDIENCES.items()],
        "ready": [(one, one) for one in care_advice.READY],
        "outcomes": [(key, _(words)) for key, words in OUTCOMES.items()],
        "ways": [(key, _(words)) for key, words in WAYS.items()],
        "others": [one for one in care.counsellors(viewer) if one.pk != viewer.staff.pk],
        "read_by": [one for one in care_glass.listed(viewer) if one.pupil_id == case.pupil_id],
        "all_parts": care_notes.PARTS,
        **note_form(request),
        **_correcting(request, case),
    }
    return render(request, "care/case.html", context)


def _correcting(request, case: CareCase) -> dict:
    """A correction that came back opens where it was written: at the note as it stands now, not as today's talk."""
    wanted = as_uuid(request.POST.get("amends", "")) if getattr(request, "came_back", False) else None
    note = CareNote.objects.visible_to(request.viewer).filter(pk=wanted, case=case).first()
    while note is not None and hasattr(note, "amended_by"):
        note = note.amended_by
    corrected = Typed(request.POST) if note else Typed()
    return {"correcting": note and note.pk, "corrected": corrected} | ({"typed": Typed()} if note else {})


@act
def care_share(request, case_id: UUID) -> HttpResponse:
    """This function will share one sentence, the tapped one or the written one."""
    said = request.POST.get
    words = said("text", "").strip() or said("ready", "")
    care_advice.share(
        case=_case(request, case_id), text=words, audience=said("audience", ""),
        until=sent.a_day(request.POST, "until"), by=request.viewer,
    )  # fmt: skip
    return done(request, address("care_case", case_id), _("Shared: the sentence, and nothing else."))


@act
def care_unshare(request, advice_id: UUID) -> HttpResponse:
    """This function will end what one shared."""
    rows = SharedAdvice.objects.visible_to(request.viewer).filter(by=request.viewer.staff)
    care_advice.take_back(advice=get_object_or_404(rows, pk=advice_id), by=request.viewer)
    return done(request, back(request, address("care")), _("Nobody sees it any more."))


@act
def care_family(request, case_id: UUID) -> HttpResponse:
    """This function will note what the family said."""
    said, viewer = request.POST.get, request.viewer
    answer = care.Answer(
        is_yes=said("answer") == "willing", by=said("by", ""), how=said("how", ""),
        on=sent.a_day(request.POST, "on", viewer.day),
    )  # fmt: skip
    care.ask_family(case=_case(request, case_id), said=answer, by=viewer)
    return done(request, address("care_case", case_id), _("Noted."))


@act
def care_close(request, case_id: UUID) -> HttpResponse:
    """This function will end a case."""
    care.close(case=_case(request, case_id), outcome=request.POST.get("outcome", ""), by=request.viewer)
    return done(request, address("care"), _("Ended. What was written stays shut."))


@act
def care_file(request, case_id: UUID) -> HttpResponse:
    """This function will answer with a paper of one's own case."""
    made = PAPERS.get(request.POST.get("paper", ""), care_paper.record)
    return file_answer(
        made(case=_case(request, case_id), form=request.POST.get("form", ""), by=request.viewer)
    )


@page
def care_results(request) -> HttpResponse:
    """This function will bring screening results in and show one's own; what is left out stands there with its reason."""
    viewer = request.viewer
    care.must_counsel(viewer)
    if request.method == "POST":
        content, name = sent_file(request)
        made = care_screening.bring(content=content, file_name=name, by=viewer)
        if made.faults:
            raise Unfinished(made.faults)
        words = ngettext("Brought in: %(num)s pupil.", "Brought in: %(num)s pupils.", made.count)
        return done(request, address("care_results"), words % {"num": made.count})
    rows = care_screening.kept(viewer)
    labels = classes_of([one.pupil_id for one, _says in rows], viewer.day)
    context = {
        "rows": [(one, labels.get(one.pupil_id, ("",))[0], list(says.items())) for one, says in rows],
        "ready": care_advice.READY[:4],
    }
    return render(request, "care/results.html", context)


def _result(request, result_id: UUID) -> ScreeningResult:
    rows = ScreeningResult.objects.visible_to(request.viewer).select_related("pupil")
    return get_object_or_404(rows, pk=result_id)


@act
def care_tell(request, result_id: UUID) -> HttpResponse:
    """This function will tell the class teacher one sentence about a child screened."""
    care_advice.tell(result=_result(request, result_id), text=request.POST.get("text", ""), by=request.viewer)
    return done(request, address("care_results"), _("Shared: the sentence, and nothing else."))


@act
def care_begin(request, result_id: UUID) -> HttpResponse:
    """This function will take a child screened on."""
    case = care.begin(pupil=_result(request, result_id).pupil, by=request.viewer)
    return done(request, address("care_case", case.pk), _("Taken on. Whoever asked sees only that."))


def section(viewer, child: dict) -> dict:
    """This function will give what a child's file tells this viewer: sentences to act on, and where one's own asking stands."""
    asked = care_advice.asked(viewer, child["id"])[:1]
    return {"care_told": care_advice.told(child["id"], viewer), "care_asked": asked}


urlpatterns = [
    path("care/<uuid:case_id>", care_case, name="care_case"),
    path("care/<uuid:case_id>/share", care_share, name="care_share"),
    path("care/<uuid:case_id>/family", care_family, name="care_family"),
    path("care/<uuid:case_id>/end", care_close, name="care_close"),
    path("care/<uuid:case_id>/file", care_file, name="care_file"),
    path("care/results", care_results, name="care_results"),
    path("care/results/<uuid:result_id>", care_tell, name="care_tell"),
    path("care/results/<uuid:result_id>/begin", care_begin, name="care_begin"),
    path("care/said/<uuid:advice_id>/end", care_unshare, name="care_unshare"),
]
