"""Danger, the glass that two people break, the report the law asks for: who may, what is kept, what never changes."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from docx import Document

from bangfu.flow import care_danger, care_glass, care_paper, care_report, clock
from bangfu.records.models import (
    Escalation,
    Event,
    GlassBreak,
    GlassOpening,
    MandatoryReport,
    RoleGrant,
    Staff,
)
from bangfu.records.models.evidence import AppendOnly
from tests.cast import DAY
from tests.flow.care_school import school

__all__ = ["school"]
pytestmark = pytest.mark.django_db
WHY = "孩子刚刚在班里说了想离开，要知道以前说过什么"


def words(made) -> str:
    found = Document(BytesIO(made.content))
    cells = [cell.text for table in found.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in found.paragraphs), *cells])


def report(school, by=None, **more) -> MandatoryReport:
    told = {"kind": "harmed", "facts": "手臂上有几道新的红印", "on": DAY} | more
    found = care_report.Found(**told)
    return care_report.report(
        pupil=school.cast.pupils[0], found=found, by=school.viewer(by or school.cast.homeroom)
    )


def glass(school, by=None) -> GlassBreak:
    return care_glass.ask(
        pupil=school.cast.pupils[0], reason=WHY, by=school.viewer(by or school.cast.principal)
    )


def test_whoever_sees_danger_raises_it_once_and_gets_the_numbers(school):
    Staff.objects.filter(pk=school.cast.principal.pk).update(sort_key="w")
    principal = Staff.objects.get(pk=school.cast.principal.pk)
    principal.phone = "10011112222"
    principal.save()
    by, pupil = school.viewer(school.cast.attached), school.cast.pupils[0]
    alarm = care_danger.escalate(pupil=pupil, kind="harm_self", by=by)
    assert care_danger.escalate(pupil=pupil, kind="harm_self", by=by) == alarm
    found = [(one.whom, one.number) for one in care_danger.numbers(pupil, by)]
    assert found[:3] == [("principal", "10011112222"), ("vice_principal", ""), ("guardian", "10098765432")]
    assert [one for _, one in found[-3:]] == ["110", "120", "12355"]
    assert found[3] == ("homeroom_teacher", "")
    own = care_danger.numbers(pupil, school.viewer(principal))
    assert [one.whom for one in own][:2] == ["vice_principal", "guardian"]  # nobody is told to call oneself
    with pytest.raises(care_danger.SayWhat):
        care_danger.escalate(pupil=pupil, kind="", by=by)


def test_danger_again_after_the_first_alarm_was_taken_up_is_a_new_alarm(school):
    by, pupil = school.viewer(school.cast.homeroom), school.cast.pupils[0]
    first = care_danger.escalate(pupil=pupil, kind="harm_self", by=by)
    care_danger.take_up(alarm=first, by=school.viewer(school.cast.principal))
    again = care_danger.escalate(pupil=pupil, kind="harm_self", by=by)
    assert again != first and care_danger.waiting(school.viewer(school.cast.deputy_head)) == [again]


def test_a_wrong_tap_is_taken_back_by_its_author_while_nobody_has_taken_it_up(school):
    by, pupil = school.viewer(school.cast.homeroom), school.cast.pupils[0]
    principal = school.viewer(school.cast.principal)
    alarm = care_danger.escalate(pupil=pupil, kind="missing", by=by)
    assert care_danger.may_take_back(alarm, by) and not care_danger.may_take_back(alarm, principal)
    with pytest.raises(care_danger.NotYours):
        care_danger.take_back(alarm=alarm, by=principal)
    for _ in range(2):
        alarm = care_danger.take_back(alarm=alarm, by=by)
    assert care_danger.waiting(principal) == [] and not care_danger.may_take_back(alarm, by)
    event = Event.objects.get()
    assert (event.verb, event.by, event.pupil_id, event.changes) == (
        "alarm.take_back",
        by.staff,
        pupil.pk,
        {},
    )
    with pytest.raises(care_danger.TakenBack):
        care_danger.take_up(alarm=alarm, by=principal)
    with pytest.raises(IntegrityError), transaction.atomic():
        Escalation.objects.update(taken_by=principal.staff, taken_at=clock.now())
    again = care_danger.escalate(pupil=pupil, kind="missing", by=by)  # this time it is true
    assert care_danger.waiting(principal) == [again]
    care_danger.take_up(alarm=again, by=principal)
    with pytest.raises(care_danger.TakenUp):
        care_danger.take_back(alarm=again, by=by)


def test_numbers_shown_are_in_the_trail_and_two_days_later_a_stranger_to_the_child_has_the_public_ones(
    school,
):
    by, pupil = school.viewer(school.cast.attached), school.cast.pupils[0]
    alarm = care_danger.escalate(pupil=pupil, kind="missing", by=by)
    for _ in range(2):
        assert "10098765432" in [one.number for one in care_danger.opened(alarm=alarm, by=by)]
    shown = Event.objects.get(verb="account.reveal")  # once a day, however often the page is opened
    assert (shown.subject_type, shown.pupil_id, shown.by) == ("guardian", pupil.pk, by.staff)
    RoleGrant.objects.filter(staff=by.staff).update(valid_to=DAY)
    moved = school.viewer(school.cast.attached)
    assert "10098765432" in [one.number for one in care_danger.opened(alarm=alarm, by=moved)]
    Escalation.objects.update(at=clock.now() - timedelta(days=3))
    alarm.refresh_from_db()
    assert [one.number for one in care_danger.opened(alarm=alarm, by=moved)] == ["110", "120", "12355"]
    head = school.viewer(school.cast.principal)
    assert "10098765432" in [one.number for one in care_danger.opened(alarm=alarm, by=head)]


def test_every_call_is_noted_and_the_principal_takes_it_up(school):
    by = school.viewer(school.cast.homeroom)
    alarm = care_danger.escalate(pupil=school.cast.pupils[0], kind="missing", by=by)
    care_danger.note_call(alarm=alarm, whom="principal", reached=False, by=by)
    care_danger.note_call(alarm=alarm, whom="guardian", reached=True, by=by)
    assert [(one.whom, one.reached) for one in alarm.calls.order_by("at")] == [
        ("principal", False),
        ("guardian", True),
    ]
    principal = school.viewer(school.cast.principal)
    assert care_danger.waiting(principal) == [alarm] and care_danger.waiting(by) == []
    with pytest.raises(care_danger.ForHeads):
        care_danger.take_up(alarm=alarm, by=by)
    care_danger.take_up(alarm=alarm, by=principal)
    assert care_danger.waiting(principal) == []
    assert not Escalation.objects.visible_to(school.viewer(school.cast.neighbour)).exists()


def test_two_people_break_the_glass_and_what_was_opened_is_kept(school):
    note = school.written(school.case())
    row = glass(school)
    asker, other = school.viewer(school.cast.principal), school.viewer(school.cast.deputy_head)
    with pytest.raises(care_glass.Over):
        care_glass.read(glass=row, by=asker)
    with pytest.raises(care_glass.NotAlone):
        care_glass.agree(glass=row, by=asker)
    row = care_glass.agree(glass=row, by=other)
    assert row.expires_at == row.agreed_at + timedelta(hours=3)
    (told,) = care_glass.read(glass=row, by=asker)
    assert dict(told.parts) == {"状态": "说想妈妈"}
    with pytest.raises(care_glass.NotForYou):
        care_glass.read(glass=row, by=other)
    opening = GlassOpening.objects.get()
    assert (opening.note_id, opening.by) == (note.pk, school.cast.principal)
    assert care_glass.listed(school.by) == [row]  # the counsellor sees who read
    assert WHY in words(care_paper.told_family(glass=row, form="docx", by=other))
    GlassBreak.objects.update(
        agreed_at=clock.now() - timedelta(hours=9), expires_at=clock.now() - timedelta(hours=6)
    )
    row.refresh_from_db()
    with pytest.raises(care_glass.Over):
        care_glass.read(glass=row, by=asker)


def test_the_database_itself_wants_two_people_a_reason_and_an_end(school):
    row, now = glass(school), clock.now()
    alone = {"state": "agreed", "agreed_by": school.cast.principal, "agreed_at": now}
    endless = {"state": "agreed", "agreed_by": school.cast.deputy_head, "agreed_at": now}
    for wrong in (
        alone | {"expires_at": now + timedelta(hours=1)}, endless, {"state": "agreed"}, {"hours": 25},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            GlassBreak.objects.filter(pk=row.pk).update(**wrong)


def test_asking_needs_a_reason_and_a_right_and_waits_a_day_at_most(school):
    with pytest.raises(care_glass.SayWhy):
        care_glass.ask(pupil=school.cast.pupils[0], reason="想看", by=school.viewer(school.cast.principal))
    with pytest.raises(care_glass.NotForYou):
        glass(school, school.cast.homeroom)
    row = glass(school)
    GlassBreak.objects.update(asked_at=clock.now() - timedelta(hours=25))
    with pytest.raises(care_glass.Over):
        care_glass.agree(glass=row, by=school.viewer(school.cast.deputy_head))


def test_a_refused_glass_opens_nothing_and_tells_nothing(school):
    row = glass(school)
    care_glass.refuse(glass=row, by=school.viewer(school.feng))
    row.refresh_from_db()
    assert row.state == "refused"
    with pytest.raises(care_glass.Over):
        care_glass.read(glass=row, by=school.viewer(school.cast.principal))
    assert care_glass.listed(school.viewer(school.cast.homeroom)) == []
    assert care_glass.refuse(glass=row, by=school.viewer(school.feng)) == row
    with pytest.raises(care_glass.Over):
        care_glass.refuse(glass=row, by=school.viewer(school.cast.deputy_head))
    agreed = care_glass.agree(glass=glass(school), by=school.viewer(school.cast.deputy_head))
    with pytest.raises(care_glass.Over):  # it would change nothing, so it is not said to be noted
        care_glass.refuse(glass=agreed, by=school.viewer(school.feng))


def test_asking_says_nothing_of_whether_there_is_anything_to_read(school):
    nothing = care_glass.ask(pupil=school.cast.pupils[4], reason=WHY, by=school.viewer(school.cast.principal))
    care_glass.agree(glass=nothing, by=school.viewer(school.cast.deputy_head))
    assert care_glass.read(glass=nothing, by=school.viewer(school.cast.principal)) == []


def test_a_report_is_stored_once_and_seen_by_its_author_and_the_principal(school):
    row = report(school)
    found = care_report.Found(kind="harmed", facts="x", on=DAY, id=row.pk)
    by = school.viewer(school.cast.homeroom)
    assert care_report.report(pupil=school.cast.pupils[0], found=found, by=by) == row
    assert care_report.listed(by) == [row] == care_report.listed(school.viewer(school.cast.principal))
    for other in (school.cast.deputy_head, school.cast.attached, school.cast.officer, school.zhou):
        assert care_report.listed(school.viewer(other)) == []
    event = Event.objects.get()
    assert (event.verb, event.pupil_id, event.changes) == ("report.harm", None, {})
    with connection.cursor() as cursor:
        cursor.execute("SELECT facts FROM records_mandatoryreport")
        assert "红印" not in cursor.fetchone()[0]


def test_a_report_is_added_to_and_never_changed(school):
    row = report(school)
    added = report(school, facts="民警到了学校", told=("police",), told_at=clock.now(), answer="民警 007")
    assert added.adds_to is None
    more = care_report.report(
        pupil=row.pupil, found=care_report.Found("harmed", "又问了一次", DAY), adds_to=row,
        by=school.viewer(school.cast.homeroom),
    )  # fmt: skip
    assert list(row.additions.all()) == [more]
    row.kind = "hurt"
    for change in (row.save, row.delete, MandatoryReport.objects.all().delete):
        with pytest.raises(AppendOnly):
            change()
    with pytest.raises(AppendOnly):
        MandatoryReport.objects.update(kind="hurt")
    for statement in (
        "UPDATE records_mandatoryreport SET kind = 'hurt'",
        "DELETE FROM records_mandatoryreport",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"facts": " "}, care_report.SayWhat),
        ({"kind": "other"}, care_report.SayWhat),
        ({"on": date(2026, 10, 16)}, care_report.WrongDay),
        ({"told": ("police",)}, care_report.SayWhen),
        ({"told": ("police",), "told_at": timezone.now() + timedelta(days=900)}, care_report.WrongDay),
    ],
)
def test_a_report_says_what_and_when(school, more, why):
    with pytest.raises(why):
        report(school, **more)


def test_papers_say_what_they_should_and_their_names_nothing(school):
    case = school.case()
    school.written(case)
    alarm = care_danger.escalate(pupil=case.pupil, kind="harm_self", by=school.by)
    care_danger.note_call(alarm=alarm, whom="guardian", reached=True, by=school.by)
    made = [
        care_paper.record(case=case, form="docx", by=school.by),
        care_paper.consent(case=case, form="docx", by=school.by),
        care_paper.harm(report=report(school), form="docx", by=school.viewer(school.cast.homeroom)),
    ]
    record, consent, harm = (words(one) for one in made)
    assert "心理辅导记录" in record and "说想妈妈" in record and "家里" in record
    assert "监护人签名" in consent and "说想妈妈" not in consent and "满 3 年" in consent
    assert "手臂上有几道新的红印" in harm and "被别人伤害" in harm
    assert [one.name for one in made] == ["记录表.docx", "同意书.docx", "报告记录.docx"]
    assert care_paper.record(case=school.case(1), form="xlsx", by=school.by).content[:2] == b"PK"
    with pytest.raises(care_paper.NoSuchForm):
        care_paper.record(case=case, form="pdf", by=school.by)
