"""是不是同一个人: a row of a list beside a child of ours, why they may be one, and three answers. The next one comes up.

Numbers show only the digits that differ; nothing is shown that does not help to decide. Keyboard, no JavaScript.
"""

import json
from dataclasses import replace
from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bangfu.flow import list_pairs
from bangfu.flow.list_links import children_of
from bangfu.records.models import ListLeaver, ListMatch
from bangfu.records.models.places import class_label
from bangfu.web.formats import full_day
from bangfu.web.lists import fact_title, must_keep, title_of
from bangfu.web.place import act, address, done, page, render

LATER = "later"


def _mine(request, match_id) -> ListMatch:
    must_keep(request.viewer)
    rows = ListMatch.objects.visible_to(request.viewer).select_related("received__intake", "pupil")
    return get_object_or_404(rows, pk=match_id)


@page
def pairs(request) -> HttpResponse:
    """This function will show the next pair that waits, or say that none does."""
    must_keep(request.viewer)
    rows = list_pairs.waiting(by=request.viewer).select_related("received__intake", "pupil")
    match = rows.first()
    return render(
        request,
        "lists/pair.html",
        _shown(match, request, rows.count()) if match else {"match": None, "asks_family": False},
    )


@page
def pair(request, match_id) -> HttpResponse:
    """This function will show one pair, and note what a person says about it."""
    match = _mine(request, match_id)
    if request.method == "POST":
        return _answer(request, match)
    return render(
        request, "lists/pair.html", _shown(match, request, list_pairs.waiting(by=request.viewer).count())
    )


def _answer(request, match: ListMatch) -> HttpResponse:
    answer = request.POST.get("answer", "")
    if answer == LATER:
        list_pairs.put_off(match=match, by=request.viewer)
        return done(request, address("list_pairs"), _("Put off; it comes again at the end."))
    list_pairs.decide(match=match, answer=answer, by=request.viewer)
    sentence = _noted(match, answer)
    left = list_pairs.waiting(by=request.viewer).count()
    sentence += ngettext("%(num)s left.", "%(num)s left.", left) % {"num": left}
    return done(request, address("list_pairs"), sentence, undo=address("list_pair_undo", match.pk))


@act
def pair_undo(request, match_id) -> HttpResponse:
    """This function will put a decided pair back and show it again."""
    match = list_pairs.take_back(match=_mine(request, match_id), by=request.viewer)
    return done(request, address("list_pair", match.pk), _("Taken back. Please look at it again."))


def _asks_family(match: ListMatch) -> bool:
    """The row names a grown-up of the family, and no child: another question."""
    return match.how == "guardian"


def _noted(match: ListMatch, state: str) -> str:
    if _asks_family(match):
        return _("Noted: the pupil’s family.") if state == "same" else _("Noted: another family.")
    return _("Noted: the same person.") if state == "same" else _("Noted: somebody else.")


def _shown(match: ListMatch, request, waiting: int) -> dict:
    day = request.viewer.day
    row = json.loads(match.shown.reveal()) if match.shown else {}
    (child,) = children_of(pupils=[match.pupil_id], day=day)
    others = (
        match.received.matches.filter(row_key=match.row_key, state="waiting").exclude(pk=match.pk).count()
    )
    return {
        "match": match,
        "waiting": waiting,
        "others": others,
        "title": title_of(match.received),
        "stated_on": match.received.stated_on,
        "sides": _sides(row, child, day, asks_family=_asks_family(match)) if row else [],
        "states": [fact_title(key) for key in match.facts],
        "later": LATER,
        "asks_family": _asks_family(match),
        "noted": _noted(match, match.state),
    }


