"""结对: children without anyone on one side, adults on the other; the machine proposes, people confirm and accept.

Nothing is in force before 「确认」 (P9-02, P9-07, P9-18, P9-20).
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from bangfu.engine import matching
from bangfu.engine.plan import PairingRule
from bangfu.flow import pair
from bangfu.records.models.cases import Case
from bangfu.records.models.pairings import Pairing
from bangfu.records.models.people import Staff
from bangfu.records.models.places import SchoolClass, class_label
from bangfu.web.place import act, address, done, page, render
from bangfu.web.which_plan import WhichPlan, which_plan

SLOTS = (N_("Long break"), N_("Lunch break"), N_("Last lesson of the afternoon"), N_("After school"))
DAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"))


@dataclass(frozen=True, slots=True)
class Adult:
    """One line of the right side: an adult, the classes, and how many children they have and may have."""

    id: UUID
    name: str
    classes: tuple[str, ...]
    taken: int
    most: int


@dataclass(frozen=True, slots=True)
class Proposed:
    """One proposal with its reason and who else could do it."""

    id: UUID
    child: str
    label: str
    helper: str
    reason: str
    others: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """What the page is about: a plan in force and one of its pairings with an adult."""

    which: WhichPlan
    rule: PairingRule | None

    @property
    def plan(self):
        return self.which.plan

    @property
    def rules(self) -> tuple[tuple[str, str], ...]:
        """This property will list the plan's pairings: (key, title)."""
        return tuple((rule.key, rule.title) for rule in pair.rules_of(self.plan))

    def at(self, place: str, *args, **more) -> str:
        """This function will give the address of a page or an act about this plan and pairing."""
        words = {"plan": self.plan.key} if self.which.query else {}
        words |= {"kind": self.rule.key} if len(self.rules) > 1 else {}
        words |= more
        return address(place, *args) + ("?" + urlencode(words) if words else "")


def table_of(request) -> Table:
    """This function will find the plan and the pairing named in the address, or the first ones in force."""
    which = which_plan(request, lambda plan: plan.subject == "child" and bool(pair.rules_of(plan)))
    return Table(which, pair.rule_of(which.plan, request.GET.get("kind", "")) if which.plan else None)


@page
def pairs(request) -> HttpResponse:
    """This function will show who has nobody yet, who could help, what is proposed and what is in force."""
    viewer, table = request.viewer, table_of(request)
    if table.plan is None:
        return render(request, "pairs/none.html")
    context = {
        "table": table,
        "mine": _own_pairs(viewer, table),
        "slots": [(f"{_(day)} {_(slot)}", f"{_(day)} {_(slot)}") for day in DAYS for slot in SLOTS],
        "decides": viewer.holds(*pair.DECIDERS),
        "looks": viewer.is_leader or bool(viewer.entry_years or viewer.class_ids_as("homeroom_teacher")),
    }
    return render(request, "pairs/pairs.html", context | _both_sides(request, table))


def _both_sides(request, table: Table) -> dict:
    viewer, plan, rule = request.viewer, table.plan, table.rule
    labels = _labels(viewer)
    seen = Case.objects.visible_to(viewer)
    children = [c for c in pair.children_without(plan, seen, viewer.day, rule.key) if c.class_id in labels]
    helpers = pair.helpers_for(rule, plan, viewer)
    proposals = _proposals(viewer, table, labels, (children, helpers))
    waiting = {proposal.child_id: proposal.helper_id for proposal in _open(viewer, table)}
    names = {class_id: label for class_id, (_place, label) in labels.items()}
    shortages = ()
    if request.GET.get("proposed"):
        named = [_titled(child, names) for child in children]
        here = [h for h in helpers.values() if None in h.roles or not labels.keys().isdisjoint(h.roles)]
        shortages = matching.shortages(named, here, waiting, rule)
    return {
        "without": sorted(
            ((labels[c.class_id][0], c.name, names[c.class_id]) for c in children if c.id not in waiting),
        ),
        "adults": _adults(helpers, labels),
        "proposals": proposals,
        "shortages": [shortage.sentence for shortage in shortages],
        "in_force": _in_force(viewer, table),
    }


