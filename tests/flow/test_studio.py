"""The dry run: whom a plan concerns by what is known today, what it costs each teacher, what it meets and what ends."""

import pytest

from bangfu.exchange import plan_text
from bangfu.flow import adopt, clock, draft, studio
from bangfu.records.models import AdoptedPlan, Event, FactStatement
from tests import factories


@pytest.fixture
def principal(cast):
    return cast.viewer(cast.principal)


@pytest.fixture
def text():
    return adopt.shelf().texts["weekly_support", "seed"]


def say(pupil, **values):
    FactStatement.objects.create(
        pupil=pupil, source="survey", stated_on=clock.today(), known_at=clock.now(), values=values
    )


def fine(pupil):
    say(pupil, keeping_up="跟得上", conduct="自己管得好", mood="平稳")


def changed(text, *path, value):
    return plan_text.put(text, path, value)


def test_children_are_counted_by_class_in_three_answers(cast, principal, text):
    specs = adopt.shelf().commons.facts
    say(cast.pupils[0], keeping_up="很吃力")
    say(cast.pupils[1], keeping_up="很吃力", conduct="常要提醒")
    say(cast.pupils[2], **{key: specs[key].choices[0] for key in ("keeping_up", "conduct", "mood")})
    found = studio.trial(text=text, by=principal)
    assert [(room.label, room.size, room.worth, room.unknown) for room in found.rooms] == [
        ("三（1）班", 3, 0, 3),
        ("三（2）班", 6, 2, 3),
    ]
    assert found.judged
    assert dict(found.to_ask)[specs["keeping_up"].title] == 6


def test_names_stand_with_their_reason_and_only_for_those_who_may_read_needs(cast, principal, text):
    say(cast.pupils[0], keeping_up="很吃力")
    (one,) = studio.concerned(text=text, by=principal)
    assert (one.name, one.label) == (cast.pupils[0].name, "三（2）班")
    assert "很吃力" in one.reason
    assert studio.concerned(text=text, by=cast.viewer(cast.neighbour)) == ()
    assert studio.concerned(text=text, by=cast.viewer(cast.officer)) == ()


def test_talks_every_second_week_cost_each_helper_less(cast, principal, text):
    for pupil in cast.pupils[:2]:
        say(pupil, keeping_up="很吃力")
    seldom = changed(text, "duty", 2, "every", value={"unit": "teaching_week", "n": 2})
    seldom = changed(seldom, "duty", 3, "every", value={"unit": "teaching_week", "n": 2})
    seldom = changed(seldom, "duty", 1, "every", value={"unit": "teaching_week", "n": 2})
    now, then = (studio.trial(text=one, by=principal) for one in (text, seldom))
    minutes = {week.name: week.merged for week in now.after}
    less = {week.name: week.merged for week in then.after}
    assert minutes["李秋月"] > less["李秋月"] > 0
    assert [week.name for week in now.after] == [week.name for week in then.before]
    assert all(week.merged <= week.literal for week in now.after)
    assert {week.name: week.merged for week in then.before} == minutes


def test_who_would_be_over_the_cap_is_named_and_who_finds_no_helper_is_counted(cast, principal, text):
    long = changed(text, "duty", 2, "minutes", value=120)
    found = studio.trial(text=long, by=principal)
    assert found.cap == 90
    assert "李秋月" in [week.name for week in found.over]
    for pupil in cast.pupils[:3]:
        say(pupil, keeping_up="很吃力")
    alone = changed(text, "pairing", 0, "per_helper", value={"min": 1, "max": 2})
    alone = changed(alone, "pairing", 0, "roles", value=["homeroom_teacher"])
    assert studio.trial(text=alone, by=principal).unplaced == 1


def test_a_plan_may_set_the_cap_itself(principal, text):
    cap = 'key = "weekly_minutes_cap"\ntitle = "上限"\nvalues = [{ from = 2026-01-01, value = 40 }]'
    own = f"{text}\n[[parameter]]\n{cap}\n"
    assert studio.trial(text=own, by=principal).cap == 40


def test_the_same_talk_asked_by_two_plans_is_counted_once(cast, principal, text):
    own = changed(text, "key", value="our_own")
    alone = {week.name: week for week in studio.trial(text=text, by=principal).after}
    both = studio.trial(text=own, by=principal)
    ((other, pairs),) = both.shared
    assert other.key == "weekly_support"
    assert "talk" in {pair.duty.key for pair in pairs}
    week = next(week for week in both.after if week.name == "李秋月")
    assert week.literal == pytest.approx(2 * alone["李秋月"].literal, abs=0.2)
    assert week.merged < week.literal


@pytest.mark.parametrize("edition", ["seed", "recommended"])
def test_a_plan_more_never_makes_a_week_shorter(cast, principal, edition):
    for pupil in cast.pupils:
        say(pupil, keeping_up="很吃力")
    for (key, one), text in adopt.shelf().texts.items():
        if one == edition and key != "weekly_support":
            found = studio.trial(text=text, by=principal)
            for now, then in zip(found.before, found.after, strict=True):
                assert then.merged >= now.merged and then.literal >= now.literal, (key, then.name)
                assert then.merged <= then.literal


def test_what_ends_and_what_begins_is_said_against_the_version_in_use(principal, text):
    raw = plan_text.tree(text)
    at = [duty["key"] for duty in raw["duty"]].index("interview")
    less = plan_text.take(text, ("duty", at))
    found = studio.trial(text=less, by=principal)
    assert found.ends == (raw["duty"][at]["title"],)
    assert found.begins == ()
    light = studio.trial(text=adopt.shelf().texts["weekly_support", "recommended"], by=principal)
    assert "先和家长说好" in light.begins


def test_lines_better_not_crossed_are_said(principal, text):
    bold = changed(text, "pairing", 0, "per_helper", value={"min": 1, "max": 12})
    bold = changed(bold, "selection", "per_class", value={"min": 2, "max": 8})
    bold += "\n[publicity]\nallowed = true\n"
    said = [line.where for line in studio.trial(text=bold, by=principal).lines]
    assert {"pairing[helper].per_helper", "selection.per_class", "publicity.allowed"} <= set(said)
    assert not [line for line in studio.trial(text=text, by=principal).lines if "plan.toml" not in line.where]


def test_a_text_with_faults_gives_its_faults(principal, text):
    faults = studio.trial(text=text.replace("due_day = 30", "due_day = 32"), by=principal)
    assert [fault.where for fault in faults] == ["plan.toml:duty[hand_in].due_day"]


def test_a_dry_run_writes_nothing_and_asks_the_database_a_few_times(
    cast, principal, text, django_assert_max_num_queries
):
    before = (Event.objects.count(), AdoptedPlan.objects.count())
    studio.trial(text=text, by=principal)
    with django_assert_max_num_queries(9):
        studio.trial(text=text, by=principal)
    assert (Event.objects.count(), AdoptedPlan.objects.count()) == before


def test_a_school_without_classes_has_an_empty_dry_run(db, settings, cast, text):
    lone = factories.staff(factories.school("新学校"), "沈一", "shen", ("principal", None))
    found = studio.trial(text=text, by=cast.viewer(lone))
    assert found.rooms == ()
    assert draft.faults(text) == []
