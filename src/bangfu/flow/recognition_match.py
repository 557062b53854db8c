"""Who is on a certified list: computed from dated statements, so that nobody asks the family for a paper (P3-05, P0-34).

Only what another office certified counts; a blank or a no leaves the question open and is never turned into "not poor".
"""

from datetime import date
from uuid import UUID

from bangfu.flow import adopt, known


def certified_facts(day: date) -> dict[str, str]:
    """This function will give the facts that an office outside the school certifies, with their words on a day."""
    return {
        one.fact: one.title_on(day)
        for one in adopt.shelf().commons.code_list.categories
        if one.is_certified and (one.ends_on is None or day < one.ends_on)
    }


def groups(day: date) -> dict[str, str]:
    """This function will give what the form offers to tick on a day: {fact: words}, each word once."""
    first: dict[str, str] = {}
    for fact, words in certified_facts(day).items():
        first.setdefault(words, fact)
    return {fact: words for words, fact in first.items()}


def matched(pupil_ids, day: date) -> dict[UUID, tuple[str, ...]]:
    """This function will give the children certified by an authority's list, with the facts: {pupil: (fact, …)}; one query.

    What ended by age, day or the years of its word is not matched any more; a teacher's own list certifies nothing.
    """
    facts, found = certified_facts(day), {}
    for pupil, told in known.newest(list(pupil_ids), day).items():
        keys = tuple(
            fact
            for fact in facts
            if fact in told and told[fact].value is True and known.is_certified(told[fact].source)
        )
        if keys:
            found[pupil] = keys
    return found
