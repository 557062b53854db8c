"""What is known of children, dated: statements in, the engine's facts out. Rules of every plan are judged by it.

What ended — by the day its source named, by age, by the end of a term — is unknown again, not a no (R20–R25).
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from bangfu.engine import timeline
from bangfu.engine.fact import FactSpec, Stated, Value
from bangfu.engine.timeline import Limits
from bangfu.exchange import list_kind
from bangfu.flow import adopt
from bangfu.flow.almanac import calendar_of
from bangfu.records.models import FactStatement

Series = tuple[Stated, ...]
HOME = ("home_village", "village")
_VILLAGE = re.compile(r"([^省市县区镇乡]+?(?:村|社区|居委会))")
COLUMNS = ("pupil_id", "values", "source", "stated_on", "known_at", "valid_to", "pupil__birth_on",
           "pupil__school_id", "pupil__school__calendar_version")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Status:
    """The last word on a fact, on a day: what holds or what ended, and what the school says against a list."""

    stated: Stated
    is_over: bool = False
    against: Stated | None = None


class Child(NamedTuple):
    """What ends facts of a child by itself."""

    birth_on: date | None
    school_id: UUID
    calendar_version: int


@lru_cache(maxsize=256)
def is_certified(source: str) -> bool:
    """This function will say whether a statement comes from an authority's list (R21)."""
    kind = list_kind.of_source(source)
    return kind.is_certified if kind else source.startswith("list:")


def statements(
    pupil_ids, until=None, wanted: frozenset[str] | None = None
) -> dict[UUID, dict[str, Series]]:
    """This function will give what holds of each fact (or some), and when: {pupil id: {key: (Stated, …)}}, oldest first."""
    rows = FactStatement.objects.filter(pupil__in=pupil_ids)
    return dict(_settled(rows if until is None else rows.filter(stated_on__lte=until), wanted))


def newest(pupil_ids, day) -> dict[UUID, dict[str, Stated]]:
    """This function will give the word on each fact that holds on a day: {pupil id: {fact key: Stated}}; one query."""
    return {
        pupil: {key: said[-1] for key, said in facts.items() if not _is_over(said[-1], day)}
        for pupil, facts in statements(pupil_ids, until=day).items()
    }


def bare(school, day, wanted: frozenset[str]) -> dict[UUID, dict[str, Value]]:
    """This function will give the values alone of some facts for a whole school: it is read after every key pressed."""
    rows = FactStatement.objects.filter(pupil__school=school, stated_on__lte=day)
    return {
        pupil: {key: said[-1].value for key, said in facts.items() if not _is_over(said[-1], day)}
        for pupil, facts in _settled(rows, wanted)
    }


def last(pupil_ids, day, wanted: frozenset[str] | None = None) -> dict[UUID, dict[str, Status]]:
    """This function will give the last word on each fact (or some), also where it ended: {pupil id: {key: Status}}."""
    found: dict[UUID, dict[str, Status]] = {}
    rows = FactStatement.objects.filter(pupil__in=pupil_ids, stated_on__lte=day)
    for pupil, child, said in _read(rows, wanted):
        found[pupil] = mine = {}
        for key, some in said.items():
            if wanted is not None and key not in wanted:
                continue
            over = timeline.settled(some, _limits(key, child), is_certified)
            if over:
                against = timeline.contested(some, over, is_certified, day)
                mine[key] = Status(over[-1], _is_over(over[-1], day), against)
    return found


def _is_over(stated: Stated, day: date) -> bool:
    return stated.valid_to is not None and stated.valid_to <= day


def _settled(
    rows: QuerySet, wanted: frozenset[str] | None = None
) -> Iterator[tuple[UUID, dict[str, Series]]]:
    for pupil, child, said in _read(rows, wanted):
        yield (
            pupil,
            {
                key: series
                for key, some in said.items()
                if (wanted is None or key in wanted)
                and (series := timeline.settled(some, _limits(key, child), is_certified))
            },
        )


def _read(rows: QuerySet, wanted: frozenset[str] | None) -> Iterator[tuple[UUID, Child, dict[str, list]]]:
    """Each child with every word on each fact; of the wanted facts and those that imply them, if some are wanted."""
    specs, implied = adopt.shelf().commons.facts, _implied()
    asked = None if wanted is None else wanted | {key for key, more in implied.items() if more & wanted}
    said: dict[UUID, dict[str, list[Stated]]] = defaultdict(lambda: defaultdict(list))
    children: dict[UUID, Child] = {}
    for pupil, values, source, on, at, to, *about in rows.order_by("stated_on", "known_at").values_list(
        *COLUMNS
    ):
        children[pupil] = Child(*about)
        mine = said[pupil]
        for key in values if asked is None else asked.intersection(values):
            mine[key].append(Stated(_typed(specs.get(key), values[key]), on, to, at, source, pupil))
    for pupil, mine in said.items():
        for key in implied.keys() & mine.keys():
            _imply(mine, key, implied[key], children[pupil])
        yield pupil, children[pupil], mine


def _imply(mine: dict[str, list[Stated]], key: str, more: frozenset[str], child: Child) -> None:
    """Whoever is on the list of one kind of monitored households is monitored, as long as that holds."""
    for stated in timeline.settled(mine[key], _limits(key, child), is_certified):
        if stated.value is True:
            for name in more:
                mine[name].append(stated)


@lru_cache(maxsize=1)
def _implied() -> Mapping[str, frozenset[str]]:
    found = adopt.shelf().commons.code_list.categories
    return {one.fact: frozenset(one.implies) for one in found if one.implies}


def _limits(key: str, child: Child) -> Limits:
    spec = adopt.shelf().commons.facts.get(key)
    if spec is None:
        return Limits()
    terms = spec.lasts != "until_changed" and calendar_of(child.school_id, child.calendar_version).terms
    return _bounds(key, child.birth_on if spec.until_age else None, terms or ())


@lru_cache(maxsize=4096)
def _bounds(key: str, birth_on: date | None, terms: tuple) -> Limits:
    commons = adopt.shelf().commons
    return Limits(commons.facts[key], commons.code_list.by_fact.get(key), birth_on, terms)


def _typed(spec: FactSpec | None, value: Value) -> Value:
    """JSON knows no days: a fact that is a day was kept as text."""
    if spec is not None and spec.type == "date" and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value


def village(facts: Mapping[str, Stated]) -> str:
    """This function will name the village a child's home is in, by the newest word on it; empty when nobody said."""
    said = [facts[key] for key in HOME if key in facts and str(facts[key].value or "").strip()]
    newest_word = max(said, key=lambda stated: stated.valid_from or date.min, default=None)
    return village_name(str(newest_word.value)) if newest_word else ""


def village_name(written: str) -> str:
    """This function will give a village by its plain name: 石坎镇石坎村3组 and 石坎村 are one."""
    found = _VILLAGE.search(written)
    return found[1] if found else written.strip()
