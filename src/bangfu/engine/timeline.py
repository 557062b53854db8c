"""What was said of a fact over the years, in; what holds from when to when and why it ended, out: never two at once.

R20, R21, R23, R25: an authority's list wins over what is said at school; an age, a term or a word of other years
ends a yes, and what ended is unknown until it is asked again, never a no. Duties, surveys and pages all read it so.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bangfu.engine.category import Category
from bangfu.engine.fact import FactSpec, Stated, in_order
from bangfu.engine.period import Term

SAID, AGE, TERM, YEAR, WORD = "said", "age", "term", "school_year", "word"
Certified = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Limits:
    """What ends a child's fact by itself: what the fact says of itself, its category, the birthday, the terms."""

    spec: FactSpec | None = None
    category: Category | None = None
    birth_on: date | None = None
    terms: Sequence[Term] = ()


def settled(
    said: Iterable[Stated], limits: Limits, certified: Certified = lambda source: False
) -> tuple[Stated, ...]:
    """This function will lay dated words end to end, oldest first: each holds until the next, or until its own end.

    What is said at school while a certified word holds changes nothing; `contested` shows it to a person.
    """
    words = list(said)
    if len(words) == 1:  # most facts were said once
        words = [ended(words[0], limits)]
        return tuple(one for one in words if one.valid_to is None or one.valid_from != one.valid_to)
    found: list[Stated] = []
    for one in sorted(words, key=in_order):
        last = found[-1] if found else None
        if last is not None and one.valid_from is not None:
            if certified(last.source) and not certified(one.source) and _holds(last, one.valid_from):
                continue
            if last.valid_to is None or one.valid_from < last.valid_to:
                found[-1] = replace(last, valid_to=one.valid_from, ended_by="")
        found.append(ended(one, limits))
    return tuple(one for one in found if one.valid_to is None or one.valid_from != one.valid_to)


def contested(
    said: Iterable[Stated], over: Sequence[Stated], certified: Certified, day: date
) -> Stated | None:
    """This function will give the newest word of the school that an authority's list, holding on the day, speaks against."""
    holding = next((one for one in over if certified(one.source) and _holds(one, day)), None)
    if holding is None:
        return None
    against = [
        one
        for one in said
        if not certified(one.source)
        and one.value not in (None, "", holding.value)
        and _begun(one, holding, day)
    ]
    return max(against, key=in_order, default=None)


def ended(one: Stated, limits: Limits) -> Stated:
    """This function will give a word its end: as its source says, or by age, term or the years of its word."""
    if one.valid_to is None and not _may_end(one, limits):
        return one
    ends = [(day, why) for day, why in _ends(one, limits) if day is not None]
    if not ends:
        return one
    day, why = min(ends)
    return replace(one, valid_to=max(day, one.valid_from or day), ended_by=why)


def birthday(birth_on: date, age: int) -> date:
    """This function will give the day somebody turns an age; whoever is born on 29 February waits for 1 March."""
    try:
        return birth_on.replace(year=birth_on.year + age)
    except ValueError:
        return date(birth_on.year + age, 3, 1)


def _may_end(one: Stated, limits: Limits) -> bool:
    spec = limits.spec
    outgrows = one.value is True and (limits.category is not None or bool(spec and spec.until_age))
    return outgrows or bool(spec and spec.lasts != "until_changed")


def _ends(one: Stated, limits: Limits) -> Iterable[tuple[date | None, str]]:
    spec, on = limits.spec, one.valid_from
    yield one.valid_to, one.ended_by or SAID
    if spec is not None and spec.lasts != "until_changed" and one.valid_to is None and on is not None:
        autumn = spec.lasts == "school_year"
        begins = [
            t.starts_on for t in limits.terms if t.starts_on > on and not (autumn and t.key[-2:] != "-1")
        ]
        yield min(begins, default=None), YEAR if autumn else TERM
    if one.value is not True:
        return  # only a yes outgrows itself
    if spec is not None and spec.until_age and limits.birth_on:
        yield birthday(limits.birth_on, spec.until_age), AGE
    last = limits.category.ends_on if limits.category else None
    if last is not None and (on is None or on < last):
        yield last, WORD


def _holds(one: Stated, day: date) -> bool:
    return (one.valid_from is None or one.valid_from <= day) and (one.valid_to is None or day < one.valid_to)


def _begun(one: Stated, holding: Stated, day: date) -> bool:
    since, on = holding.valid_from or date.min, one.valid_from or date.min
    return since <= on <= day
