"""从表格结对: a table of pairs that the school has already is looked at, then put in force; the file itself is not kept.

The same verbs as `bangfu pairs check | load`: every rule of the page holds, what cannot be is marked in the same table.
"""

import base64
import binascii

from django.http import Http404, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bangfu.engine.fault import Fault
from bangfu.flow import pair, pair_load
from bangfu.web.pairs import table_of
from bangfu.web.place import Unfinished, done, page, render, sent_file

MOST = 1_000_000  # bytes: carried in the page until it is confirmed
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 50


@page
def pairs_workbook(request) -> HttpResponse:
    """This function will look at a table of pairs, give it back marked, or put its pairs in force."""
    viewer, table = request.viewer, table_of(request)
    if table.plan is None or not viewer.holds(*pair.DECIDERS):
        raise Http404
    if request.method != "POST":
        return render(request, "pairs/workbook.html", {"table": table, "seen": None})
    content, name = _sent(request)
    asked = {"content": content, "file_name": name, "plan": table.plan, "by": viewer}
    wish = request.POST.get("do", "")
    if wish == "load":
        made = len(pair_load.load(**asked).lines)
        said = ngettext(
            "%(num)s pair is in force from today.", "%(num)s pairs are in force from today.", made
        )
        return done(request, table.at("pairs"), said % {"num": made})
    seen = pair_load.look(**asked)
    if wish == "marked":
        marked = pair_load.marked(content, seen)
        headers = {"Content-Disposition": 'attachment; filename="pairs.xlsx"', "Cache-Control": "no-store"}
        return HttpResponse(marked, content_type=XLSX, headers=headers)
    context = {
        "table": table,
        "seen": seen,
        "faults": seen.faults[:SHOWN],
        "more": max(0, len(seen.faults) - SHOWN),
        "name": name,
        "content": base64.b64encode(content).decode(),
    }
    return render(request, "pairs/workbook.html", context)


def _sent(request) -> tuple[bytes, str]:
    """The file just chosen, or the one that was looked at a moment ago."""
    if request.POST.get("content"):
        try:
            return base64.b64decode(request.POST["content"], validate=True), request.POST.get("name", "")[
                :100
            ]
        except binascii.Error as broken:
            raise Http404 from broken
    content, name = sent_file(request, _("Choose the table, then press the button."))
    if len(content) > MOST:
        raise Unfinished([Fault("file", _("This table is too large for pairs. Keep the pairs only."))])
    return content, name


urlpatterns = [path("pairing/workbook", pairs_workbook, name="pairs_workbook")]
