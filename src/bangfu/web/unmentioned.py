"""Nobody has mentioned this child: the leader's list. A record, a talk, a visit takes a child off it; no tick does."""

from django.http import Http404, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bangfu.flow import unmentioned
from bangfu.records.models.places import class_label
from bangfu.web.formats import near
from bangfu.web.place import page, render

PAGE = 50


@page
def unmentioned_list(request) -> HttpResponse:
    """This function will list the children without a true contact for some weeks of school, fifty a page."""
    viewer = request.viewer
    if not unmentioned.may_see(viewer):
        raise Http404
    weeks = _number(request.GET.get("weeks", ""), unmentioned.usual_weeks(viewer.day))
    weeks = min(max(weeks, 1), 30)
    found = unmentioned.of(viewer, weeks)
    number = max(_number(request.GET.get("page", ""), 1), 1)
    first = (number - 1) * PAGE
    context = {
        "rows": [
            (
                row.pupil_id,
                row.name,
                class_label(*row.class_of, viewer.day),
                near(row.last) if row.last else "",
            )
            for row in found[first : first + PAGE]
        ],
        "count": len(found),
        "weeks": weeks,
        "choices": [
            (str(n), ngettext("%(n)s week", "%(n)s weeks", n) % {"n": n})
            for n in sorted({*unmentioned.WEEKS, weeks})
        ],
        "newer": _turned(weeks, number - 1) if number > 1 else "",
        "older": _turned(weeks, number + 1) if len(found) > first + PAGE else "",
        "head": _head(len(found), weeks),
    }
    return render(request, "unmentioned/list.html", context)


def _head(count: int, weeks: int) -> str:
    if not count:
        return _("Every child was mentioned in the last %(weeks)s weeks of school.") % {"weeks": weeks}
    return ngettext(
        "%(n)s child was not mentioned in the last %(weeks)s weeks of school.",
        "%(n)s children were not mentioned in the last %(weeks)s weeks of school.",
        count,
    ) % {"n": count, "weeks": weeks}


def _turned(weeks: int, number: int) -> str:
    return f"?weeks={weeks}&page={number}"


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else otherwise


urlpatterns = [path("unmentioned", unmentioned_list, name="unmentioned")]
