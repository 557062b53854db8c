"""The whole class in one grid for all plans: one key a cell, kept as one goes (T8: 45 pupils, ten minutes).

Without scripts one button keeps everything that differs from what the page showed, so that nobody undoes another's.
"""

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bangfu.flow import class_grid as grid
from bangfu.flow import coverage
from bangfu.web.place import address, done, page, render


@page
def class_grid(request, class_id: UUID) -> HttpResponse:
    """This function will show the grid of a class and keep the cells that are posted."""
    viewer = request.viewer
    school_class = get_object_or_404(coverage.classes(viewer), pk=class_id)
    if request.method == "POST":
        cells, saw = grid.read(request.POST)
        kept = grid.keep(school_class=school_class, cells=cells, saw=saw, by=viewer)
        if request.headers.get("X-Autosave"):
            return JsonResponse(_told(kept), headers={"Cache-Control": "no-store"})
        said = f"{_('Kept.')} {still(kept.left)}"
        if kept.changed:
            said += " " + _(
                "Somebody else had filled in %(num)s of these cells meanwhile; yours count now."
            ) % {"num": len(kept.changed)}
        return done(request, address("class_grid", class_id), said)
    columns, rows = grid.rows(school_class=school_class, by=viewer)
    context = {
        "label": school_class.label_on(viewer.day),
        "class_id": class_id,
        "columns": [(one, heading(one), options(one)) for one in columns],
        "keys": " ".join(one.key for one in columns),
        "rows": [(row, grid.shown(row)) for row in rows],
        "is_mine": grid.may_fill(viewer, school_class),
        "still": still(sum(row.is_left for row in rows)),
    }
    return render(request, "survey/class_grid.html", context)


def still(left: int) -> str:
    """This function will say how many children are left to look at."""
    if not left:
        return _("Every child has been looked at.")
    return ngettext("Still %(num)s child.", "Still %(num)s children.", left) % {"num": left}


def heading(column: grid.Column) -> str:
    """This function will head a column with a question, not a label."""
    return f"{column.title}？"


def options(column: grid.Column) -> list[tuple[str, str]]:
    """This function will list the answers of a column: (digit, words)."""
    words = {True: _("Yes"), False: _("No")}
    return [
        (digit, words[value] if isinstance(value, bool) else said) for digit, said, value in column.options
    ]


def _told(kept: grid.Kept) -> dict:
    notes = [
        {
            "cell": f"c.{one.pupil_id}.{one.key}",
            "said": _("%(who)s had written “%(was)s” here meanwhile; yours counts now.")
            % {"who": one.by or _("Somebody"), "was": one.was},
        }
        for one in kept.changed
    ]
    return {"cells": kept.cells, "left": kept.left, "still": still(kept.left), "changed": notes}


urlpatterns = [path("survey/<uuid:class_id>/grid", class_grid, name="class_grid")]
