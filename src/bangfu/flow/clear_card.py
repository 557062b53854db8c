"""明白卡: what the school does for the children of a home, whom to ring, and what help there is, on one small page.

For the family, so nothing stands in it but what they may know of themselves, and no label. What arrived in money is
written in by hand until the station that pays it is open. The number on it opens nothing (P10-03).
"""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from bangfu.exchange import small_card
from bangfu.exchange.paper import Stamp
from bangfu.flow import adopt, calling, clock, homes, look
from bangfu.flow.report import WRITERS, Download
from bangfu.records import audit
from bangfu.records.models import Enrolment, Household, HouseholdHelper, Pupil, Staff

TITLE = "帮扶明白卡"
DOES = {
    "talk": "老师和孩子谈心", "tutoring": "老师辅导功课", "video_call": "帮孩子和爸爸妈妈视频",
    "guardian_contact": "老师和家里联系", "home_visit": "老师到家里来看看",
}  # fmt: skip
HOW_OFTEN = {  # the most often first
    "school_day": "每个上学日", "workday": "每个工作日", "teaching_week": "每周", "week": "每周", "month": "每月",
    "civil_month": "每月", "textbook_unit": "每个单元", "term": "每学期", "school_year": "每学年", "year": "每年",
}  # fmt: skip
ARRIVED = ("以学校和村里核对的为准：", "________________________", "________________________")
FREE = ("帮扶不收钱，不要送礼、不要请吃饭。", "家里突然有难处，随时打下面的电话。")
FOOT = "孩子遇到危险打 110、120；心里难受可以打 12355。对帮扶有意见，可以找校长。"
UNKNOWN = "电话：____________"


@dataclass(frozen=True, slots=True)
class Clear:
    """What the card says: children with their class, what the school does and how often, whom to ring."""

    children: tuple[tuple[str, str, str], ...]  # name, class, class teacher
    does: tuple[str, ...]
    who: str
    number: str
    code: str


def of(*, household: Household, by) -> Clear:
    """This function will fill a home's card for somebody who may open it; showing the number is not logged, it is theirs."""
    (home,) = homes.homes_of(by, Household.objects.filter(pk=household.pk)).values()
    ids = [pupil for pupil, _name, _label in home.children]
    teachers = _teachers(ids, by.day)
    staff = _ring(household, teachers, by.day)
    code = hashlib.sha256(f"clear|{household.pk}|{by.day}".encode()).hexdigest()[:8].upper()
    return Clear(
        children=tuple(
            (name, label, teachers[pupil].name if pupil in teachers else "")
            for pupil, name, label in home.children
        ),
        does=_does(ids, by),
        who=staff.name if staff else "",
        number=staff.phone.reveal() if staff and staff.phone else "",
        code=f"{code[:4]}-{code[4:]}",
    )


def _teachers(pupil_ids, day) -> dict[UUID, Staff]:
    rows = Enrolment.objects.on(day).filter(pupil__in=pupil_ids).values_list("pupil", "school_class")
    classes = dict(rows)
    teachers = calling.class_teachers(set(classes.values()), day)
    return {one: teachers[classes[one]] for one in pupil_ids if classes.get(one) in teachers}


def _ring(household: Household, teachers: dict[UUID, Staff], day) -> Staff | None:
    """Who answers for the home, else the class teacher of the first child."""
    post = HouseholdHelper.objects.in_force(day).filter(household=household).select_related("staff").first()
    return post.staff if post else next(iter(teachers.values()), None)


def _does(pupil_ids, by) -> tuple[str, ...]:
    """What the plans do for these children, once each, as often as the plan that asks most; only for whoever helps them."""
    plans, often = adopt.plans_in_force(by.school, by.day), list(HOW_OFTEN)
    found: dict[str, int] = {}
    for pupil in Pupil.objects.cared_for_by(by).filter(pk__in=pupil_ids):
        judged = look.help_of(by, plans, pupil.pk)
        for plan in plans:
            owed = (
                {s.expectation.duty_key.partition("@")[0] for s in judged[plan.key].standings}
                if plan.key in judged
                else ()
            )
            for duty in plan.duties:
                act = duty.accepts[0] if duty.accepts else ""
                if duty.key in owed and act in DOES and duty.every:
                    found[act] = min(often.index(duty.every.unit), found.get(act, len(often)))
    return tuple(f"{HOW_OFTEN[often[found[act]]]}{DOES[act]}" for act in DOES if act in found)


def printed(*, household: Household, by) -> Download:
    """This function will print a home's card; every printing is an event."""
    said, now = of(household=household, by=by), clock.now()
    children = tuple(
        f"{name}　{label}" + (f"　班主任{teacher}" if teacher else "")
        for name, label, teacher in said.children
    )
    parts = [("孩子", children), *([("学校为孩子做的", said.does)] if said.does else [])]
    parts += [("正在享受的资助和政策", ARRIVED), ("请放心", FREE)]
    card = small_card.Card(
        TITLE, by.school.name, tuple(parts), f"有事打给{said.who or '学校'}：", said.number, FOOT,
        Stamp(now, by.staff.name, said.code),
    )  # fmt: skip
    audit.log("rounds.card", by=by.staff, at=now, subject=household)
    return Download("明白卡.docx", WRITERS["docx"][1], small_card.write_docx([card]))
