"""What happened to children, as the engine's events: absences and what records tell, in; a case that knows it, out.

Only what somebody recorded is an event: an absence, a test, progress, a conflict, a difficulty told.
"""

from collections.abc import Iterable
from dataclasses import replace

from bangfu.engine.case import Act, CaseEvent, CaseView, Spell


def absences(spells: Iterable[Spell]) -> tuple[CaseEvent, ...]:
    """This function will see a child's absences as events whose spell lasts until the last day away."""
    return tuple(CaseEvent("absence", spell.opens_on, spell.due_on) for spell in spells)


def with_events(view: CaseView, told: Iterable[tuple[Act, tuple[str, ...]]]) -> CaseView:
    """This function will add to a case what its records tell: [(Act, kinds of event)]."""
    events = tuple(CaseEvent(kind, act.on) for act, kinds in told for kind in kinds)
    return replace(view, events=view.events + events) if events else view
