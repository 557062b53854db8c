"""记一笔: one sheet for children, a class or the school and one or several kinds, in three taps; looking, changing.

P9-03, P9-12, P9-15, P9-24, P9-30. A record sent twice is stored once; what was typed survives a refusal.
"""

from dataclasses import replace
from types import SimpleNamespace
from urllib.parse import urlencode
from uuid import uuid4

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext as _

from bangfu.flow import adopt, calling, company, look, places
from bangfu.flow import agenda as agendas
from bangfu.flow import record as verbs
from bangfu.records.models import Evidence, Pupil, SchoolClass
from bangfu.records.models.places import class_label
from bangfu.web import noted, record_form, record_whom
from bangfu.web.formats import day as day_of
from bangfu.web.formats import listed
from bangfu.web.place import act, address, done, page, render

MOST_FOUND = 30


@page
def record_new(request) -> HttpResponse:
    """This function will show the sheet (or the picker when nobody is chosen) and store what it says."""
    viewer = request.viewer
    came_back = getattr(request, "came_back", False)
    asked = request.POST if came_back or request.method == "POST" else request.GET
    if request.method == "POST":
        pupils = record_whom.those(viewer, asked.getlist("pupil"))
        evidence = verbs.add(entry=record_form.read(asked, viewer), pupils=pupils, by=viewer)
        return _noted(request, evidence, pupils)
    whom = record_whom.of(viewer, asked)
    if not whom.offered:
        return _picker(request)
    given = asked.getlist if came_back else (lambda name: ())
    chosen = asked.getlist("activities") if came_back else [whom.several] if whom.several else []
    if "again" in request.GET and not came_back:
        chosen, given = record_whom.kept(viewer, request.GET["again"])
    if not chosen and not came_back:
        known = {spec.key for spec in record_form.forms(viewer, ("interview", "home_teaching"))}
        chosen = _kind_of_duty(viewer, asked, known)
    context = {
        "title": whom.title,
        "whom": whom,
        "place": None,
        "record_id": asked.get("id") or str(uuid4()),
        "on": asked.get("on") or viewer.day.isoformat(),
        "parts": (parts := record_form.parts(viewer, chosen, given)),
        "went_along": _went_along(viewer, whom.offered, parts, given),
        "given": given,
        "before": SimpleNamespace(note="", bright_spot="", reflection="", next=""),
        "cancel": address("today"),
        "draft": whom.draft,
        "numbers": calling.numbers(viewer, whom.chosen),
    }
    return render(request, "record/sheet.html", {**context, **_sheet(viewer)})


@page
def record_class(request, class_id) -> HttpResponse:
    """This function will show the sheet of something done with a whole class, and store what it says."""
    school_class = SchoolClass.objects.visible_to(request.viewer).filter(pk=class_id).first()
    if school_class is None:
        raise Http404
    return _of_place(request, school_class)


@page
def record_school(request) -> HttpResponse:
    """This function will show the sheet of something done for the whole school, and store what it says."""
    return _of_place(request, None)


def _of_place(request, school_class: SchoolClass | None) -> HttpResponse:
    viewer, place = request.viewer, places.place_of(request.viewer, school_class)
    kinds = places.kinds(viewer, place, viewer.day)
    if not kinds:
        raise Http404
    if request.method == "POST":
        entry = record_form.read(request.POST, viewer, kinds)
        entry = replace(entry, school_class=school_class, whole_school=school_class is None)
        evidence = verbs.add(entry=entry, by=viewer)
        sentence, closed = _("Noted."), places.closed_by(viewer, evidence)
        if closed:
            sentence += _("This also completes: %(what)s.") % {"what": listed(closed)}
        undo = address("record_withdraw", evidence.pk)
        return done(request, address("today"), sentence, undo=undo)
    came_back = getattr(request, "came_back", False)
    asked = request.POST if came_back else request.GET
    chosen = asked.getlist("activities") if came_back else _kind_of_duty(viewer, asked, kinds)
    if not came_back and len(kinds) == 1:
        chosen = list(kinds)
    given = asked.getlist if came_back else (lambda name: ())
    context = {
        "title": _("Record: %(who)s") % {"who": place.label},
        "place": place,
        "record_id": asked.get("id") or str(uuid4()),
        "on": asked.get("on") or viewer.day.isoformat(),
        "parts": record_form.parts(viewer, chosen, given, kinds),
        "went_along": None,
        "given": given,
        "before": SimpleNamespace(note="", bright_spot="", reflection="", next=""),
        "cancel": address("today"),
        "draft": f"record-{place.kind}-{str(place.id)[:8]}",
    }
    return render(request, "record/sheet.html", {**context, **_sheet(viewer)})


