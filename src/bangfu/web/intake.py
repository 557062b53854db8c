"""导入: drop the roll, see what it would change, load it, take it back. Works without JavaScript.

A file says who is new, changed, unchanged or missing before anything is written (station 1, enrol; ux §2.6).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bangfu.exchange import profile
from bangfu.flow import enrol
from bangfu.flow import undo as undoing
from bangfu.records.models.facts import Intake
from bangfu.records.models.people import Pupil
from bangfu.records.models.places import class_label
from bangfu.records.seal import Sealed
from bangfu.web.formats import full_day
from bangfu.web.place import act, address, done, page, render, sent_file

SHOWN = 50  # rows of each list; the marked workbook has all of them
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SEALED_PARTS = ("phone", "address", "id_number", "roll_no")


@dataclass(frozen=True, slots=True)
class Change:
    """One child of the preview: who, where, and (title, before, after) for what differs."""

    name: str
    label: str
    parts: tuple[tuple[str, str, str], ...]


def _must_keep(viewer) -> None:
    if not viewer.sees_roll:
        raise PermissionDenied(_("The roll is imported by the principal or the office that keeps it."))


@page
def intake(request) -> HttpResponse:
    """This function will take a file and show what was imported before."""
    viewer = request.viewer
    _must_keep(viewer)
    if request.method == "POST":
        content, name = sent_file(request, _("Choose the roll, then press the button."))
        row, _seen = enrol.check(content=content, file_name=name, by=viewer)
        return done(request, address("intake_one", row.pk), _("Read. Nothing has been written yet."))
    before = Intake.objects.visible_to(viewer).filter(kind="roll").exclude(state="dropped").order_by("-at")[:10]
    rows = [(one.pk, one.file_name, one.at, one.state, one.counts) for one in before]
    return render(request, "intake/intake.html", {"before": rows})


@page
def intake_one(request, intake_id) -> HttpResponse:
    """This function will show one file: what it would change, or what came of it."""
    viewer = request.viewer
    row = _mine(request, intake_id)
    if row.state == "checked":
        return render(request, "intake/preview.html", _preview(row, viewer))
    return render(request, "intake/result.html", _result(row, viewer))


def _mine(request, intake_id) -> Intake:
    return get_object_or_404(Intake.objects.visible_to(request.viewer).filter(kind="roll"), pk=intake_id)


def _preview(row: Intake, viewer) -> dict:
    seen = enrol.look_again(intake=row, by=viewer)
    if seen is None:
        raise Http404
    found = seen.difference
    return {
        "intake": row,
        "counts": seen.counts,
        "faults": (),
        "to_look_at": seen.faults[:SHOWN],
        "more_faults": max(len(seen.faults) - SHOWN, 0),
        "columns": [(column.column, column.heading or "—", column.title) for column in seen.reading.columns],
        "unknown": seen.reading.unknown_headings,
        "notes": seen.reading.notes,
        "new": [
            (one.name, class_label(one.entry_year, one.class_number, viewer.day)) for one in found.new[:SHOWN]
        ],
        "changed": [_change(one, viewer.day) for one in found.changed[:SHOWN]],
        "gone": [
            (one.pupil.name, one.enrolment.school_class.label_on(viewer.day)) for one in found.gone[:SHOWN]
        ],
        "back": [
            (one.known.pupil.pk, one.row.name, full_day(one.known.pupil.left_on))
            for one in found.back[:SHOWN]
        ],
        "is_large": found.is_large,
        "shown": SHOWN,
        "loadable": seen.counts["new"] + seen.counts["changed"] + seen.counts["same"] + seen.counts["back"],
    }


def _change(change, day: date) -> Change:
    row = change.row
    parts = []
    for name, (before, after) in change.fields.items():
        if name == "facts":
            titles = profile.load().columns
            for key, value in after.items():
                parts.append((titles[f"facts.{key}"].title, _plain(before[key]), _plain(value)))
        elif name == "school_class":
            parts.append((_("Class"), class_label(*before, day) if before else "", class_label(*after, day)))
        else:
            parts.append((_title(name), _shown(name, before), _shown(name, after)))
    return Change(row.name, class_label(row.entry_year, row.class_number, day), tuple(parts))


def _title(name: str) -> str:
    group, position, part = (*name.split("."), "", "")[:3]
    titles = profile.load().columns
    if group == "guardian":
        return titles[f"{'first' if position == '1' else 'second'}.{part}"].title
    return titles[name].title


def _shown(name: str, value) -> str:
    """This function will write a value for the preview; numbers and addresses only by head and tail."""
    if name.rpartition(".")[2] in SEALED_PARTS:
        if isinstance(value, Sealed):
            return value.masked()
        return Sealed(value, "").masked() if value else ""
    if name == "sex":
        return {"1": _("boy"), "2": _("girl")}.get(value, "")
    return _plain(value)


def _plain(value) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return full_day(value)
    return "" if value is None else str(value)


def _result(row: Intake, viewer) -> dict:
    still_here = Q(
        pk__in=row.counts.get("gone_ids", ()), left_on__isnull=True, enrolments__valid_to__isnull=True
    )
    gone = (
        Pupil.objects.visible_to(viewer)
        .filter(still_here)
        .values_list("pk", "name", "enrolments__school_class__entry_year", "enrolments__school_class__number")
    )
    return {
        "intake": row,
        "counts": row.counts,
        "gone": [
            (pk, name, class_label(year, number, viewer.day)) for pk, name, year, number in gone[:SHOWN]
        ],
        "may_undo": undoing.may_undo(row),
        "undo_until": (row.loaded_at + timedelta(days=enrol.UNDO_DAYS)) if row.loaded_at else None,
        "has_file": row.content is not None,
    }


@page
def intake_load(request, intake_id) -> HttpResponse:
    """This function will load a checked file."""
    row = _mine(request, intake_id)
    if request.method != "POST":
        return intake_one(request, intake_id)
    row = enrol.load(
        intake=row,
        by=request.viewer,
        confirmed=bool(request.POST.get("confirmed")),
        back=request.POST.getlist("back"),
    )
    sentence = _("Imported: %(new)s new, %(changed)s changed.") % row.counts
    return done(request, address("intake_one", row.pk), sentence, undo=address("intake_undo", row.pk))


@act
def intake_undo(request, intake_id) -> HttpResponse:
    """This function will take a load back."""
    row = _mine(request, intake_id)
    counts = undoing.undo(intake=row, by=request.viewer)
    sentence = _("Taken back: %(gone)s new pupils removed, %(restored)s put back.") % counts
    if counts["kept"]:
        kept = counts["kept"]
        sentence += ngettext(
            "%(num)s has records already and stays.", "%(num)s have records already and stay.", kept
        ) % {"num": kept}
    return done(request, address("intake_one", row.pk), sentence)


@act
def intake_left(request, intake_id) -> HttpResponse:
    """This function will note that a child who is not in the file has left."""
    row = _mine(request, intake_id)
    pupil = get_object_or_404(
        Pupil.objects.visible_to(request.viewer),
        pk=request.POST.get("pupil"),
        pk__in=row.counts.get("gone_ids", ()),
    )
    enrol.leave(pupil=pupil, on=request.day, by=request.viewer)
    return done(request, address("intake_one", row.pk), _("Noted: %(name)s has left.") % {"name": pupil.name})


@page
def intake_file(request, intake_id) -> HttpResponse:
    """This function will hand the same workbook back with yellow cells and a last column."""
    row = _mine(request, intake_id)
    content = enrol.marked_workbook(intake=row, by=request.viewer)
    if content is None:
        raise Http404
    name = f"要看一下_{row.file_name.rpartition('.')[0] or row.file_name}.xlsx"
    disposition = f"attachment; filename=\"roll.xlsx\"; filename*=UTF-8''{quote(name)}"
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition})


urlpatterns = [
    path("intake", intake, name="intake"),
    path("intake/<uuid:intake_id>", intake_one, name="intake_one"),
    path("intake/<uuid:intake_id>/load", intake_load, name="intake_load"),
    path("intake/<uuid:intake_id>/undo", intake_undo, name="intake_undo"),
    path("intake/<uuid:intake_id>/left", intake_left, name="intake_left"),
    path("intake/<uuid:intake_id>/file", intake_file, name="intake_file"),
]
