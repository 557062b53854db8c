"""结对: children without anyone on one side, adults on the other; the machine proposes, people confirm and accept.

Nothing is in force before 「确认」 (P9-02, P9-07, P9-18, P9-20). With the header X-Part only the board is answered,
so that each drag shows at once; every act is a plain form as well.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from bangfu.engine.plan import PairingRule
from bangfu.flow import adopt, avoidance, follow, pair, pair_by_hand, rearrange
from bangfu.records.models.cases import Case
from bangfu.records.models.pairings import Avoidance, Pairing
from bangfu.records.models.people import Pupil, Staff
from bangfu.records.models.places import class_label
from bangfu.web import navigation
from bangfu.web.pairs_board import board_of
from bangfu.web.pairs_pick import whys
from bangfu.web.place import act, address, done, page, render
from bangfu.web.which_plan import WhichPlan, which_plan

SLOTS = (N_("Long break"), N_("Lunch break"), N_("Last lesson of the afternoon"), N_("After school"))
DAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"))
PART = "X-Part"


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
        """This property will list the plan's pairings that people decide: (key, title)."""
        return tuple((rule.key, rule.title) for rule in _decided(self.plan))

    def at(self, place: str, *args, **more) -> str:
        """This function will give the address of a page or an act about this plan and pairing."""
        words = {"plan": self.plan.key} if self.which.query else {}
        words |= {"kind": self.rule.key} if len(self.rules) > 1 else {}
        words |= more
        return address(place, *args) + ("?" + urlencode(words) if words else "")


def table_of(request) -> Table:
    """This function will find the plan and the pairing named in the address, or the first ones in force."""
    which = which_plan(request, lambda plan: plan.subject == "child" and bool(_decided(plan)))
    rules, wanted = _decided(which.plan) if which.plan else (), request.GET.get("kind", "")
    return Table(which, next((rule for rule in rules if rule.key == wanted), rules[0] if rules else None))


def _decided(plan) -> tuple[PairingRule, ...]:
    """The plan's pairings with adults, without those that follow the class by themselves."""
    return tuple(rule for rule in pair.rules_of(plan) if not rule.fixed)


def _following(viewer) -> list[str]:
    """The pairings that nobody has to propose, as people call them."""
    plans = adopt.plans_in_force(viewer.school, viewer.day)
    return [f"{plan.short_title} · {rule.title}" for plan in plans for rule in follow.fixed_rules(plan)]


@page
def pairs(request) -> HttpResponse:
    """This function will show who has nobody yet, who could help, what is proposed and what is in force."""
    viewer, table = request.viewer, table_of(request)
    if table.plan is None:
        return render(request, "pairs/none.html", {"following": _following(viewer)})
    looks = viewer.is_leader or bool(viewer.entry_years or viewer.class_ids_as("homeroom_teacher"))
    decides = viewer.holds(*pair.DECIDERS)
    context = {"table": table, "decides": decides, "board": None}
    if looks:
        found = pair.table(table.plan, table.rule.key, viewer)
        asked, is_new = request.GET.get("pick", ""), bool(request.GET.get("proposed"))
        context["board"] = board_of(found, asked=asked, is_new=is_new)
    if looks and request.headers.get(PART):
        answer = render(request, "pairs/part.html", context)
        answer[PART] = "board"
        return answer
    context |= {
        "mine": _own_pairs(viewer, table),
        "slots": [(f"{_(day)} {_(slot)}", f"{_(day)} {_(slot)}") for day in DAYS for slot in SLOTS],
        "suspected": pair.suspected(viewer) if decides else (),
        "lapsed": rearrange.count(viewer, table.plan) if decides else 0,
        "following": _following(viewer),
        "near": navigation.near("pairs", viewer),
    }
    return render(request, "pairs/pairs.html", context)


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
    at = "case__pupil__enrolments__valid_"
    enrolled = Q(**{f"{at}from__lte": day}) & (Q(**{f"{at}to__isnull": True}) | Q(**{f"{at}to__gt": day}))
    rows = found.filter(enrolled).order_by(
        "-case__pupil__enrolments__school_class__entry_year",
        "case__pupil__enrolments__school_class__number",
        "case__pupil__sort_key",
    )
    keys = ("id", "pupil_id", "child", "entry_year", "number", "helper", "accepted_on", "time_slot", "since")
    listed = [dict(zip(keys, row, strict=True)) for row in rows.values_list(*COLUMNS)]
    return [{**row, "label": class_label(row["entry_year"], row["number"], day)} for row in listed]


def _own_pairs(viewer, table: Table) -> list[dict]:
    rows = Pairing.objects.visible_to(viewer).filter(plan_key=table.plan.key, kind=table.rule.key)
    return _rows(rows.in_force(viewer.day).filter(helper=viewer.staff), viewer.day)


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


