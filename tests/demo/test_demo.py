"""The demo school is invented, the same every time, alive on any day, and shows every awkward state."""

from collections import Counter
from datetime import date

import pytest
from django.db import transaction

from bangfu import demo
from bangfu.demo import lists as demo_lists
from bangfu.demo import samples
from bangfu.demo.moment import terms_around
from bangfu.demo.people import Size
from bangfu.engine.identity import read_id
from bangfu.exchange.list_kind import kinds
from bangfu.flow import adopt, enrol, household_visits, schedule
from bangfu.flow.list_look import About, look
from bangfu.records.access import viewer_of
from bangfu.records.models import (
    Case,
    Decision,
    Evidence,
    Leave,
    MonthSheet,
    Pairing,
    Pupil,
    ReceivedList,
    School,
    SchoolClass,
    SpotCheck,
    Staff,
    Waiver,
)  # fmt: skip

TODAY = date(2026, 11, 18)


@pytest.fixture
def school(db, settings):
    settings.DAY = TODAY
    demo.build()
    return School.objects.get()


def test_it_is_a_school_of_about_480_with_two_terms_of_history_and_every_awkward_case(school):
    assert 470 <= Pupil.objects.count() <= 500
    assert Staff.objects.count() == 38
    assert 28 <= Case.objects.count() <= 56
    assert Evidence.objects.count() > 700
    assert Decision.objects.exists()
    assert {"handed_in", "sealed"} == set(MonthSheet.objects.values_list("state", flat=True))
    assert SpotCheck.objects.exists()
    assert Pupil.objects.filter(left_on__isnull=False).exists()
    assert Leave.objects.exists()
    assert Waiver.objects.filter(reason="too_much").exists()
    assert Case.objects.open_on(TODAY).exclude(pairings__in=Pairing.objects.in_force(TODAY)).exists()
    in_class = Counter(
        Pupil.objects.filter(name="王浩宇").values_list("enrolments__school_class_id", flat=True)
    )
    assert max(in_class.values()) >= 2  # two of one name in one class
    sizes = [c.enrolments.filter(valid_to=None).count() for c in SchoolClass.objects.all()]
    assert min(sizes) == 1  # a class of one
    _today_is_alive(school)
    _no_number_is_of_a_real_person()
    with pytest.raises(demo.school.NotEmpty):
        demo.build()


def _today_is_alive(school):
    plan = adopt.plans_in_force(school, TODAY)[0]
    found = schedule.ledger(plan, Case.objects.open_on(TODAY), schedule.Asked(school, TODAY, TODAY, TODAY))
    states = Counter(s.state for d in found.values() for s in d.standings)
    assert states["open"] > 10


def _no_number_is_of_a_real_person():
    for pupil in Pupil.objects.filter(id_number__isnull=False)[:50]:
        assert pupil.id_number.reveal().startswith("99")
        assert pupil.phone.reveal().startswith("100")
        assert read_id(pupil.id_number.reveal()) == pupil.id_number.reveal()


@pytest.mark.parametrize(
    "day", [date(2026, 1, 1), date(2026, 2, 17), date(2026, 7, 20), date(2026, 9, 2), date(2027, 5, 4)]
)
def test_whatever_the_day_it_lies_in_a_term_with_history(day):
    before, now = terms_around(day)
    assert now.starts_on < day < now.ends_on
    assert before.ends_on < now.starts_on
    assert (day - now.starts_on).days >= 49


def test_two_builds_agree_name_by_name_and_record_by_record(db, settings):
    settings.DAY = TODAY
    seen = []
    for _ in range(2):
        with pytest.raises(Undone), transaction.atomic():
            demo.build(size=Size(classes_per_grade=1, pupils_per_class=8, staff=24))
            seen.append(_facts())
            raise Undone
    assert seen[0] == seen[1]


class Undone(Exception):
    """Takes a build back."""


def _facts():
    """Not the rounds: which of several equal helpers a home falls to hangs on their keys, and keys are random."""
    written = Evidence.objects.values_list("happened_on", "note", "author__name", "activities")
    return (
        list(Pupil.objects.order_by("sort_key", "birth_on", "name").values_list("name", "birth_on", "sex")),
        sorted({tuple(told) for *told, kinds in written if household_visits.KIND not in kinds}),
        sorted(Case.objects.values_list("pupil__name", "category", "opened_on")),
    )


def test_the_clean_sample_matches_the_school_child_by_child(school):
    sample = samples.clean(TODAY)
    look = enrol.look(content=sample.content, file_name=sample.name, school=school, day=TODAY)
    assert look.reading.faults == []
    assert look.difference.same > 440
    assert 20 <= len(look.difference.changed) <= 40


def test_the_dirty_sample_loads_but_for_what_nobody_can_read(db):
    sample = samples.dirty(TODAY, Size())
    school = School.objects.create(name="空学校")
    look = enrol.look(content=sample.content, file_name=sample.name, school=school, day=TODAY)
    said = " ".join(str(fault) for fault in look.reading.faults)
    assert "科学计数法" in said
    assert "校验码不对" in said
    assert "重复" in said
    assert look.reading.counts["blocked"] == 6
    assert len(look.difference.new) == look.reading.counts["readable"] > 470


def test_the_lists_show_sure_pupils_questions_and_rows_of_nobody_here(school):
    by = viewer_of(Staff.objects.get(name="何文"), TODAY)
    town = samples.town_of(TODAY)
    seen = {}
    for key, sample in zip(("dibao", "exited_poor", "disabled"), demo_lists.samples(town), strict=True):
        about = About(kinds()[key], TODAY)
        seen[key] = look(
            content=sample.content, file_name=sample.name, school=school, day=by.day, about=about
        ).counts
    assert seen["dibao"]["sure"] >= 9 and seen["dibao"]["unsure"] >= 1 and seen["dibao"]["others"] >= 1
    assert seen["exited_poor"]["others"] >= 1 and seen["disabled"]["sure"] == 4
    assert ReceivedList.objects.loaded().count() == 1


def test_the_samples_are_written_where_asked(tmp_path):
    paths = samples.write(tmp_path, TODAY)
    assert [path.name for path in paths] == [
        "学籍导出示例.xlsx",
        "学籍导出示例_有问题.xlsx",
        "学籍导出示例_GBK.csv",
        "低保名单.xlsx",
        "监测对象.xlsx",
        "残疾儿童.csv",
    ]
    assert all(path.stat().st_size > 10_000 for path in paths[:3])
