"""名单: drop a list of another office, see what it would change, say what its columns are, load it, take it back.

Only whoever keeps the roll comes here; addresses and file names never say what a list is about. No JavaScript.
"""

from datetime import date, timedelta
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _

from bangfu.engine.fault import Fault
from bangfu.exchange.list_kind import kinds
from bangfu.flow import adopt, lists
from bangfu.flow.list_look import ListLook, Told
from bangfu.flow.lists import Answers
from bangfu.records.models import ListMatch, ReceivedList
from bangfu.web.intake import SHOWN, XLSX
from bangfu.web.place import Unfinished, act, address, done, page, render, sent_file

UNUSED = "-"  # a column that says nothing of use; "" leaves it as it was read
MATCH = Count("matches", filter=Q(matches__state="waiting"), distinct=True)
LEAVER = Count("leavers", filter=Q(leavers__state="waiting"), distinct=True)


def must_keep(viewer) -> None:
    """This function will turn away whoever does not keep the roll."""
    if not viewer.sees_roll:
        raise PermissionDenied(_("Lists are imported by the principal or the office that keeps the roll."))


def title_of(received: ReceivedList) -> str:
    """This function will say which list it is: what the school calls it, else its kind."""
    kind = kinds().get(received.source.removeprefix("list:"))
    return received.title or (kind.title if kind else "")


def fact_title(key: str) -> str:
    """This function will name a fact as people say it."""
    spec = adopt.shelf().commons.facts.get(key)
    return spec.title if spec else key


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Unfinished(
            [Fault("stated_on", _("This day was not understood."), _("Write it as 2026-10-08."))]
        ) from None


@page
def received_lists(request) -> HttpResponse:
    """This function will take a list and show which were received: of which day, how old, what waits."""
    viewer = request.viewer
    must_keep(viewer)
    if request.method == "POST":
        content, name = sent_file(request, _("Choose the list, then press the button."))
        answers = Answers(
            stated_on=_day(request.POST.get("stated_on", "")), title=request.POST.get("title", "")
        )
        one, _seen = lists.check(
            content=content, file_name=name, key=request.POST.get("kind", ""),
            by=viewer, answers=answers,
        )  # fmt: skip
        return done(request, address("list_one", one.pk), _("Read. Nothing has been written yet."))
    rows = (
        ReceivedList.objects.visible_to(viewer)
        .exclude(intake__state="dropped")
        .select_related("intake")
        .annotate(to_match=MATCH, to_settle=LEAVER)
        .order_by("-stated_on", "-intake__at")
    )
    shown = [
        (
            one.pk, title_of(one), one.stated_on, (viewer.day - one.stated_on).days, one.intake.state,
            one.intake.counts, one.to_match, one.to_settle,
        )
        for one in rows[:SHOWN]
    ]  # fmt: skip
    choices = [(kind.key, f"{kind.title}（{kind.issued_by}）") for kind in kinds().values()]
    waiting = ListMatch.objects.visible_to(viewer).waiting().count()
    return render(request, "lists/lists.html", {"received": shown, "kinds": choices, "waiting": waiting})


def _mine(request, list_id) -> ReceivedList:
    must_keep(request.viewer)
    rows = ReceivedList.objects.visible_to(request.viewer).select_related("intake")
    return get_object_or_404(rows, pk=list_id)


@page
def list_one(request, list_id) -> HttpResponse:
    """This function will show one list: what it would change, or what came of it."""
    one = _mine(request, list_id)
    if request.method == "POST":
        lists.tell(received=one, answers=_answers(request.POST), by=request.viewer)
        return done(request, address("list_one", one.pk), _("Kept, and read again."))
    if one.intake.state == "checked":
        return render(request, "lists/preview.html", _preview(one, request.viewer))
    return render(request, "lists/result.html", _result(one))


def _answers(posted) -> Answers:
    def pairs(of: str) -> dict[str, str]:
        both = zip(posted.getlist(of), posted.getlist(f"{of}_means"), strict=False)
        return {said: "" if means == UNUSED else means for said, means in both if means}

    stated_on = _day(posted["stated_on"]) if "stated_on" in posted else None
    return Answers(stated_on, posted.get("fact"), posted.get("title"), pairs("heading"), pairs("word"))


