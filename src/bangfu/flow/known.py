"""What is known of children, dated: statements in, the engine's facts out. Rules of every plan are judged by it."""

from collections import defaultdict
from datetime import date
from uuid import UUID

from bangfu.engine.fact import FactSpec, Stated, Value
from bangfu.flow import adopt
from bangfu.records.models import FactStatement


def statements(pupil_ids, until=None) -> dict[UUID, dict[str, tuple[Stated, ...]]]:
    """This function will give every dated word on each fact: {pupil id: {fact key: (Stated, …)}}, oldest first; one query."""
    rows = FactStatement.objects.filter(pupil__in=pupil_ids).order_by("stated_on", "known_at")
    if until is not None:
        rows = rows.filter(stated_on__lte=until)
    specs = adopt.shelf().commons.facts
    found: dict[UUID, dict[str, list[Stated]]] = defaultdict(lambda: defaultdict(list))
    for pupil, values, source, on, at in rows.values_list(
        "pupil_id", "values", "source", "stated_on", "known_at"
    ):
        for key, value in values.items():
            found[pupil][key].append(Stated(_typed(specs.get(key), value), on, None, at, source, pupil))
    return {pupil: {key: tuple(said) for key, said in facts.items()} for pupil, facts in found.items()}


def newest(pupil_ids, day) -> dict[UUID, dict[str, Stated]]:
    """This function will give the newest word on each fact as of a day: {pupil id: {fact key: Stated}}; one query."""
    found = statements(pupil_ids, until=day)
    return {pupil: {key: said[-1] for key, said in facts.items()} for pupil, facts in found.items()}


def _typed(spec: FactSpec | None, value: Value) -> Value:
    """JSON knows no days: a fact that is a day was kept as text."""
    if spec is not None and spec.type == "date" and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value
