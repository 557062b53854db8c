"""都在校吗: the three comparisons, open files, the month's report and the figures, for those who answer for them (R82, R83).

Every difference is a name with an answer or still without one; a month not confirmed stays to be seen.
"""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from bangfu.engine.fault import Fault
from bangfu.flow import catchment, dropout, dropout_papers, schooling
from bangfu.records.models import CatchmentList, DropoutFile
from bangfu.web.attendance import file_of
from bangfu.web.dropout import STATES
from bangfu.web.place import Unfinished, act, address, back, done, page, render, sent_file
from bangfu.web.record_form import as_uuid

ANSWERS = {
    "same_child": N_("is this pupil"), "another_school": N_("goes to another school"), "moved": N_("has moved away"),
    "too_young": N_("is not of age yet"), "finished": N_("has finished compulsory school"), "abroad": N_("is abroad"),
    "deceased": N_("has died"), "home_teaching": N_("is taught at home"),
    "suspended": N_("suspended or deferred with approval"),
    "with_leave": N_("away with leave"), "being_traced": N_("being looked for"), "opened_file": N_("has a file"),
}  # fmt: skip
KINDS = (
    ("school_age", N_("Children of school age")),
    ("exited_poor", N_("Poor households, for children not on our roll")),
)
LEDGERS = (
    ("school_age_ledger", N_("Ledger: children of school age")), ("suspected_ledger", N_("Ledger: may be out of school")),
    ("dropout_ledger", N_("Ledger: out of school")),
)  # fmt: skip


@page
def schooling_page(request) -> HttpResponse:
    """This function will show whether everybody is at school, and take in a list."""
    viewer = request.viewer
    if not schooling.may_look(viewer):
        raise PermissionDenied(_("This page is for the principal, vice principals and the roll officer."))
    if request.method == "POST":
        return _take(request)
    seen = catchment.compared(viewer)
    files = DropoutFile.objects.visible_to(viewer).open().select_related("pupil", "catchment_child")
    months = schooling.months(viewer)
    content = _content(viewer, months[0], seen) if months else None
    context = {
        "seen": seen,
        "missing": [_difference(one) for one in seen.never_enrolled],
        "away": [_difference(one) for one in seen.away],
        "files": [_file(file) for file in files.order_by("opened_at")],
        "settled": DropoutFile.objects.visible_to(viewer).filter(state="closed").count(),
        "months": months,
        "now": content,
        "nil": content is None or schooling.is_nil(content),
        "kept": schooling.kept(viewer),
        "kinds": [(key, _(words)) for key, words in KINDS],
        "ledgers": [(key, _(words)) for key, words in LEDGERS],
        "may_confirm": viewer.holds(*schooling.CONFIRM),
        "keeps": dropout.keeps(viewer),
        "lists": _lists(viewer),
    }
    return render(request, "dropout/schooling.html", context)


def _content(viewer, month, seen) -> dict:
    return month.report.content if month.report else schooling.compiled(viewer, month.period, seen)


def _lists(viewer) -> list[tuple]:
    words = {key: _(said) for key, said in KINDS}
    rows = CatchmentList.objects.visible_to(viewer).standing().order_by("-at")[:6]
    return [(row.pk, words[row.kind], row.source, row.listed_on) for row in rows]


def _difference(one: catchment.Difference) -> dict:
    fitting = [word for word in catchment.FITTING[one.kind] if word != "same_child"]
    same = [
        (f"same_child:{pk}", _("is %(name)s") % {"name": name}, "、".join(why)) for pk, name, why in one.maybe
    ]
    said = one.answer
    return {
        "kind": one.kind,
        "id": one.subject_id,
        "name": one.name,
        "about": one.about,
        "guardian": one.guardian,
        "since": one.since,
        "file": one.file_id,
        "is_settled": one.is_settled,
        "is_explained": one.is_explained,
        "answer": _(ANSWERS[said.answer]) if said else "",
        "said": said.said.reveal() if said and said.said else "",
        "by": said.by.name if said else "",
        "at": said.at if said else None,
        "choices": same + [(word, _(ANSWERS[word]), "") for word in fitting],
    }


