"""A recognition ends between two rounds: the home is better off, or the child has left; a person says why and from when.

Ended is not "not poor": from that day on the level is unknown, until a round or somebody says it anew (R25, P0-35).
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from bangfu.engine.refusal import Refusal
from bangfu.flow import clock, recognition
from bangfu.flow.register import classes_of
from bangfu.records import audit
from bangfu.records.models import FactStatement, Recognition
from bangfu.records.models.recognition import OFFICERS


class NotYours(Refusal):
    sentence = "认定由资助专干或校长来结束。需要的话，请告诉他们。"


class SayWhy(Refusal):
    sentence = "请写一句为什么结束，比如“家里说情况好了，不再需要”。"


class WrongDay(Refusal):
    """The day lies before the recognition began to hold, or has not come yet."""


@dataclass(frozen=True, slots=True)
class Held:
    """A recognition in force: whose, and since when the child is no longer here, if so."""

    recognition: Recognition
    name: str
    label: str
    left_on: date | None


def may_end(by) -> bool:
    """This function will say whether the viewer may end a recognition between rounds."""
    return by.holds(*OFFICERS)


def held(by) -> list[Held]:
    """This function will list what is in force today, who has left first, then in class order; raises NotYours."""
    if not may_end(by):
        raise NotYours
    rows = Recognition.objects.visible_to(by).in_force(by.day).select_related("pupil")
    found = {one.pupil_id: one for one in rows}
    classes = classes_of(list(found), by.day)
    made = [
        Held(one, one.pupil.name, classes.get(pk, ("",))[0], one.pupil.left_on) for pk, one in found.items()
    ]
    order = {pk: place for pk, (_, place) in classes.items()}
    return sorted(
        made,
        key=lambda one: (
            one.left_on is None,
            order.get(one.recognition.pupil_id, ()),
            one.recognition.pupil.sort_key,
        ),
    )


@transaction.atomic
def end(*, held: Recognition, on: date, because: str, by) -> Recognition:
    """This function will end a recognition in force, and what the school says of the level, on a day; twice is once.

    Raises NotYours, SayWhy, WrongDay.
    """
    if not may_end(by):
        raise NotYours
    if not because.strip():
        raise SayWhy
    found = Recognition.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=held.pk).first()
    if found is None or found.settled_on is None:
        raise recognition.NotThisStep
    if found.ended_on:
        return found
    if not found.settled_on <= on <= by.day:
        since = found.settled_on
        raise WrongDay(f"请选{since.month}月{since.day}日（认定生效那天）到今天之间的一天。")
    found.ended_on, found.ended_because = on, " ".join(because.split())[:200]
    found.save(update_fields=["ended_on", "ended_because"])
    said = FactStatement.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on), pupil_id=found.pupil_id, source="school",
        stated_on=found.settled_on, values__hardship_level=found.level,
    )  # fmt: skip
    said.update(valid_to=on)
    changes = {"ended_on": [None, str(on)]}
    audit.log("recognition.end", by=by.staff, at=clock.now(), subject=found, changes=changes)
    return found
