"""The school's switch for early warning, with what it does and does not do. What it says stands in a child's file."""

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from bangfu.flow import adopt, signals
from bangfu.web.place import address, done, page, render
from bangfu.web.setup import must_keep


@page
def setup_signals(request) -> HttpResponse:
    """This function will show the switch to whoever keeps the settings; the principal turns it."""
    viewer = request.viewer
    must_keep(viewer)
    if request.method == "POST":
        is_on = request.POST.get("is_on") == "1"
        signals.switch(is_on=is_on, by=viewer)
        said = _("Switched on. Nothing is kept about a child.") if is_on else _("Switched off.")
        return done(request, address("setup_signals"), said)
    context = {
        "is_on": viewer.school.watches_signals,
        "words": [one.words for one in adopt.shelf().commons.signals.signals],
        "may_switch": viewer.holds("principal"),
    }
    return render(request, "setup/signals.html", context)


urlpatterns = [path("settings/signals", setup_signals, name="setup_signals")]
