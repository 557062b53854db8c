"""抽查: draw children by a seed that is shown, talk with each, keep the talk once (P9-37, P9-38).

What a child says here is for the supervisor and the head only; it helps the plan, never a person's record.
"""

from datetime import date
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from bangfu.engine.refusal import Refusal
from bangfu.flow import month, review
from bangfu.flow.review import Finding
from bangfu.web.place import act, address, done, page, render
from bangfu.web.review import children_of

COUNTS = (3, 5, 8)
QUESTIONS = (
    ("talked", N_("Have you talked with your teacher lately?"), ("often", "sometimes", "not_yet")),
    (
        "taught",
        N_("When something is difficult, does somebody show you how?"),
        ("often", "sometimes", "not_yet"),
    ),
    ("wish", N_("Is there anything you would like?"), ("fine", "has_wish", "later")),
)
ANSWERS = {
    "often": N_("Often"),
    "sometimes": N_("Sometimes"),
    "not_yet": N_("Not yet"),
    "fine": N_("It is fine as it is"),
    "has_wish": N_("There is (below)"),
    "later": N_("Another time"),
}
OUTCOMES = (("matches", N_("Agrees with the records")), ("differs", N_("Differs from the records")))
FULFILMENTS = (("done", N_("Done")), ("partly", N_("Partly done")), ("not", N_("Not done yet")))


class NotYourTask(Refusal):
    sentence = "抽查由包级领导和校领导来做。"


@page
def spot_check(request) -> HttpResponse:
    """This function will show the drawn children of a month and offer a draw."""
    viewer = request.viewer
    if not viewer.holds(*review.CHECKERS):
        raise NotYourTask
    begun = month.begun(viewer.school, viewer.day)
    period = review.period_of_key(viewer.school, request.GET.get("month", "")) or _best(viewer, begun)
    drawn = month.drawn(viewer, period) if period else []
    sheets = month.sheets_to_check(viewer, period) if period else []
    context = {
        "period": period,
        "months": [one for one in begun[:4] if one != period],
        "drawn": drawn,
        "seeds": list(dict.fromkeys(one.check.seed for one in drawn)),
        "sheets": sheets,
        "counts": COUNTS,
        "outcomes": {key: _(words) for key, words in OUTCOMES},
    }
    return render(request, "review/spot_checks.html", context)


def _best(viewer, begun: list):
    """The newest of the last two months that has sheets; else the month now."""
    for period in begun[:2]:
        if month.sheets_to_check(viewer, period):
            return period
    return begun[0] if begun else None


@act
def spot_check_draw(request) -> HttpResponse:
    """This function will draw some children of a month."""
    viewer = request.viewer
    period = review.period_of_key(viewer.school, request.POST.get("month", ""))
    if period is None:
        raise Http404
    count = request.POST.get("count", "")
    count = int(count) if count.isdecimal() and int(count) in COUNTS else COUNTS[0]
    checks = review.draw(sheets=month.sheets_to_check(viewer, period), count=count, by=viewer)
    said = ngettext(
        "%(num)s child drawn, by lot %(seed)s.", "%(num)s children drawn, by lot %(seed)s.", len(checks)
    )
    to = f"{address('spot_check')}?month={period.key}"
    return done(request, to, said % {"num": len(checks), "seed": checks[0].seed})


@page
def spot_check_child(request, check_id: UUID) -> HttpResponse:
    """This function will show the talk with one drawn child, and keep it."""
    viewer = request.viewer
    found = month.drawn(viewer, pk=check_id)
    if not found:
        raise Http404
    (one,) = found
    list_at = f"{address('spot_check')}?month={one.check.sheet.month:%Y-%m}"
    if request.method == "POST":
        review.check(spot_check=one.check, finding=_finding(request), by=viewer)
        return done(request, list_at, _("Kept. It also counts as the month-end talk."))
    line = month.on_sheet(one.check)
    context = {
        "one": one,
        "child": children_of({"children": [line]})[0] if line else None,
        "questions": [
            (key, _(ask), [(a, _(ANSWERS[a])) for a in answers]) for key, ask, answers in QUESTIONS
        ],
        "outcomes": [(key, _(words)) for key, words in OUTCOMES],
        "fulfilments": [(key, _(words)) for key, words in FULFILMENTS],
        "said_before": [
            (_(ask), _(ANSWERS.get(one.check.answers.get(key), "")))
            for key, ask, _answers in QUESTIONS
            if one.check.answers.get(key) in ANSWERS
        ],
        "words": {key: _(words) for key, words in (*OUTCOMES, *FULFILMENTS)},
        "new_id": uuid4(),
        "list_at": list_at,
    }
    return render(request, "review/spot_check.html", context)


def _finding(request) -> Finding:
    said = request.POST.get
    answers = tuple((key, said(key)) for key, _ask, possible in QUESTIONS if said(key) in possible)
    return Finding(
        outcome=said("outcome", ""),
        fulfilment=said("fulfilment", ""),
        answers=answers,
        note=said("note", ""),
        talked_on=_day(said("talked_on", "")) or request.viewer.day,
        id=_id(said("id", "")),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


urlpatterns = [
    path("spot-check", spot_check, name="spot_check"),
    path("spot-check/draw", spot_check_draw, name="spot_check_draw"),
    path("spot-check/<uuid:check_id>", spot_check_child, name="spot_check_child"),
]