def _preview(one: ReceivedList, viewer) -> dict:
    seen = lists.look_again(received=one, by=viewer)
    if seen is None:
        raise Http404
    return {
        "one": one,
        "title": title_of(one),
        "counts": seen.counts,
        "to_look_at": seen.faults[:SHOWN],
        "more_faults": max(len(seen.faults) - SHOWN, 0),
        "notes": seen.reading.notes,
        "told": [_told(child) for child in seen.told if child.news][:SHOWN],
        "leavers": [(leaver.child.pupil.name, leaver.child.label) for leaver in seen.leavers[:SHOWN]],
        "knows_name": seen.reading.knows_name,
        "asks_fact": not seen.about.kind.fact and not seen.reading.states_kinds,
        "needs_fact": seen.asks_fact,
        "facts": _fact_choices(),
        "words": _words(seen),
        "columns": [(letter, heading, field) for heading, (letter, field) in seen.reading.headings.items()],
        "fields": _field_choices(seen),
        "unused": UNUSED,
        "is_large": seen.is_large,
        "is_ready": seen.reading.knows_name and not seen.asks_fact and bool(seen.reading.rows),
        "shown": SHOWN,
    }


def _told(told: Told) -> tuple[str, str, list[tuple[str, str, str]]]:
    facts = adopt.shelf().commons.facts

    def said(key, value) -> str:
        return "" if value is None else facts[key].said(value) if key in facts else str(value)

    parts = [
        (fact_title(key), said(key, before), said(key, after)) for key, (before, after) in told.news.items()
    ]
    return told.child.pupil.name, told.child.label, parts


def _fact_choices() -> list[tuple[str, str]]:
    facts = adopt.shelf().commons.facts.values()
    return [(fact.key, fact.title) for fact in facts if fact.of == "child" and fact.type == "bool"]


def _words(seen: ListLook) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """This function will give each word to explain with what to ask and the categories it may be, likely ones first."""
    code_list, day = adopt.shelf().commons.code_list, seen.about.stated_on
    every = [(one.fact, one.title_on(day)) for one in code_list.categories]
    out = []
    for word, ask in seen.reading.words.items():
        question = code_list.question(word, day)
        likely = [(one.fact, one.title_on(day)) for one in question.among] if question else []
        out.append((word, ask, [*likely, *(one for one in every if one not in likely)]))
    return out


def _field_choices(seen: ListLook) -> list[tuple[str, str]]:
    return [(key, column.title) for key, column in seen.about.kind.profile.columns.items()]


def _result(one: ReceivedList) -> dict:
    leavers = one.leavers.select_related("pupil").order_by("pupil__sort_key")
    asked = set(one.matches.filter(state="waiting").values_list("pupil", flat=True))
    return {
        "one": one,
        "title": title_of(one),
        "counts": one.intake.counts,
        "to_match": one.matches.filter(state="waiting").count(),
        "leavers": [
            (leaver.pk, leaver.pupil_id, leaver.pupil.name, leaver.state)
            for leaver in leavers
            if leaver.pupil_id not in asked  # perhaps on the list after all: the pair is looked at first
        ],
        "may_undo": lists.may_undo(one),
        "undo_until": one.intake.loaded_at + timedelta(days=lists.UNDO_DAYS)
        if one.intake.loaded_at
        else None,
    }


@page
def list_load(request, list_id) -> HttpResponse:
    """This function will load a checked list."""
    one = _mine(request, list_id)
    if request.method != "POST":
        return list_one(request, list_id)
    lists.load(received=one, by=request.viewer, confirmed=bool(request.POST.get("confirmed")))
    sentence = _("Loaded: %(sure)s pupils, %(unsure)s rows to compare.") % one.intake.counts
    return done(request, address("list_one", one.pk), sentence, undo=address("list_undo", one.pk))


@act
def list_undo(request, list_id) -> HttpResponse:
    """This function will take a loaded list back."""
    one = _mine(request, list_id)
    lists.undo(received=one, by=request.viewer)
    return done(
        request, address("list_one", one.pk), _("Taken back. What is known is as it was before this list.")
    )


@act
def list_drop(request, list_id) -> HttpResponse:
    """This function will put a list away that nobody wants to load."""
    one = _mine(request, list_id)
    lists.drop(received=one, by=request.viewer)
    return done(request, address("lists"), _("Put away. The file is gone."))


@page
def list_file(request, list_id) -> HttpResponse:
    """This function will hand the same workbook back with yellow cells and a last column."""
    content = lists.marked_workbook(received=_mine(request, list_id), by=request.viewer)
    if content is None:
        raise Http404
    disposition = f"attachment; filename=\"list.xlsx\"; filename*=UTF-8''{quote('要看一下.xlsx')}"
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition})


urlpatterns = [
    path("lists", received_lists, name="lists"),
    path("lists/<uuid:list_id>", list_one, name="list_one"),
    path("lists/<uuid:list_id>/load", list_load, name="list_load"),
    path("lists/<uuid:list_id>/undo", list_undo, name="list_undo"),
    path("lists/<uuid:list_id>/drop", list_drop, name="list_drop"),
    path("lists/<uuid:list_id>/file", list_file, name="list_file"),
]
