"""宣传: three texts ready to copy or print, made of what the school does; and the way to note that it was said."""

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from bangfu.flow import places, publicity
from bangfu.records.models.places import SchoolClass
from bangfu.web.place import address, page, render

WHAT = {"why": N_("Why it is done"), "what": N_("What the school does"), "how": N_("How to ask for it")}
KIND = "publicity"


@page
def texts(request) -> HttpResponse:
    """This function will show the texts; the form may add how to reach the school and a line of one's own."""
    viewer, asked = request.viewer, request.POST
    about = tuple(asked.getlist("about")) or publicity.ABOUT
    wish = publicity.Wish(about, asked.get("contact", ""), asked.get("line", ""))
    if getattr(request, "came_back", False):  # what was refused stands in the form again, and in no text
        wish = publicity.Wish(about)
    found = publicity.compose(wish=wish, by=viewer)
    context = {
        "texts": found,
        "about": [(key, _(words)) for key, words in WHAT.items()],
        "wish": wish,
        "classes": _classes(viewer),
    }
    return render(request, "publicity/publicity.html", context)


def _classes(viewer) -> list[tuple[str, str]]:
    """The classes for which I may note that something was said, where a plan asks for it."""
    rows = SchoolClass.objects.visible_to(viewer).filter(pk__in=viewer.minded_class_ids)
    return [
        (f"{address('record_class', row.pk)}?activity={KIND}", row.label_on(viewer.day))
        for row in rows
        if KIND in places.kinds(viewer, places.place_of(viewer, row), viewer.day)
    ]


urlpatterns = [path("publicity", texts, name="publicity")]
