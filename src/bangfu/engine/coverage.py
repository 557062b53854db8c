"""Where a child of the roll stands, in one plan and in all of them: helped, looked at, waiting, left out — or open.

In: what people did and what the rule answers, per plan. Out: one of the places below, so that a roll always adds up
(P0-34, P5-02, P8-06, R30). Open is the difference: what nobody has settled yet, with the one thing to do next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Where a child stands; everything but `open` is an answer."""

    helped = "helped"  # an open case
    clear = "clear"  # looked at, and nothing asks for help; or help ended this term, with a sentence
    passed = "passed"  # looked at; the plan takes a few, and others were chosen
    waiting = "waiting"  # looked at; a named fact is still to be asked
    excluded = "excluded"  # left out, by somebody, for a reason
    open = "open"  # nobody has settled it


class Todo(StrEnum):
    """What would settle an open child, the most urgent first."""

    take_in = "take_in"  # the plan takes everybody who fits, and the child does
    hand_in = "hand_in"  # ticked, the survey is not handed in
    choose = "choose"  # worth a look: choose or not, then hand in
    say_why = "say_why"  # fits a plan, was chosen in none
    look = "look"  # nobody has looked yet
    find_class = "find_class"  # on the roll, in no class
    find_plan = "find_plan"  # no plan in use chooses children


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a child for one plan: the rule's answer and its fewest open facts, and what people did."""

    answer: bool | None = None
    unknown: tuple[str, ...] = ()
    takes_all: bool = False
    is_helped: bool = False
    is_ended: bool = False  # a case of this plan ended this term
    is_excluded: bool = False
    is_in_survey: bool = (
        False  # somebody answered something about the child in this plan's survey of the term
    )
    is_asked: bool = False  # every fact that is still open was asked about this term, and nobody knows yet
    is_chosen: bool = False
    is_handed_in: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a child stands; `facts` are the fewest that could settle it, `at` the plan that speaks."""

    kind: Kind
    todo: Todo | None = None
    facts: tuple[str, ...] = ()
    at: str = ""


def in_plan(seen: Seen, at: str = "") -> Place:
    """This function will say where a child stands in one plan; every case ends in exactly one place."""
    if seen.is_helped:
        return Place(Kind.helped, at=at)
    if seen.is_excluded:
        return Place(Kind.excluded, at=at)
    if seen.is_ended:
        return Place(Kind.clear, at=at)
    if seen.is_chosen:
        return Place(Kind.open, Todo.hand_in, at=at)
    if seen.answer is True:
        if not seen.takes_all and seen.is_in_survey and seen.is_handed_in:
            return Place(Kind.passed, at=at)
        return Place(Kind.open, Todo.take_in if seen.takes_all else Todo.choose, at=at)
    if seen.answer is False:
        return Place(Kind.clear, at=at)
    if seen.unknown:
        is_looked_at = seen.is_asked or (seen.is_in_survey and seen.is_handed_in)
        kind, todo = (Kind.waiting, None) if is_looked_at else (Kind.open, Todo.look)
        return Place(kind, todo, seen.unknown, at)
    if not seen.is_in_survey:  # a plan without rules: people look and choose
        return Place(Kind.open, Todo.look, at=at)
    return Place(Kind.clear, at=at) if seen.is_handed_in else Place(Kind.open, Todo.choose, at=at)


def in_all(places: Sequence[Place], *, is_excluded: bool = False, has_class: bool = True) -> Place:
    """This function will say where a child stands over all plans that choose children.

    One plan that helps is enough; otherwise whoever fits some plan and stands in none is open, not passed over.
    `is_excluded`: left out of all plans. Who waits, waits for the facts most plans ask about, each said once.
    """
    helped = next((place for place in places if place.kind is Kind.helped), None)
    if helped is not None:
        return helped
    if is_excluded:
        return Place(Kind.excluded)
    if not has_class:
        return Place(Kind.open, Todo.find_class)
    if not places:
        return Place(Kind.open, Todo.find_plan)
    order = list(Todo)
    unsettled = [place for place in places if place.todo is not None]
    unsettled += [
        Place(Kind.open, Todo.say_why, at=place.at) for place in places if place.kind is Kind.passed
    ]
    if unsettled:
        return min(unsettled, key=lambda place: order.index(place.todo or Todo.find_plan))
    waiting = [place for place in places if place.kind is Kind.waiting]
    if waiting:
        return Place(Kind.waiting, facts=fewest(waiting), at=waiting[0].at)
    clear = next((place for place in places if place.kind is Kind.clear), None)
    return clear or Place(Kind.excluded, at=places[0].at)


def fewest(places: Sequence[Place]) -> tuple[str, ...]:
    """This function will gather the facts several plans wait for: each once, those that most plans ask about first."""
    asked: dict[str, int] = {}
    for place in places:
        for fact in place.facts:
            asked[fact] = asked.get(fact, 0) + 1
    return tuple(sorted(asked, key=lambda fact: -asked[fact]))
