"""What a survey's cell says is one statement about the child, and stands in every survey of the class that asks it.

Whoever answers — in one plan's survey or in the grid over all plans — it is said once. What an authority's list says
is not overwritten here; what somebody takes back (“not known”) is unknown again.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from bangfu.engine.fact import Stated
from bangfu.flow import clock, known
from bangfu.records.models import FactStatement, SurveyAnswer

SOURCE = "survey"
Said = Mapping[UUID, Mapping[str, Any]]  # {pupil id: {fact key: value, None for not known}}


def is_certified(stated: Stated | None) -> bool:
    """This function will say whether a fact comes from an authority's list, with a value."""
    return stated is not None and known.is_certified(stated.source) and stated.value is not None


def state(said: Said, by, *, anew: bool = True) -> dict[UUID, dict[str, Any]]:
    """This function will state what is new among the answers, known everywhere from now on; returns what was new.

    What one person says of a child on one day is one statement, unless somebody else spoke in between.
    Not `anew`: only what nobody has said at all.
    """
    before = known.newest(said.keys(), by.day)
    new = {pk: _new(values, before.get(pk, {}), anew) for pk, values in said.items()}
    new = {pk: values for pk, values in new.items() if values}
    since = FactStatement.objects.filter(pupil=OuterRef("pupil"), known_at__gt=OuterRef("known_at"))
    today = FactStatement.objects.select_for_update().filter(
        ~Exists(since),
        pupil__in=new.keys(),
        source=SOURCE,
        stated_on=by.day,
        by=by.staff,
        intake__isnull=True,
    )
    rows = {row.pupil_id: row for row in today}
    now = clock.now()
    for pk, row in rows.items():
        row.values, row.known_at = {**row.values, **new[pk]}, now
    FactStatement.objects.bulk_update(rows.values(), ["values", "known_at"])
    FactStatement.objects.bulk_create(
        FactStatement(pupil_id=pk, source=SOURCE, stated_on=by.day, known_at=now, values=values, by=by.staff)
        for pk, values in new.items()
        if pk not in rows
    )
    return new


def _new(values: Mapping[str, Any], before: Mapping[str, Stated], anew: bool) -> dict[str, Any]:
    """A blank about what nobody said says nothing; one about what somebody said takes it back."""
    found = {}
    for key, value in values.items():
        stated = before.get(key)
        is_ours = not is_certified(stated) if anew else stated is None
        if is_ours and (stated.value if stated else None) != value:
            found[key] = value
    return found


def follow(said: Said, surveys, by) -> int:
    """This function will let the rows of these surveys that hold an older answer say the same; returns how many changed."""
    changed = []
    for row in SurveyAnswer.objects.select_for_update().filter(survey__in=surveys, pupil__in=said.keys()):
        newer = {
            key: value
            for key, value in said[row.pupil_id].items()
            if key in row.answers and row.answers[key] != value
        }
        if newer:
            row.answers, row.by, row.at = {**row.answers, **newer}, by.staff, clock.now()
            changed.append(row)
    SurveyAnswer.objects.bulk_update(changed, ["answers", "by", "at"])
    return len(changed)
