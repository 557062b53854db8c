"""Children chosen this week who wait on the pairing board: one was placed by hand so that another has nobody left.

In: the town with its pairs in force. Out: a few cases without a pair, a kept proposal and somebody to be avoided.
"""

from datetime import timedelta

from bangfu.demo.people import Town
from bangfu.records.models import Avoidance, Case, Pairing
from bangfu.records.models.places import entry_year_of_grade

GRADE, MOST = 4, 4  # children a class chooses at most


def wait(town: Town) -> None:
    """This function will choose late children in the classes of one grade, as many as the plan still allows."""
    year = entry_year_of_grade(GRADE, town.today)
    for at, school_class in enumerate(one for one in town.classes if one.entry_year == year):
        late = _chosen_late(town, school_class)
        if at == 0 and len(late) == 2:
            _in_each_others_way(town, late, school_class)


def _chosen_late(town: Town, school_class) -> list[Case]:
    pupils = town.pupils[school_class.pk]
    here = Case.objects.filter(pupil__in=pupils, plan_key="weekly_support").open_on(town.today)
    busy = set(here.values_list("pupil_id", flat=True))
    late = [one for one in pupils if one.pk not in busy and one.left_on is None][: max(0, MOST - len(busy))]
    return [
        Case.objects.create(
            school=town.school, pupil=one, plan_key="weekly_support", category="academic", causes=["method"],
            opened_on=town.today - timedelta(days=2), opened_by=town.homeroom[school_class.pk],
        )
        for one in late
    ]  # fmt: skip


def _in_each_others_way(town: Town, late: list[Case], school_class) -> None:
    """The first is kept with the class teacher; the second may not be with the other one."""
    first, second = late
    Pairing.objects.create(
        case=first, helper=town.homeroom[school_class.pk], reason="同班、班主任，由校长选定", is_locked=True,
        proposed_by=town.staff[0], proposed_on=town.today,
    )  # fmt: skip
    Avoidance.objects.create(
        pupil=second.pupil, staff=town.attached[school_class.pk], why="relative", valid_from=town.today,
        by=town.staff[0],
    )  # fmt: skip