def _helper(request) -> Staff:
    wanted = _uuids([request.POST.get("helper", "")])
    if not wanted:
        raise pair.NotAllowed(_("Choose who should help."))
    return get_object_or_404(Staff.objects.visible_to(request.viewer), pk=wanted[0])


def _case(request) -> Case:
    wanted = _uuids([request.POST.get("case", "")])
    return get_object_or_404(Case.objects.visible_to(request.viewer).select_related("pupil"), pk__in=wanted)


@act
def place(request) -> HttpResponse:
    """This function will propose the adult chosen by hand for a child's seat: a free one, or that of a proposal."""
    viewer, helper, table, moved = request.viewer, _helper(request), _table_or_refuse(request), None
    if pair_ids := _uuids([request.POST.get("pair", "")]):
        moved = Pairing.objects.visible_to(viewer).filter(pk=pair_ids[0], state="proposed").first()
    if moved:
        pair_by_hand.move(pairing=moved, helper=helper, plan=table.plan, by=viewer)
    else:
        kind = table.rule.key
        pair_by_hand.carry(case=_case(request), helper=helper, plan=table.plan, by=viewer, kind=kind)
    said = _("Changed: %(who)s. Not in force before you confirm.") % {"who": helper.name}
    return done(request, table.at("pairs"), said)


@act
def put_back(request) -> HttpResponse:
    """This function will take a proposal away; the child waits again."""
    table, wanted = _table_or_refuse(request), _uuids([request.POST.get("pair", "")])
    found = Pairing.objects.visible_to(request.viewer).filter(pk__in=wanted).first()
    if found:
        pair.put_back(pairing=found, by=request.viewer)
    return done(request, table.at("pairs"), _("Put back. The child waits for somebody."))


@act
def lock(request, pair_id) -> HttpResponse:
    """This function will keep a proposal when the machine proposes again."""
    pair.lock(pairing=_one(request, pair_id), by=request.viewer)
    return done(request, table_of(request).at("pairs"), _("Kept; a new proposal leaves it alone."))


@act
def unlock(request, pair_id) -> HttpResponse:
    """This function will let the machine change a proposal again."""
    pair.unlock(pairing=_one(request, pair_id), by=request.viewer)
    return done(request, table_of(request).at("pairs"), _("Released; a new proposal may change it."))


@act
def best(request) -> HttpResponse:
    """This function will put the best there is in place of what was kept by hand."""
    table = _table_or_refuse(request)
    pair_by_hand.best_instead(plan=table.plan, by=request.viewer, kind=table.rule.key)
    return done(
        request, table.at("pairs", proposed=1), _("This is the best there is. Look, change, then confirm.")
    )


@act
def avoid(request) -> HttpResponse:
    """This function will note that an adult should not help a child, and why, in any plan."""
    viewer, helper, pupil = request.viewer, _helper(request), _pupil(request)
    why, note = request.POST.get("why", ""), request.POST.get("note", "")
    if why not in dict(whys()):
        raise pair.SayWhy
    pair.avoid(pupil=pupil, staff=helper, why=why, by=viewer, note=note)
    said = _("Noted: %(who)s is not asked for this child.") % {"who": helper.name}
    return done(request, table_of(request).at("pairs"), said)


def _pupil(request) -> Pupil:
    if wanted := _uuids([request.POST.get("pupil", "")]):
        return get_object_or_404(Pupil.objects.visible_to(request.viewer), pk=wanted[0])
    return _case(request).pupil


@act
def unrelated(request) -> HttpResponse:
    """This function will note that a child is not this adult's own, so that nobody asks again."""
    avoidance.not_related(pupil=_pupil(request), staff=_helper(request), by=request.viewer)
    return done(request, table_of(request).at("pairs"), _("Noted. Nobody asks again."))


@act
def lift(request, avoidance_id) -> HttpResponse:
    """This function will end an avoidance; that it was stays written."""
    found = get_object_or_404(Avoidance.objects.visible_to(request.viewer), pk=avoidance_id)
    pair.lift(avoidance=found, by=request.viewer)
    return done(request, table_of(request).at("pairs"), _("Noted. This adult may be asked again."))


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
    path("pairing/best", best, name="pairs_best"),
    path("pairing/place", place, name="pairs_place"),
    path("pairing/place/back", put_back, name="pairs_put_back"),
    path("pairing/avoidance", avoid, name="pairs_avoid"),
    path("pairing/avoidance/none", unrelated, name="pairs_unrelated"),
    path("pairing/avoidance/<uuid:avoidance_id>/end", lift, name="pairs_lift"),
    path("pairing/<uuid:pair_id>/kept", lock, name="pair_lock"),
    path("pairing/<uuid:pair_id>/released", unlock, name="pair_unlock"),
    path("pairing/<uuid:pair_id>/acceptance", accept, name="pair_accept"),
    path("pairing/<uuid:pair_id>/refusal", decline, name="pair_decline"),
    path("pairing/<uuid:pair_id>/end", end, name="pair_end"),
]
