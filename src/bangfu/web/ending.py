"""快到期: whose circumstances end soon or ended, for those who see to it; and a child's circumstances in its file.

The list names children and days, never the kind: lists are read over shoulders. What it is, the file says to whoever
may read it (R21–R25, P0-35).
"""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from bangfu.engine import timeline
from bangfu.engine.fact import FactSpec, source_of
from bangfu.engine.group import Group
from bangfu.engine.rule import Verdict
from bangfu.flow import ending, groups, known, look, record, signals
from bangfu.flow import gaps as verbs
from bangfu.flow.ending import Ending
from bangfu.flow.known import Status
from bangfu.records.models import Pupil
from bangfu.records.models.places import class_label
from bangfu.web import gaps
from bangfu.web.formats import day as day_of
from bangfu.web.place import act, address, done, page, render

MOST = 100
WHY = {
    timeline.AGE: N_("the age is reached"),
    timeline.TERM: N_("the term is over"),
    timeline.YEAR: N_("the school year is over"),
    timeline.WORD: N_("the official list has a new name and is drawn up anew"),
    timeline.SAID: N_("the day named in the statement has come"),
}
ANSWERS = {True: N_("yes"), False: N_("no"), None: N_("not known yet")}


@dataclass(frozen=True, slots=True)
class Need:
    """One line of 需要的支持 in a file; `to_do` where it ended, `against` where the school says otherwise than a list."""

    key: str
    title: str
    words: str
    since: str
    to_do: str = ""
    against: str = ""
    may_renew: bool = False
    is_no: bool = False  # a plain no: folded away, so that a page shows what matters


@page
def ending_list(request) -> HttpResponse:
    """This function will list children with something that ended or ends soon, the longest ended first."""
    viewer = request.viewer
    if not ending.may_see(viewer):
        raise Http404
    found = ending.of(viewer)
    over, soon = (
        [_row(one, viewer.day) for one in found if one.is_over is is_over] for is_over in (True, False)
    )
    context = {
        "over": over[:MOST],
        "soon": soon[:MOST],
        "more": max(len(over) - MOST, 0) + max(len(soon) - MOST, 0),
    }
    return render(request, "ending/list.html", context)


def _row(one: Ending, day) -> tuple:
    """(pupil id, name, class, when and why, what to do): the kind of circumstance is not named in a list."""
    why = _(WHY.get(one.because, WHY[timeline.SAID]))
    if one.is_over:
        when = _("ended on %(day)s: %(why)s") % {"day": day_of(one.ends_on), "why": why}
    else:
        when = _("ends on %(day)s: %(why)s") % {"day": day_of(one.ends_on), "why": why}
    return one.pupil_id, one.name, class_label(*one.class_of, day), when, _to_do(one)


def _to_do(one: Ending) -> str:
    if one.because == timeline.AGE:
        return _("Talk about what the child still needs; nothing is taken away by itself.")
    if one.because == timeline.YEAR:
        return _("It is decided anew by the procedure of the school year.")
    if one.by:
        return _("Wait for the new list of %(who)s, or ask there; the family brings no paper.") % {
            "who": one.by
        }
    if one.may_renew:
        return _("Still so? One tap in the file.")
    return _("Ask again when the time comes.")


@act
def renewed(request) -> HttpResponse:
    """This function will say anew that something still holds, or no longer does; the words stand in the form."""
    try:
        pupil_id = UUID(request.POST.get("pupil", ""))
    except ValueError as broken:
        raise Http404 from broken
    pupil = get_object_or_404(Pupil.objects.visible_to(request.viewer), pk=pupil_id)
    holds = request.POST.get("holds") == "1"
    ending.renew(pupil=pupil, fact=request.POST.get("fact", ""), holds=holds, by=request.viewer)
    said = _("Kept: it still holds, from today on.") if holds else _("Kept: it no longer holds.")
    return done(request, address("pupil", pupil.pk), said)