def _titled(child, names):
    return replace(child, class_title=names[child.class_id])


def _labels(viewer) -> dict[UUID, tuple]:
    classes = SchoolClass.objects.visible_to(viewer)
    if not viewer.is_leader:
        classes = classes.filter(Q(pk__in=viewer.class_ids) | Q(entry_year__in=viewer.entry_years))
    return {one.pk: ((-one.entry_year, one.number), one.label_on(viewer.day)) for one in classes.in_order()}


def _adults(helpers, labels) -> list[Adult]:
    found = defaultdict(list)
    for helper in helpers.values():
        here = sorted(labels[class_id] for class_id in helper.roles if class_id in labels)
        if here or None in helper.roles:  # those of the whole school come last
            place = here[0] if here else ((1, 0), "")
            found[place].append(
                Adult(helper.id, helper.name, tuple(label for _, label in here), helper.taken, helper.most)
            )
    return [adult for place in sorted(found) for adult in sorted(found[place], key=lambda a: a.name)]


@dataclass(frozen=True, slots=True)
class _Open:
    id: UUID
    child_id: UUID
    child: str
    helper_id: UUID
    helper: str
    reason: str


def _open(viewer, table) -> list[_Open]:
    rows = _pairs_of(viewer, table).filter(state="proposed")
    found = rows.values_list("id", "case_id", "case__pupil__name", "helper_id", "helper__name", "reason")
    return [_Open(*row) for row in found]


def _pairs_of(viewer, table: Table):
    return Pairing.objects.visible_to(viewer).filter(case__plan_key=table.plan.key, kind=table.rule.key)


def _proposals(viewer, table, labels, both) -> list[Proposed]:
    children, helpers = both
    by_id = {child.id: child for child in children}
    rule, found = table.rule, []
    for row in _open(viewer, table):
        child = by_id.get(row.child_id)
        if child is None:
            continue
        able = [h for h in helpers.values() if matching.allowed(rule, child, h) and h.id != row.helper_id]
        others = tuple(
            (str(h.id), f"{h.name} {h.taken} / {h.most}")
            for h in sorted(able, key=lambda h: (h.taken, h.name))
        )
        place, label = labels[child.class_id]
        found.append((place, child.name, Proposed(row.id, child.name, label, row.helper, row.reason, others)))
    return [proposed for _place, _name, proposed in sorted(found, key=lambda one: one[:2])]


COLUMNS = (
    "id",
    "case__pupil_id",
    "case__pupil__name",
    "case__pupil__enrolments__school_class__entry_year",
    "case__pupil__enrolments__school_class__number",
    "helper__name",
    "accepted_on",
    "time_slot",
    "valid_from",
)


def _rows(found, day) -> list[dict]:
    enrolled = Q(case__pupil__enrolments__valid_to__isnull=True)
    rows = found.filter(enrolled).order_by(
        "-case__pupil__enrolments__school_class__entry_year",
        "case__pupil__enrolments__school_class__number",
        "case__pupil__sort_key",
    )
    keys = ("id", "pupil_id", "child", "entry_year", "number", "helper", "accepted_on", "time_slot", "since")
    listed = [dict(zip(keys, row, strict=True)) for row in rows.values_list(*COLUMNS)]
    return [{**row, "label": class_label(row["entry_year"], row["number"], day)} for row in listed]


def _in_force(viewer, table) -> list[dict]:
    return _rows(_pairs_of(viewer, table).in_force(viewer.day), viewer.day)


def _own_pairs(viewer, table) -> list[dict]:
    return _rows(_pairs_of(viewer, table).in_force(viewer.day).filter(helper=viewer.staff), viewer.day)