def _went_along(viewer, pupils, parts, given, before=None):
    """For each part done at the home of a girl: who could have gone along. Nothing to ask for anybody else."""
    if not company.is_for(pupils, viewer):
        return None
    mates = company.mates([pupil.pk for pupil in pupils], viewer, before.staff_id if before else None)
    return {part.key: record_form.with_whom(part, mates, given, before) for part in parts if part.is_at_home}


def _sheet(viewer) -> dict:
    return {"danger": record_form.DANGER, "today": viewer.day.isoformat()}


def _kind_of_duty(viewer, asked, known) -> list[str]:
    """The kind an address asks for, by its name or by a duty's, if it is among those known to the sheet."""
    if asked.get("activity") in known:
        return [asked["activity"]]
    if key := asked.get("duty", "").partition("@")[0]:
        for plan in adopt.plans_in_force(viewer.school, viewer.day):
            for duty in plan.duties:
                if duty.key == key and (kinds := [k for k in (duty.form, *duty.accepts) if k in known]):
                    return kinds[:1]
    return []


def _noted(request, evidence, pupils) -> HttpResponse:
    if request.POST.get("back") != "pupil":
        return HttpResponseRedirect(noted.way(evidence))  # today's page works out what follows
    about = {pupil.pk for pupil in pupils}
    sentence, _then = record_whom.following(request.viewer, evidence, about, agendas.agenda(request.viewer))
    undo = address("record_withdraw", evidence.pk)
    return done(request, address("pupil", pupils[0].pk), sentence, undo=undo)


def _picker(request) -> HttpResponse:
    viewer, words = request.viewer, request.GET.get("q", "").strip()
    helped = sorted(agendas.agenda(viewer).helped, key=_most_waiting)
    found = look.pupil_rows(viewer, look.Wish(words=words)) if words or not helped else []
    cared = {
        pupil.pk
        for pupil in Pupil.objects.visible_to(viewer)
        .cared_for_by(viewer)
        .filter(pk__in=[r[0] for r in found])
    }
    others = [
        (row[0], row[1], class_label(row[2], row[3], viewer.day))
        for row in found[:MOST_FOUND]
        if row[0] in cared
    ]
    ask = [("duty", request.GET["duty"])] if request.GET.get("duty") else []
    context = {
        "helped": [
            (d.pupil_id, d.name, class_label(d.entry_year, d.class_number, viewer.day)) for d in helped
        ],
        "others": others,
        "places": _places(viewer, words),
        "words": words,
        "ask": "&" + urlencode(ask) if ask else "",
    }
    return render(request, "record/pick.html", context)


def _places(viewer, words: str) -> list[tuple[str, str]]:
    """Classes and the school somebody may record something for; a leader finds a class by its name."""
    found = places.recordable(viewer)
    if viewer.is_leader:
        found = [p for p in found if p.kind == "school" or (words and _bare(words) in _bare(p.label))]
    return [
        (p.label, address("record_school") if p.kind == "school" else address("record_class", p.id))
        for p in found
    ]


def _bare(label: str) -> str:
    return "".join(letter for letter in label if letter not in "（）() 班")


def _most_waiting(dossier):
    waiting = sum(s.state in agendas.WAITING for s in dossier.standings)
    return -waiting, dossier.sort_key


@page
def record(request, evidence_id) -> HttpResponse:
    """This function will show one record with its earlier versions, and let its author change it."""
    viewer = request.viewer
    row = _latest(viewer, evidence_id)
    is_own = row["author_id"] == viewer.staff.pk and not row["is_withdrawn"]
    if request.method == "POST":
        evidence = Evidence.objects.visible_to(viewer).get(pk=row["id"])
        entry = record_form.read(request.POST, viewer, _kinds_of(viewer, row))
        amended = verbs.amend(evidence=evidence, entry=entry, by=viewer)
        return done(request, address("record", amended.pk), _("Changed. The earlier words stay visible."))
    pupils = list(
        Pupil.objects.visible_to(viewer)
        .filter(evidence__evidence=row["id"])
        .order_by("sort_key")
        .values_list("pk", "name")
    )
    if is_own and ("change" in request.GET or getattr(request, "came_back", False)):
        return _change(request, row, evidence_id)
    earlier = look.earlier(viewer, [row["amends_id"]] if row["amends_id"] else [])
    context = {
        "title": _("%(what)s: %(who)s") % {
            "what": record_form.activity_names(row["activities"]), "who": _whom(viewer, row, pupils)
        },
        "row": row,
        "company": company.told(row["id"]),
        "is_visit": not company.at_home().isdisjoint(row["activities"]),
        "said_line": record_form.said(row["activities"], row["answers"]),
        "pupils": pupils,
        "is_own": is_own,
        "written_on": look.schedule.local_day(row["written_at"]),
        "versions": [version for some in earlier.values() for version in some],
    }  # fmt: skip
    return render(request, "record/record.html", context)


