"""One child with a plan of its own: the class's teachers help together and follow the class by themselves.

In: the town. Out: the plan in force from today, three cases, two families that said yes, and two sponsors, one begun.
"""

from bangfu.demo.people import Town
from bangfu.flow import adopt, follow, sponsors
from bangfu.records.access import viewer_of
from bangfu.records.models import Case, RoleGrant, Sponsor

PLAN = "one_child"
SPONSOR = "sponsor"  # the plan's pairing with somebody outside the school
GIVERS = (("杨惠兰", "person", 1), ("石坎镇育苗书店", "organisation", 2))


def accompany(town: Town) -> None:
    """This function will take the plan into use and open it for one child in each of three classes."""
    head = viewer_of(town.staff[0], town.today)
    adopt.adopt(school=town.school, text=adopt.shelf().texts[PLAN, "seed"], valid_from=town.today, by=head)
    givers = [
        sponsors.welcome(
            sponsor=Sponsor(name=name, kind=kind, places=places, promised_on=town.today), by=head
        )
        for name, kind, places in GIVERS
    ]
    cases = [_case(town, class_id, at) for at, class_id in enumerate(list(town.homeroom)[:3])]
    follow.follow(school=town.school, day=town.today)
    agreed = [_family_agrees(case, viewer_of(case.opened_by, town.today)) for case in cases[:2]]
    sponsors.confirm(pair=agreed[0], sponsor=givers[0], by=head)


def _case(town: Town, class_id, at: int) -> Case:
    """A child of the class, and two colleagues who teach it besides the class teacher."""
    teachers = list(town.homeroom.values())
    for staff in (town.attached[class_id], teachers[at + 3]):
        RoleGrant.objects.create(
            staff=staff, role="subject_teacher", school_class_id=class_id, valid_from=town.today,
            granted_by=town.staff[0],
        )  # fmt: skip
    return Case.objects.create(
        school=town.school, pupil=town.pupils[class_id][5], plan_key=PLAN, category="living", causes=["family"],
        opened_on=town.today, opened_by=town.homeroom[class_id],
    )  # fmt: skip


def _family_agrees(case: Case, by):
    said = sponsors.Answer(True, "奶奶", by.day, "in_person", wishes=("课外书", "写信鼓励"))
    return sponsors.note_answer(case=case, kind=SPONSOR, answer=said, by=by)
