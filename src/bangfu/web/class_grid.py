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
from bangfu.web.record_form import as_uuid

EMPTY = "-"  # nothing in a cell, in the row that says what was shown


@page
def class_grid(request, class_id: UUID) -> HttpResponse:
    """This function will show the grid of a class and keep the cells that are posted."""
    viewer = request.viewer
    school_class = get_object_or_404(coverage.classes(viewer), pk=class_id)
    if request.method == "POST":
        cells, saw = _posted(request.POST)
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
        "columns": [(one, _heading(one), _options(one)) for one in columns],
        "keys": " ".join(one.key for one in columns),
        "rows": [(row, "".join(cell.digit or EMPTY for cell in row.cells)) for row in rows],
        "is_mine": grid.may_fill(viewer, school_class),
        "still": still(sum(row.is_left for row in rows)),
    }
    return render(request, "survey/class_grid.html", context)


def still(left: int) -> str:
    """This function will say how many children are left to look at."""
    if not left:
        return _("Every child has been looked at.")
    return ngettext("Still %(num)s child.", "Still %(num)s children.", left) % {"num": left}


def _heading(column: grid.Column) -> str:
    """A question, not a label."""
    return f"{column.title}？"


def _options(column: grid.Column) -> list[tuple[str, str]]:
    words = {True: _("Yes"), False: _("No")}
    return [
        (digit, words[value] if isinstance(value, bool) else said) for digit, said, value in column.options
    ]


def _posted(posted) -> tuple[dict, dict]:
    """Cells and what they showed. `c.pupil.fact` is a cell, `s.pupil.fact` what it showed, `w.pupil` a whole row of that."""
    cells: dict[UUID, dict[str, str]] = {}
    saw: dict[UUID, dict[str, str]] = {}
    keys = posted.get("keys", "").split()
    for name, value in posted.items():
        kind, _dot, rest = name.partition(".")
        pupil, _dot, key = rest.partition(".")
        pupil_id = as_uuid(pupil)
        if pupil_id is None or kind not in ("c", "s", "w"):
            continue
        if kind == "c" and key:
            cells.setdefault(pupil_id, {})[key] = value
        elif kind == "s" and key:
            saw.setdefault(pupil_id, {})[key] = value
        elif kind == "w":
            shown = {fact: digit.replace(EMPTY, "") for fact, digit in zip(keys, value, strict=False)}
            saw.setdefault(pupil_id, {}).update(shown)
    if keys:  # the whole page was sent: only what differs from it is an answer
        cells = {
            pk: {key: value for key, value in some.items() if value != saw.get(pk, {}).get(key, "")}
            for pk, some in cells.items()
        }
    return cells, saw


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