@act
def propose(request) -> HttpResponse:
    """This function will let the machine propose an adult for each child without one."""
    table = _table_or_refuse(request)
    found = pair.propose(plan=table.plan, by=request.viewer, kind=table.rule.key)
    if not found.pairings and not found.shortages:
        return done(request, table.at("pairs"), _("Every child has an adult already."))
    said = ngettext(
        "%(num)s pair proposed. Look, change, then confirm.",
        "%(num)s pairs proposed. Look, change, then confirm.",
        len(found.pairings),
    )
    return done(request, table.at("pairs", proposed=1), said % {"num": len(found.pairings)})


def _table_or_refuse(request) -> Table:
    table = table_of(request)
    if table.plan is None:
        raise pair.NotAllowed(_("No plan with pairs is in use now."))
    return table


@act
def confirm(request) -> HttpResponse:
    """This function will put the proposals named in the form in force."""
    viewer, wanted = request.viewer, request.POST.getlist("pair")
    table = _table_or_refuse(request)
    found = list(Pairing.objects.visible_to(viewer).filter(pk__in=_uuids(wanted)))
    if len(found) < len(set(wanted)) or not found:
        raise pair.AlreadyPaired(
            _("Somebody has just changed these proposals. Here they are as they stand now.")
        )
    confirmed = pair.confirm(pairings=found, plan=table.plan, by=viewer)
    said = ngettext(
        "%(num)s pair is in force from today.", "%(num)s pairs are in force from today.", len(confirmed)
    )
    return done(request, table.at("pairs"), said % {"num": len(confirmed)})


def _uuids(words) -> list[UUID]:
    found = []
    for word in words:
        try:
            found.append(UUID(word))
        except ValueError:
            continue
    return found


def _one(request, pair_id) -> Pairing:
    rows = Pairing.objects.visible_to(request.viewer).select_related("case", "helper")
    return get_object_or_404(rows, pk=pair_id)


@act
def reassign(request, pair_id) -> HttpResponse:
    """This function will give a proposal another adult."""
    wanted = _uuids([request.POST.get("helper", "")])
    if not wanted:
        raise pair.NotAllowed(_("Choose who should help instead."))
    helper = get_object_or_404(Staff.objects.visible_to(request.viewer), pk=wanted[0])
    table = _table_or_refuse(request)
    chosen = pair.reassign(pairing=_one(request, pair_id), helper=helper, plan=table.plan, by=request.viewer)
    said = _("Changed: %(who)s. Not in force before you confirm.") % {"who": chosen.helper.name}
    return done(request, table.at("pairs", proposed=1), said)


@act
def accept(request, pair_id) -> HttpResponse:
    """This function will note that I take the child on, with a weekly time."""
    slot = request.POST.get("own_slot", "").strip() or request.POST.get("slot", "")
    pair.accept(pairing=_one(request, pair_id), time_slot=slot, by=request.viewer)
    return done(request, table_of(request).at("pairs"), _("Noted. The pupil is among yours from now on."))


@act
def decline(request, pair_id) -> HttpResponse:
    """This function will note that I cannot take the child on, and why."""
    pair.decline(pairing=_one(request, pair_id), because=request.POST.get("because", ""), by=request.viewer)
    return done(request, table_of(request).at("pairs"), _("Noted. Somebody else will be asked."))


@act
def end(request, pair_id) -> HttpResponse:
    """This function will end a pair with a reason; records stay."""
    pair.end(pairing=_one(request, pair_id), because=request.POST.get("because", ""), by=request.viewer)
    return done(
        request,
        table_of(request).at("pairs"),
        _("The pair has ended. What was recorded stays with the pupil."),
    )


urlpatterns = [
    path("pairing", pairs, name="pairs"),
    path("pairing/proposal", propose, name="pairs_propose"),
    path("pairing/confirmation", confirm, name="pairs_confirm"),
    path("pairing/<uuid:pair_id>/helper", reassign, name="pair_reassign"),
    path("pairing/<uuid:pair_id>/acceptance", accept, name="pair_accept"),
    path("pairing/<uuid:pair_id>/refusal", decline, name="pair_decline"),
    path("pairing/<uuid:pair_id>/end", end, name="pair_end"),
]
