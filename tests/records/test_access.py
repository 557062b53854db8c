"""Who may see which child: today's roles and today's pairings, and nobody else."""

from datetime import date

import pytest

from bangfu.flow import adopt
from bangfu.records.access import ViewerBackend, viewer_for
from bangfu.records.models import AppendOnly, Case, Event, Evidence, Pupil, SchoolClass, User
from tests import factories
from tests.cast import DAY


def names(queryset) -> set[str]:
    return set(queryset.values_list("name", flat=True))


def test_a_class_teacher_sees_the_class_and_nobody_else(cast):
    seen = names(Pupil.objects.visible_to(cast.viewer(cast.homeroom)))
    assert seen == {pupil.name for pupil in cast.pupils}


def test_a_grade_supervisor_sees_the_grade(cast):
    seen = names(Pupil.objects.visible_to(cast.viewer(cast.supervisor)))
    assert seen == {pupil.name for pupil in [*cast.pupils, *cast.others]}


def test_the_office_sees_the_roll_but_not_the_care(cast):
    viewer = cast.viewer(cast.officer)
    assert len(names(Pupil.objects.visible_to(viewer))) == 9
    assert names(Pupil.objects.cared_for_by(viewer)) == set()
    cast.case(0)
    assert not Case.objects.visible_to(viewer).exists()


def test_a_subject_teacher_sees_the_names_of_the_class_and_the_records_only_of_children_helped(cast):
    teacher = factories.staff(cast.school, "韩雪", "", ("subject_teacher", cast.class_two))
    viewer = cast.viewer(teacher)
    assert len(names(Pupil.objects.visible_to(viewer))) == 6
    assert names(Pupil.objects.cared_for_by(viewer)) == set()
    cast.case(0, helper=teacher)
    assert names(Pupil.objects.cared_for_by(viewer)) == {"陈小满"}


def test_an_outsider_sees_only_the_other_school(cast):
    cast.case(0)
    viewer = cast.viewer(cast.outsider)
    assert names(Pupil.objects.visible_to(viewer)) == {"高远远"}
    assert not Case.objects.visible_to(viewer).exists()
    assert SchoolClass.objects.visible_to(viewer).count() == 1


def test_a_helper_from_another_class_sees_the_child_while_paired_and_not_after(cast):
    case = cast.case(0, helper=cast.neighbour)
    assert cast.pupils[0].name in names(Pupil.objects.visible_to(cast.viewer(cast.neighbour)))
    case.pairings.update(state="ended", valid_to=date(2026, 10, 10))
    assert cast.pupils[0].name not in names(Pupil.objects.visible_to(cast.viewer(cast.neighbour)))


def test_a_role_counts_from_its_first_to_its_last_day(cast):
    cast.homeroom.grants.update(valid_to=date(2026, 10, 15))
    assert names(Pupil.objects.visible_to(cast.viewer(cast.homeroom, date(2026, 10, 14))))
    assert not names(Pupil.objects.visible_to(cast.viewer(cast.homeroom, date(2026, 10, 15))))


def test_signing_in_reads_person_school_and_roles_in_one_query(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        user = ViewerBackend().get_user(cast.homeroom.user_id)
        viewer = viewer_for(user, DAY)
        assert viewer.school.name == "石坎镇中心小学"
        assert viewer.roles == {"homeroom_teacher"}


def test_an_account_without_a_staff_member_or_of_somebody_who_left_is_nobody(cast):
    assert viewer_for(User.objects.create_user("nobody", "x"), DAY) is None
    cast.homeroom.left_on = DAY
    cast.homeroom.save()
    assert viewer_for(ViewerBackend().get_user(cast.homeroom.user_id), DAY) is None


def test_events_and_records_can_only_be_added(cast):
    event = Event.objects.create(school=cast.school, at="2026-10-15T10:00+08:00", verb="record.add")
    record = Evidence.objects.create(
        school=cast.school, author=cast.homeroom, happened_on=DAY, written_at="2026-10-15T10:00+08:00"
    )
    for attempt in (
        event.save,
        event.delete,
        record.save,
        lambda: Event.objects.update(verb="x"),
        lambda: Event.objects.all().delete(),
        lambda: Evidence.objects.update(note="x"),
    ):
        with pytest.raises(AppendOnly):
            attempt()


def test_two_children_of_a_school_never_share_an_id_number(cast):
    from django.db import IntegrityError, transaction

    twin = cast.pupils[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Pupil.objects.create(
            school=cast.school, name="别人", joined_on=DAY, id_number_index=twin.id_number_index
        )
    assert factories.pupil(cast.class_one, "新来的").pk


def test_the_moral_education_group_sees_the_files_of_a_plan_that_names_it_and_no_others(cast):
    """P6-08: only while that plan is in use and the child is in it."""
    member = factories.staff(cast.school, "田静", "", ("moral_education", None))
    factories.case(cast.pupils[0], of=("hand_in_hand", "left_behind"))
    factories.case(cast.pupils[1])  # of a plan that does not name the group
    adopted = factories.plan(cast.school, key="hand_in_hand")
    adopt.keep_limits(school=cast.school, day=DAY)
    assert names(Pupil.objects.cared_for_by(cast.viewer(member))) == {"陈小满"}
    assert names(Pupil.objects.visible_to(cast.viewer(member))) == {"陈小满"}
    assert not Pupil.objects.cared_for_by(cast.viewer(member, date(2026, 2, 1))).exists()
    type(adopted).objects.filter(pk=adopted.pk).update(valid_to=DAY)
    adopt.keep_limits(school=cast.school, day=DAY)
    assert not Pupil.objects.cared_for_by(cast.viewer(member)).exists()
