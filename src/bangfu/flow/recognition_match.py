"""Who is on a certified list: computed from dated statements, so that nobody asks the family for a paper (P3-05, P0-34).

Only what another office certified counts; a blank or a no leaves the question open and is never turned into "not poor".
"""

from datetime import date
from uuid import UUID

from bangfu.engine.hardship import CERTIFYING
from bangfu.flow import adopt, known
from bangfu.records.models import Pupil


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
    """This function will give the children certified by a list, with the keys of the facts: {pupil: (fact, …)}.

    The newest word of the lists on each fact counts; a status that ends at an age ends there.
    """
    facts = certified_facts(day)
    limits = {one.fact: one.until_age for one in adopt.shelf().commons.code_list.categories if one.until_age}
    pupil_ids = list(pupil_ids)
    born = dict(Pupil.objects.filter(pk__in=pupil_ids).values_list("pk", "birth_on")) if limits else {}
    found = {}
    for pupil, told in known.statements(pupil_ids, until=day).items():
        keys = []
        for fact in facts:
            words = [word for word in told.get(fact, ()) if word.source.startswith(CERTIFYING)]
            if words and words[-1].value is True and not _is_past(born.get(pupil), limits.get(fact), day):
                keys.append(fact)
        if keys:
            found[pupil] = tuple(keys)
    return found


def _is_past(born: date | None, age: int | None, day: date) -> bool:
    if born is None or age is None:
        return False
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day)) >= age
