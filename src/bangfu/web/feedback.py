"""投诉建议: anyone signed in says what should be different, with or without a name; the principal reads it."""

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from bangfu.flow import feedback as verbs
from bangfu.records.models.audit import Feedback
from bangfu.web.place import done, page, render


@page
def feedback(request) -> HttpResponse:
    """This function will show the form and my earlier notes, and pass a new one on."""
    viewer = request.viewer
    if request.method == "POST":
        verbs.leave(
            school=viewer.school,
            text=request.POST.get("text", ""),
            page=request.POST.get("page", ""),
            by=None if request.POST.get("nameless") else viewer.staff,
        )
        return done(request, "/", _("Thank you. It has been passed to the principal."))
    own = Feedback.objects.filter(by=viewer.staff).order_by("-at").values_list("at", "text", "answer", named=True)[:10]
    return render(request, "account/feedback.html", {"about": request.GET.get("page", ""), "own": list(own)})


urlpatterns = [path("feedback", feedback, name="feedback")]
