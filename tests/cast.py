"""The fixed cast: one school with its people, and an outsider from another school who must get 404 on every page.

Invented names. Everybody signs in with the password of `PASSWORD`.
"""

from dataclasses import dataclass
from datetime import date

import pytest

from bangfu.records.models import Case, Pupil, School, SchoolClass, Staff
from tests import factories

PASSWORD = "shikan-2026"
DAY = date(2026, 10, 15)  # Thursday of teaching week 7


@dataclass
class Cast:
    school: School
    class_one: SchoolClass  # 三（1）班
    class_two: SchoolClass  # 三（2）班
    principal: Staff
    deputy_head: Staff
    supervisor: Staff  # 包级领导 of grade 3
    homeroom: Staff  # 班主任 of 三（2）班
    attached: Staff  # 包班教师 of 三（2）班
    neighbour: Staff  # 班主任 of 三（1）班: sees nothing of 三（2）班
    officer: Staff  # 资助专干
    outsider: Staff  # principal of another school
    pupils: list[Pupil]  # six in 三（2）班
    others: list[Pupil]  # three in 三（1）班
    stranger: Pupil  # a child of the other school

    def viewer(self, staff: Staff, day: date = DAY):
        return factories.viewer(staff, day)

    def case(self, at: int = 0, *, helper: Staff | None = None, opened_on: date = date(2026, 9, 7)) -> Case:
        """A case of the at-th pupil, helped by the homeroom teacher unless said otherwise."""
        return factories.case(
            self.pupils[at], opened_on=opened_on, helper=helper or self.homeroom, by=self.homeroom
        )


def build() -> Cast:
    here, there = factories.school(), factories.school("平坝村小学")
    one, two = factories.school_class(here, 3, 1), factories.school_class(here, 3, 2)
    far = factories.school_class(there, 3, 1)
    factories.plan(here)
    return Cast(
        school=here,
        class_one=one,
        class_two=two,
        principal=factories.staff(here, "王振华", "wang", ("principal", None)),
        deputy_head=factories.staff(here, "钱敏", "qian", ("vice_principal", None)),
        supervisor=factories.staff(here, "张国栋", "zhang", ("grade_supervisor", 3)),
        homeroom=factories.staff(here, "李秋月", "li", ("homeroom_teacher", two)),
        attached=factories.staff(here, "赵志远", "zhao", ("class_attached_teacher", two)),
        neighbour=factories.staff(here, "孙丽", "sun", ("homeroom_teacher", one)),
        officer=factories.staff(here, "何文", "he", ("aid_officer", None), ("roll_officer", None)),
        outsider=factories.staff(there, "吴桐", "wu", ("principal", None), ("homeroom_teacher", far)),
        pupils=[
            factories.pupil(two, name, seat_no=at)
            for at, name in enumerate(["陈小满", "罗天佑", "杨朵朵", "周子安", "何雨欣", "刘洋洋"], 1)
        ],
        others=[factories.pupil(one, name) for name in ["石头", "林一诺", "马小川"]],
        stranger=factories.pupil(far, "高远远"),
    )


@pytest.fixture
def cast(db, settings) -> Cast:
    """The cast on DAY."""
    settings.DAY = DAY
    return build()
