"""认定在有效期里的: for the aid officer and the principal, to end one between rounds with a reason and a day."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _

from bangfu.flow import recognition_end, sent
from bangfu.records.models import Recognition
from bangfu.web.place import act, address, done, page, render


@page
def recognition_held(request) -> HttpResponse:
    """This function will list what is in force; each can be ended where the home changed or the child left."""
    return render(request, "recognition/held.html", {"rows": recognition_end.held(request.viewer)})


@act
def recognition_ended(request, recognition_id: UUID) -> HttpResponse:
    """This function will end one recognition."""
    viewer, said = request.viewer, request.POST.get
    held = get_object_or_404(Recognition.objects.visible_to(viewer), pk=recognition_id)
    on = sent.a_day(request.POST, "on", viewer.day)
    recognition_end.end(held=held, on=on, because=said("because", ""), by=viewer)
    return done(
        request,
        address("recognition_held"),
        _("Ended. The reason is kept; a later round can recognise anew."),
    )


urlpatterns = [
    path("recognition/held", recognition_held, name="recognition_held"),
    path("recognition/held/<uuid:recognition_id>", recognition_ended, name="recognition_ended"),
]