def _sides(row: dict, child, day: date, *, asks_family: bool = False) -> list[tuple[str, str, str, bool | None]]:
    """This function will give (what, on the list, ours, the same?) for what the list says, and the child's class.

    The last is None where our side is silent. Of a grown-up's row only what a family shares is compared.
    """
    ours = child.person
    if asks_family:
        ours = replace(ours, former_name="", sex="", birth_on=None, id_number="")
    numbers = _numbers(row.get("id_number", ""), ours.id_number)
    born = full_day(date.fromisoformat(row["birth_on"])) if row.get("birth_on") else ""
    label = class_label(*row["class"], day) if row.get("class") else ""
    sexes = {"1": _("boy"), "2": _("girl")}
    both = [
        (_("Name"), row.get("name", ""), ours.name),
        (_("Former name"), row.get("former_name", ""), ours.former_name),
        (_("Sex"), sexes.get(row.get("sex"), ""), sexes.get(ours.sex, "")),
        (_("Date of birth"), born, full_day(ours.birth_on)),
        (_("Family"), "、".join(row.get("guardians", ())), "、".join(ours.guardians)),
        (_("Village"), row.get("village", ""), ours.village),
        (_("Class"), label, child.label),
        (_("School"), row.get("school", ""), child.pupil.school.name if row.get("school") else ""),
        (_("In the household"), row.get("relation", ""), ""),
    ]
    out = [
        (what, here, there, None if asks_family and there == ours.name else _agree(here, there))
        for what, here, there in both
        if here or there == child.label
    ]
    if numbers[0]:
        same = row.get("id_number") == ours.id_number if row.get("id_number") and ours.id_number else None
        out.insert(1, (_("ID number"), *numbers, same))
    shared = set(row.get("phones", ())) & set(ours.phones)
    if row.get("phones") and ours.phones:
        tail = next(iter(shared), "")[-4:]
        here = f"***{tail}" if shared else f"***{row['phones'][0][-4:]}"
        out.append((_("Phone"), here, f"***{tail}" if shared else f"***{ours.phones[0][-4:]}", bool(shared)))
    return out


def _agree(here: str, there: str) -> bool | None:
    if not here or not there:
        return None
    return not {*here.split("、")}.isdisjoint(there.split("、")) or here in there or there in here


def _numbers(here: str, there: str) -> tuple[str, str]:
    """This function will write two numbers with stars, but for the digits in which they differ."""
    if len(here) != len(there) or here == there:
        return _tail(here), _tail(there)
    kept = [one != other for one, other in zip(here, there, strict=True)]
    return tuple(
        "".join(c if keep else "*" for c, keep in zip(text, kept, strict=True)) for text in (here, there)
    )


def _tail(number: str) -> str:
    return "*" * max(len(number) - 4, 0) + number[-4:]


@act
def leaver(request, leaver_id) -> HttpResponse:
    """This function will note what it means that a child is no longer on a list."""
    one = _leaver(request, leaver_id)
    list_pairs.mean(leaver=one, meaning=request.POST.get("meaning", ""), by=request.viewer)
    here = address("list_one", one.received_id)
    return done(request, here, _("Noted."), undo=address("list_leaver_undo", one.pk))


@act
def leaver_undo(request, leaver_id) -> HttpResponse:
    """This function will take back what was noted about a child no longer on a list."""
    one = list_pairs.unmean(leaver=_leaver(request, leaver_id), by=request.viewer)
    return done(request, address("list_one", one.received_id), _("Taken back."))


def _leaver(request, leaver_id) -> ListLeaver:
    must_keep(request.viewer)
    return get_object_or_404(ListLeaver.objects.visible_to(request.viewer), pk=leaver_id)


urlpatterns = [
    path("lists/pairs", pairs, name="list_pairs"),
    path("lists/pairs/<uuid:match_id>", pair, name="list_pair"),
    path("lists/pairs/<uuid:match_id>/undo", pair_undo, name="list_pair_undo"),
    path("lists/leavers/<uuid:leaver_id>", leaver, name="list_leaver"),
    path("lists/leavers/<uuid:leaver_id>/undo", leaver_undo, name="list_leaver_undo"),
]