def _change(request, row: dict, evidence_id) -> HttpResponse:
    viewer, came_back = request.viewer, getattr(request, "came_back", False)
    pupils = list(Pupil.objects.visible_to(viewer).filter(evidence__evidence=row["id"]).order_by("sort_key"))
    asked, kinds = request.POST, _kinds_of(viewer, row)
    chosen = asked.getlist("activities") if came_back else row["activities"]
    given = asked.getlist if came_back else record_form.given_in(row)
    context = {
        "title": _("Change: %(who)s") % {"who": _whom(viewer, row, [(one.pk, one.name) for one in pupils])},
        "place": None if kinds is None else _place_of(viewer, row),
        "record_id": asked.get("id") or str(uuid4()),
        "on": asked.get("on") or row["happened_on"].isoformat(),
        "parts": (parts := record_form.parts(viewer, chosen, given, kinds)),
        "went_along": _went_along(viewer, pupils, parts, given, company.of(row["id"])),
        "given": given,
        "before": SimpleNamespace(
            note=row["note"], bright_spot=row["bright_spot"], reflection=row["reflection"],
            next=row["answers"].get("next", ""),
        ),
        "cancel": address("record", row["id"]),
        "draft": f"change-{evidence_id}",
        "amends": row["id"] if kinds is None else "",  # of a class or the school: only with a connection
    }  # fmt: skip
    return render(request, "record/sheet.html", {**context, **_sheet(viewer)})


def _place_of(viewer, row: dict) -> places.Place | None:
    if row["whole_school"]:
        return places.the_school(viewer)
    if row["school_class_id"]:
        of = SchoolClass(row["school_class_id"], viewer.school_id, *(row[column] for column in CLASS))
        return places.place_of(viewer, of)
    return None


def _whom(viewer, row: dict, pupils) -> str:
    place = _place_of(viewer, row)
    return place.label if place else listed(name for _pk, name in pupils)


def _kinds_of(viewer, row: dict) -> frozenset[str] | None:
    """What a record of a class or the school may be of: what it is, and what else may be recorded there."""
    place = _place_of(viewer, row)
    return places.kinds(viewer, place, row["happened_on"]) | set(row["activities"]) if place else None


CLASS = ("school_class__entry_year", "school_class__number")


def _latest(viewer, evidence_id) -> dict:
    columns = (
        "id", "author_id", "author__name", "happened_on", "written_at", "activities", "answers", "minutes", "note",
        "bright_spot", "reflection", "amends_id", "is_withdrawn", "amended_by__id",
        "whole_school", "school_class_id", *CLASS,
    )  # fmt: skip
    row = Evidence.objects.visible_to(viewer).filter(pk=evidence_id).values(*columns).first()
    while row is not None and row["amended_by__id"]:
        row = Evidence.objects.visible_to(viewer).filter(pk=row["amended_by__id"]).values(*columns).first()
    if row is None:
        raise Http404
    return row


@act
def record_withdraw(request, evidence_id) -> HttpResponse:
    """This function will take a record back; its last words stay in the trail, it counts for nothing."""
    evidence = Evidence.objects.visible_to(request.viewer).filter(pk=evidence_id).first()
    if evidence is None:
        raise Http404
    verbs.withdraw(evidence=evidence, by=request.viewer)
    sentence = _("Taken back: the record of %(day)s no longer counts.") % {
        "day": day_of(evidence.happened_on)
    }
    return done(request, address("today"), sentence)


urlpatterns = [
    path("record/new", record_new, name="record_new"),
    path("record/class/<uuid:class_id>", record_class, name="record_class"),
    path("record/school", record_school, name="record_school"),
    path("record/<uuid:evidence_id>", record, name="record"),
    path("record/<uuid:evidence_id>/withdrawn", record_withdraw, name="record_withdraw"),
]
