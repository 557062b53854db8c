"""看板: is any child without someone, what should be asked about, which weeks are not done, class by class.

The first sentence is the answer. Every matter carries one button that leads to the solution, never to a message.
"""

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from bangfu.flow import care_danger, overview
from bangfu.flow.overview import Board, Matter
from bangfu.web.formats import grade, listed, month, week
from bangfu.web.place import address, page, render

MOST = 5
DECIDERS = ("principal", "vice_principal", "grade_supervisor")
# kind → what it says, what its button says
WORDS = {
    "unhelped": (N_("nobody helps this child yet"), N_("Find someone")),
    "away": (N_("%(helper)s is on leave and nobody stands in"), N_("Find someone")),
    "quiet": (N_("no records for two school weeks, helped by %(helper)s"), N_("Open the file")),
    "differs": (N_("the talk differed from the records"), N_("Look")),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One matter as the page shows it."""

    who: str
    what: str
    verb: str
    href: str


@page
def board(request) -> HttpResponse:
    """This function will show the board of the viewer's classes, grade or school."""
    viewer = request.viewer
    found = overview.board(viewer)
    may_pair = viewer.holds(*DECIDERS)
    rows = [_row(matter, may_pair) for matter in found.matters]
    shown = rows if request.GET.get("all") else rows[:MOST]
    context = {
        "board": found,
        "alarms": len(care_danger.waiting(viewer)),
        "title": _title(found, viewer),
        "answer": _answer(found),
        "alone": found.cases - found.helped,
        "rows": shown,
        "more": len(rows) - len(shown),
        "columns": [week(_number(one)) for one in found.weeks],
        "heads": [(_("Class"), ""), *((week(_number(one)), "n") for one in found.weeks)],
        "heat": [(line.label, [cell and cell[0] for cell in line.cells]) for line in found.lines],
        "table": [[line.label, *(_cell(cell) for cell in line.cells)] for line in found.lines],
        "month": month(found.month.key) if found.month else "",
    }
    return render(request, "board/board.html", context)


def _title(found: Board, viewer) -> str:
    place = {
        "school": viewer.school.name,
        "grade": listed(grade(n) for n in _grades(viewer)),
        "class": listed(found.places),
    }[found.scope]
    return f"{place} · {week(found.week)}" if found.week else place


def _grades(viewer) -> list[int]:
    return sorted({grant.grade for grant in viewer.grants if grant.grade})


def _answer(found: Board) -> str:
    """The first sentence: calm, and true."""
    alone = found.cases - found.helped
    if not found.cases:
        return _("No child is being helped here yet.")
    if found.week is None:
        return _("It is vacation. Duties rest; you can still write something down.")
    if alone:
        return ngettext(
            "%(num)s child has nobody this week.", "%(num)s children have nobody this week.", alone
        ) % {"num": alone}
    return _("This week every child who should be helped has someone.")


def _row(matter: Matter, may_pair: bool) -> Row:
    if matter.kind == "sheets":
        said = ngettext("%(num)s sheet is not in yet", "%(num)s sheets are not in yet", matter.count)
        title = _("%(month)s records") % {"month": month(matter.subject)}
        return Row(title, said % {"num": matter.count}, _("Look"), address("handin_sheets", matter.subject))
    if matter.kind == "nominations":
        said = ngettext("%(num)s nomination waits", "%(num)s nominations wait", matter.count)
        return Row(_("Awards"), said % {"num": matter.count}, _("Look"), address("awards"))
    if matter.kind == "survey":
        said = ngettext("%(num)s class has not finished", "%(num)s classes have not finished", matter.count)
        what = f"{said % {'num': matter.count}} · {matter.name}"
        return Row(_("Survey"), what, _("Look"), address("survey"))
    what, verb = WORDS[matter.kind]
    who = f"{matter.name} · {matter.place}" if matter.place else matter.name
    if matter.kind == "differs":
        return Row(who, _(what), _(verb), address("spot_check_child", matter.subject))
    if matter.kind in ("unhelped", "away") and may_pair:
        return Row(who, _(what) % {"helper": matter.helper}, _(verb), address("pairs"))
    return Row(who, _(what) % {"helper": matter.helper}, _("Open the file"), address("pupil", matter.subject))


def _number(period) -> int:
    return int(period.key.rpartition("W")[2])


def _cell(cell) -> str:
    return "" if cell is None else f"{cell[0]} / {cell[1]}"


urlpatterns = [path("board", board, name="board")]
