"""投诉建议: anyone signed in says what should be different, with or without a name; the principal reads it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _

from bangfu.engine.fault import Fault
from bangfu.flow import feedback as verbs
from bangfu.records.models.audit import Feedback
from bangfu.web import navigation
from bangfu.web.place import Unfinished, act, address, done, page, render

LONGEST = 1000


@page
def feedback(request) -> HttpResponse:
    """This function will show the form and my earlier notes, and pass a new one on."""
    viewer = request.viewer
    if request.method == "POST":
        text = request.POST.get("text", "")
        if len(text) > LONGEST:
            what = _("This is too long; %(n)s characters fit.") % {"n": LONGEST}
            raise Unfinished([Fault("feedback:text", what, _("Shorten it, or send it in two parts."))])
        nameless = bool(request.POST.get("nameless"))
        verbs.leave(text=text, page=request.POST.get("page", ""), by=viewer, is_anonymous=nameless)
        return done(request, "/", _("Thank you. It has been passed to the principal."))
    own = Feedback.objects.visible_to(viewer).filter(by=viewer.staff).order_by("-at")[:10]
    context = {
        "about": request.GET.get("page", ""),
        "own": list(own.values_list("at", "text", "answer", named=True)),
        "waiting": _waiting(viewer) if viewer.is_leader else [],
    }
    return render(request, "account/feedback.html", context)


def _waiting(viewer) -> list:
    rows = Feedback.objects.visible_to(viewer).filter(answered_at__isnull=True).order_by("at")
    waiting = list(rows.values_list("id", "at", "text", "page", "by__name", named=True))
    return [one._replace(page=navigation.title(one.page)) for one in waiting]


@act
def answer(request, feedback_id) -> HttpResponse:
    """This function will pass on a leader's answer to one complaint."""
    found = get_object_or_404(Feedback.objects.visible_to(request.viewer), pk=feedback_id)
    verbs.answer(feedback=found, text=request.POST.get("text", ""), by=request.viewer)
    if found.by_id is None:
        said = _("Your answer is kept. Left without a name, so the author can't read it here.")
    else:
        said = _("Your answer is kept; the author can read it.")
    return done(request, address("feedback"), said)


urlpatterns = [
    path("feedback", feedback, name="feedback"),
    path("feedback/<uuid:feedback_id>", answer, name="feedback_answer"),
]
