"""A teacher's own child is noticed by the family's telephone or name, asked about once, and stands by a person's word."""

import pytest

from bangfu.flow import adopt, areas, avoidance, homes, households, pair
from bangfu.records.models import Event, Guardian, Household, Staff
from bangfu.records.seal import blind
from tests import factories
from tests.cast import DAY

PHONE = "13900001111"


@pytest.fixture
def family(cast):
    case = factories.case(cast.pupils[0])
    teacher = Staff.objects.get(pk=cast.homeroom.pk)
    teacher.phone = PHONE
    teacher.save()
    Guardian.objects.create(
        pupil=case.pupil, position=2, name="李秋月", relation="母亲", phone=PHONE,
        phone_index=blind(PHONE, "guardian_phone"),
    )  # fmt: skip
    return case


def test_the_same_telephone_asks_a_question_and_is_not_proposed_meanwhile(cast, family):
    by = cast.viewer(cast.supervisor)
    asked = avoidance.suspected(by)
    assert [one.sentence for one in asked] == ["陈小满的家长和李秋月老师电话相同，是自己的孩子吗？"]
    plan = adopt.plans_in_force(cast.school, DAY)[0]
    assert [row.helper for row in pair.propose(plan=plan, by=by).pairings] == [cast.attached]


def test_yes_stands_and_no_is_not_asked_again(cast, family):
    by = cast.viewer(cast.principal)
    avoidance.not_related(pupil=family.pupil, staff=cast.homeroom, by=by)
    assert avoidance.suspected(by) == []
    plan = adopt.plans_in_force(cast.school, DAY)[0]
    assert pair.place(case=family, helper=cast.homeroom, plan=plan, by=by).helper == cast.homeroom
    pair.avoid(pupil=family.pupil, staff=cast.homeroom, why="own_child", by=by)
    assert not family.pairings.exists()
    assert avoidance.suspected(by) == []


def test_the_same_name_alone_is_a_question_and_bars_nobody(cast, family):
    Guardian.objects.filter(name="李秋月").update(phone_index="")
    by = cast.viewer(cast.principal)
    assert [one.by_phone for one in avoidance.suspected(by)] == [False]
    plan = adopt.plans_in_force(cast.school, DAY)[0]
    assert pair.place(case=family, helper=cast.homeroom, plan=plan, by=by)


def test_others_are_asked_nothing(cast, family):
    assert avoidance.suspected(cast.viewer(cast.homeroom)) == []
    assert avoidance.suspected(cast.viewer(cast.outsider)) == []
    with pytest.raises(avoidance.NotYourWord):
        avoidance.not_related(pupil=family.pupil, staff=cast.homeroom, by=cast.viewer(cast.neighbour))


def test_the_note_is_sealed_and_the_trail_forgets_with_the_child(cast, family):
    row = pair.avoid(
        pupil=family.pupil,
        staff=cast.attached,
        why="conflict",
        note="两家有矛盾",
        by=cast.viewer(cast.principal),
    )
    row.refresh_from_db()
    assert "矛盾" not in str(row.note) and row.note.reveal() == "两家有矛盾"
    event = Event.objects.get(verb="pair.avoid")
    assert event.pupil_id == family.pupil_id and "矛盾" not in str(event.changes)


def test_a_conflict_that_is_over_says_nothing_about_an_own_child(cast, family):
    by = cast.viewer(cast.principal)
    row = pair.avoid(pupil=family.pupil, staff=cast.homeroom, why="conflict", by=by)
    pair.lift(avoidance=row, by=by)
    plan = adopt.plans_in_force(cast.school, DAY)[0]
    with pytest.raises(pair.NotAllowed):
        pair.place(case=family, helper=cast.homeroom, plan=plan, by=by)


def test_whoever_is_to_be_avoided_answers_for_the_childs_home_no_longer(cast, family):
    by = cast.viewer(cast.principal)
    east = areas.open_area(name="东片", villages=("石坎村",), by=by)
    areas.assign(chosen=[(cast.homeroom, east)], by=by)
    homes.gather(by=by)
    family.pupil.refresh_from_db()
    home = Household.objects.get(key=family.pupil.household_key)
    homes.accompany(households=[home], by=by)
    (post,) = households.assign(chosen=[(home, cast.homeroom)], by=by)
    pair.avoid(pupil=family.pupil, staff=cast.homeroom, why="conflict", by=by)
    post.refresh_from_db()
    assert post.valid_to == DAY
