"""A child by the official definitions — both of left-behind, de-facto unattended — and what a person should look at.

A hint for those who help, worked out when the file is opened and kept nowhere (R22, R24, P8-08).
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bangfu.engine import group
from bangfu.engine.fact import FactSpec, Stated
from bangfu.engine.group import Child, Group
from bangfu.engine.rule import Verdict
from bangfu.flow import adopt, known, look
from bangfu.flow.gaps import Asked
from bangfu.flow.known import Status
from bangfu.records.models import Pupil

LEFT_BEHIND = ("left_behind_gov", "left_behind_roll")
FIRST = ("parents_away", "caregiver_kind", "father_situation", "mother_situation")
NOT_ASKED = frozenset(
    {"birth_date", "hukou_type", "father_dead", "mother_dead"}
)  # the roll says them, or the situation
ASKERS = frozenset({"homeroom_teacher", "principal", "vice_principal", "aid_officer"})


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a reader who may see needs is told: what holds, what ended, what contradicts a list, and definitions."""

    known: tuple[tuple[FactSpec, Status], ...] = ()
    apart: tuple[tuple[Group, Verdict], ...] = ()  # two definitions that answer differently, side by side
    to_ask: tuple[tuple[Group, Verdict], ...] = ()  # holds by the definition, and nobody has certified it


def of_child(viewer, pupil_id: UUID, roles: frozenset[str]) -> Circumstances | None:
    """This function will give a child's circumstances, or None if its needs are not the viewer's to read; two queries."""
    if not look.may_see_needs(roles):
        return None
    commons = adopt.shelf().commons
    said = known.last([pupil_id], viewer.day).get(pupil_id, {})
    facts = {key: status.stated for key, status in said.items() if not status.is_over}
    child = Child(facts, _birth(pupil_id, facts), viewer.day)
    judged = {one.key: (one, group.judge(one, child, commons.facts)) for one in commons.groups.groups}
    two = [judged[key] for key in LEFT_BEHIND if key in judged]
    is_apart = group.said_apart({one.key: verdict for one, verdict in two})
    asks = [
        (one, verdict)
        for one, verdict in judged.values()
        if one.ask and verdict.answer and not group.recorded(facts.get(one.fact)) and roles & ASKERS
    ]
    shown = tuple((commons.facts[key], status) for key, status in said.items() if key in commons.facts)
    return Circumstances(shown, tuple(two) if is_apart else (), tuple(asks))


def asked(viewer, pupil_id: UUID) -> list[Asked]:
    """This function will list what the definitions ask of a child first, and what their answers then leave open."""
    facts, judged = _judged(viewer, pupil_id)
    names = dict.fromkeys(FIRST)
    for verdict in judged:
        names.update(dict.fromkeys(name for name in verdict.unknown if name not in NOT_ASKED))
    names.update(
        dict.fromkeys(key for key in facts if key.startswith(("father_", "mother_")) and key not in NOT_ASKED)
    )
    specs = adopt.shelf().commons.facts
    return [
        Asked(
            specs[name],
            (),
            facts[name].value if name in facts else None,
            facts[name].valid_from if name in facts else None,
        )
        for name in names
        if name in specs
    ]


def _judged(viewer, pupil_id: UUID) -> tuple[dict[str, Stated], list[Verdict]]:
    commons = adopt.shelf().commons
    facts = known.newest([pupil_id], viewer.day).get(pupil_id, {})
    child = Child(facts, _birth(pupil_id, facts), viewer.day)
    return facts, [group.judge(one, child, commons.facts) for one in commons.groups.groups]


def _birth(pupil_id: UUID, facts: dict[str, Stated]) -> date | None:
    on_roll = Pupil.objects.filter(pk=pupil_id).values_list("birth_on", flat=True).first()
    said = facts.get("birth_date")
    return on_roll or (said.value if said and isinstance(said.value, date) else None)