@page
def at_home(request, pupil_id: UUID) -> HttpResponse:
    """This function will ask what the official definitions need: who is away, who cares for the child."""
    viewer = request.viewer
    pupil = get_object_or_404(Pupil.objects.visible_to(viewer), pk=pupil_id)
    roles = record.roles_on([pupil], by=viewer)[pupil.pk]
    if roles.isdisjoint(verbs.WHO) or not look.may_see_needs(roles):
        raise Http404
    asked = groups.asked(viewer, pupil.pk)
    if request.method == "POST":
        posted = {one.spec: request.POST.get(f"fact.{one.spec.key}", "") for one in asked}
        verbs.state(
            pupil=pupil, values={spec.key: gaps.read(spec, text) for spec, text in posted.items()}, by=viewer
        )
        more = [one for one in groups.asked(viewer, pupil.pk) if one.is_missing and one.spec not in posted]
        if more:
            return done(
                request, address("at_home", pupil.pk), _("Kept. One or two things more, if you know them.")
            )
        return done(request, address("pupil", pupil.pk), _("Kept. It is known in every plan now."))
    context = {"child": pupil, "fields": [gaps.field(one, request) for one in asked]}
    return render(request, "ending/at_home.html", context)


def section(viewer, child: dict, roles: frozenset[str]) -> dict:
    """This function will give what a child's file says of its circumstances, for whoever may read them; {} for others."""
    found = groups.of_child(viewer, child["id"], roles)
    if found is None:
        return {"needs": None}
    ends = {}
    if ending.may_see(viewer) and any(status.is_over for _spec, status in found.known):
        pupil = Pupil(pk=child["id"])
        ends = {one.fact.key: one for one in ending.of(viewer, pupil) if one.is_over}
    return {
        "needs": [
            _need(spec, status, ends.get(spec.key))
            for spec, status in found.known
            if _is_told(spec, status, all_of_it=child["is_cared"])
        ],
        "apart": [_told(*one) for one in found.apart],
        "to_ask": [_told(*one) for one in found.to_ask],
        "may_say_home": child["is_cared"] and not roles.isdisjoint(verbs.WHO),
        "looks": signals.of_child(viewer, child["id"], roles) if child["is_cared"] else (),
    }


def _is_told(spec: FactSpec, status: Status, *, all_of_it: bool) -> bool:
    """The office reads what lists and the roll say, not what a teacher observed."""
    if status.stated.value in (None, "") or spec.type == "date":
        return False
    return all_of_it or status.stated.source != "survey"


def _need(spec: FactSpec, status: Status, end: Ending | None) -> Need:
    stated = status.stated
    words = (
        spec.said(stated.value)
        if not isinstance(stated.value, bool)
        else _("yes")
        if stated.value
        else _("no")
    )
    since = _("known since %(day)s") % {"day": day_of(stated.valid_from)}
    to_do, against = "", ""
    if status.is_over:
        why = _(WHY.get(stated.ended_by, WHY[timeline.SAID]))
        to_do = _("ended on %(day)s: %(why)s") % {"day": day_of(stated.valid_to), "why": why}
        to_do += _(". Not known any more; please ask again.")
        if end is not None and not end.may_renew:
            to_do += _to_do(end)
    if status.against is not None:
        against = _("The list says %(list)s; %(who)s said %(other)s on %(day)s. Please clear it up.") % {
            "list": words, "who": source_of(status.against.source), "other": spec.said(status.against.value),
            "day": day_of(status.against.valid_from),
        }  # fmt: skip
    certified = known.is_certified(stated.source)
    return Need(
        spec.key,
        spec.title,
        words,
        since,
        to_do,
        against,
        bool(end and end.may_renew and not certified),
        stated.value is False and not to_do and not against,
    )


def _told(group: Group, verdict: Verdict) -> tuple[str, str, tuple[str, ...], str]:
    """(which definition, its answer, why, what to do)."""
    return group.title, _(ANSWERS[verdict.answer]), tuple(r.text for r in verdict.reasons), group.ask


urlpatterns = [
    path("ending", ending_list, name="ending"),
    path("pupils/<uuid:pupil_id>/at-home", at_home, name="at_home"),
    path("ending/renewed", renewed, name="ending_renewed"),
]