def _file(file: DropoutFile) -> tuple:
    """Why stands in the file: lists are read over shoulders."""
    name = file.pupil.name if file.pupil else file.catchment_child.name.reveal()
    return file.pk, name, _(STATES[file.state]), file.left_on


def _take(request) -> HttpResponse:
    posted, (content, name) = request.POST, sent_file(request)
    text = posted.get("listed_on", "")
    try:
        listed_on = date.fromisoformat(text) if text else None
    except ValueError:
        raise Unfinished([Fault("listed_on", _("Choose a day."))]) from None
    paper = catchment.ListPaper(posted.get("kind", ""), content, name, posted.get("source", ""), listed_on)
    row = catchment.take_list(paper=paper, by=request.viewer)
    many = row.children.count()
    said = ngettext("%(n)s child is on the list.", "%(n)s children are on the list.", many) % {"n": many}
    return done(request, address("schooling"), said, undo=address("catchment_back", row.pk))


@act
def catchment_back(request, list_id) -> HttpResponse:
    """This function will take a list back."""
    row = get_object_or_404(CatchmentList.objects.visible_to(request.viewer), pk=list_id)
    catchment.take_back(catchment_list=row, by=request.viewer)
    return done(request, address("schooling"), _("The list is taken back; answers stay."))


@act
def catchment_link(request, list_id) -> HttpResponse:
    """This function will link a list to the roll again, after the roll changed."""
    row = get_object_or_404(CatchmentList.objects.visible_to(request.viewer), pk=list_id)
    many = catchment.link_again(catchment_list=row, by=request.viewer)
    said = ngettext(
        "%(n)s child is linked anew; answers stay.", "%(n)s children are linked anew; answers stay.", many
    )
    said = said % {"n": many} if many else _("Nothing new: the links are those of today's roll.")
    return done(request, address("schooling"), said)


@act
def difference_answer(request) -> HttpResponse:
    """This function will note what became of one difference."""
    posted = request.POST
    subject = as_uuid(posted.get("subject", ""))
    known = {one.subject_id for one in _all(catchment.compared(request.viewer))}
    if subject not in known:
        raise Http404
    catchment.answer(
        kind=posted.get("kind", ""), subject_id=subject, said=posted.get("said", ""), answer=posted.get("answer", ""),
        by=request.viewer,
    )  # fmt: skip
    return done(request, back(request, address("schooling")), _("Answered, with your name and the day."))


def _all(seen: catchment.Compared) -> tuple:
    return (*seen.never_enrolled, *seen.away)


@act
def schooling_confirm(request) -> HttpResponse:
    """This function will confirm the month's report with one tap."""
    schooling.confirm(month=request.POST.get("month", ""), by=request.viewer)
    return done(request, address("schooling"), _("Confirmed. The paper can be printed."))


@act
def schooling_paper(request) -> HttpResponse:
    """This function will answer with a ledger or a month's report."""
    key, form = request.POST.get("key", ""), request.POST.get("form", "")
    if key == "schooling_report":
        made = dropout_papers.monthly(month=request.POST.get("month", ""), form=form, by=request.viewer)
    else:
        made = dropout_papers.ledger(key=key, form=form, by=request.viewer)
    return file_of(made)


urlpatterns = [
    path("schooling", schooling_page, name="schooling"),
    path("schooling/answers", difference_answer, name="difference_answer"),
    path("schooling/confirm", schooling_confirm, name="schooling_confirm"),
    path("schooling/paper", schooling_paper, name="schooling_paper"),
    path("schooling/lists/<uuid:list_id>/link", catchment_link, name="catchment_link"),
    path("schooling/lists/<uuid:list_id>/back", catchment_back, name="catchment_back"),
]
