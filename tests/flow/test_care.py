"""Care behind the wall: asked, taken on, written, shared, handed over, forgotten; others learn nothing of it."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from bangfu.flow import care, care_advice, care_notes, care_paper
from bangfu.records.models import (
    CareCase,
    CareEvent,
    CareHandOver,
    CareNote,
    CareRules,
    Event,
    Evidence,
    Facility,
    GroupSession,
    Pupil,
    Referral,
    RoleGrant,
    SharedAdvice,
)
from bangfu.records.seal import SealBroken
from bangfu.records.wall import Wall
from tests.cast import DAY
from tests.flow.care_school import school

__all__ = ["school"]
pytestmark = pytest.mark.django_db


def stored() -> str:
    """Everything that stands in the tables of care, as the database holds it."""
    told = []
    for model in (Referral, CareCase, CareNote, SharedAdvice, GroupSession):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            told += [str(row) for row in cursor.fetchall()]
    return "\n".join(told)


def test_a_teacher_asks_once_and_the_counsellor_reads_what_was_seen(school):
    asked = school.referred()
    assert "睡不着" not in stored() and "睡不好" not in stored()
    with pytest.raises(care.AskedAlready):
        school.referred()
    assert care.seen_in(asked, school.viewer(school.feng)) == care.Seen(("睡不好",), "午睡一直睡不着")
    with pytest.raises(care.NothingSeen):
        care.refer(pupil=school.cast.pupils[1], seen=care.Seen(("没有这个",), "  "), by=school.by)


def test_taken_on_it_moves_behind_the_wall_of_the_one_who_took_it(school):
    asked = school.referred()
    case = care.take_on(referral=asked, by=school.by)
    assert care.take_on(referral=asked, by=school.by) == case and case.counsellor == school.zhou
    asked.refresh_from_db()
    assert care.seen_in(asked, school.by).note == "午睡一直睡不着"
    for other in (Wall(school.cast.school.pk), Wall.of(school.viewer(school.feng))):
        with pytest.raises(SealBroken):
            asked.read(other)
    with pytest.raises(care.GoneElsewhere):
        care.take_on(referral=asked, by=school.viewer(school.feng))


def test_an_answer_without_a_case_and_a_referral_taken_back(school):
    row = care.answer(referral=school.referred(), text="先每天问候一句", by=school.by)
    assert row.answer.reveal() == "先每天问候一句" and not CareCase.objects.exists()
    other = school.referred(1)
    gone = care.take_back(referral=other, by=school.viewer(school.cast.homeroom))
    assert (gone.state, gone.content, gone.lock) == ("taken_back", "", "")


@pytest.mark.parametrize(
    "who", ["principal", "deputy_head", "homeroom", "attached", "officer", "supervisor", "feng"]
)
def test_nobody_else_reads_a_note_whatever_the_role(school, who):
    case, other = school.case(), getattr(school, who, None) or getattr(school.cast, who)
    note = school.written(case)
    RoleGrant.objects.create(staff=other, role="system_admin", valid_from=date(2025, 9, 1))
    viewer = school.viewer(other)
    assert not CareNote.objects.visible_to(viewer).exists()
    assert not CareCase.objects.visible_to(viewer).exists()
    with pytest.raises(care.NotYours):
        care_notes.read(case=case, by=viewer)
    with pytest.raises(care.NotYours):
        care_paper.record(case=case, form="docx", by=viewer)
    with pytest.raises(SealBroken):
        note.read(Wall.of(viewer))
    assert "想妈妈" not in stored()
    assert [dict(one.parts) for one in care_notes.read(case=case, by=school.by)] == [{"状态": "说想妈妈"}]


def test_who_makes_oneself_a_counsellor_still_opens_nothing(school):
    case = school.case()
    note = school.written(case)
    RoleGrant.objects.create(staff=school.cast.principal, role="counsellor", valid_from=DAY)
    viewer = school.viewer(school.cast.principal)
    assert not CareCase.objects.visible_to(viewer).exists()
    with pytest.raises(SealBroken):
        note.read(Wall.of(viewer))
    with pytest.raises(care.NobodyToTake):
        care.hand_over(cases=[case], to=school.cast.principal, by=viewer)


def test_a_lost_key_of_care_opens_nothing_though_the_other_keys_are_there(school, settings):
    case = school.case()
    note = school.written(case)
    settings.CARE_KEYS = {"tests": ("aes", b"0" * 32)}
    with pytest.raises(SealBroken):
        note.read(Wall.of(school.by))


def test_both_ciphers_seal_and_older_keys_still_open(school, settings):
    case = school.case()
    school.written(case, "旧")
    settings.CARE_KEYS, settings.CARE_KEY = {**settings.CARE_KEYS, "gm": ("sm4", b"1" * 16)}, "gm"
    school.written(case, "新")
    assert {dict(one.parts)["状态"] for one in care_notes.read(case=case, by=school.by)} == {"旧", "新"}


def test_a_note_sent_twice_is_stored_once_and_a_correction_keeps_both(school):
    case = school.case()
    said = care_notes.Said(on=DAY, state="说想妈妈", safety="多留意")
    first = care_notes.write(case=case, said=said, next_on=date(2026, 10, 22), by=school.by)
    assert care_notes.write(case=case, said=said, by=school.by) == first
    case.refresh_from_db()
    assert case.next_on == date(2026, 10, 22)
    care_notes.write(case=case, said=care_notes.Said(on=DAY, state="说想外婆"), amends=first, by=school.by)
    told = care_notes.read(case=case, by=school.by)
    assert [(one.is_old, dict(one.parts)["状态"]) for one in told] == [
        (False, "说想外婆"),
        (True, "说想妈妈"),
    ]
    with pytest.raises(care_notes.NothingWritten):
        care_notes.write(case=case, said=care_notes.Said(on=DAY), by=school.by)
    with pytest.raises(care.NotYet):
        care_notes.write(case=case, said=care_notes.Said(on=DAY + timedelta(days=1), state="x"), by=school.by)


def test_a_family_that_would_rather_not_stops_notes_until_it_says_yes(school):
    case = school.case()
    no = care.Answer(is_yes=False, by="奶奶 陈秀英", how="phone", on=DAY)
    care.ask_family(case=case, said=no, by=school.by)
    with pytest.raises(care.FamilyUnwilling):
        school.written(case)
    care.ask_family(case=case, said=care.Answer(True, "奶奶 陈秀英", "paper", DAY), by=school.by)
    assert school.written(case)
    assert "陈秀英" not in stored()


def test_one_note_for_a_group_shows_in_each_childs_file(school):
    cases = [school.case(at) for at in range(3)]
    said = care_notes.Said(on=DAY, state="一起画了我的家")
    row = care_notes.hold_group(cases=cases, said=said, by=school.by)
    assert care_notes.hold_group(cases=cases, said=said, by=school.by) == row
    assert sorted(care_notes.last_group(school.by)) == sorted(one.pk for one in cases)
    for case in cases:
        (told,) = care_notes.read(case=case, by=school.by)
        assert (told.of_group, dict(told.parts)["状态"]) == (3, "一起画了我的家")
    with pytest.raises(care.NotYours):
        care_notes.hold_group(cases=cases, said=said, by=school.viewer(school.cast.homeroom))
    with pytest.raises(care_notes.NobodyThere):
        care_notes.hold_group(cases=[], said=care_notes.Said(on=DAY, state="x"), by=school.by)


def test_advice_reaches_whom_it_is_for_and_says_nothing_else(school):
    case = school.case()
    school.cast.case(0, helper=school.cast.attached)
    care_advice.share(case=case, text="请多留意睡眠", audience="class_teacher", by=school.by)
    again = care_advice.share(case=case, text="请多留意睡眠", audience="class_teacher", by=school.by)
    assert SharedAdvice.objects.get() == again
    pupil = school.cast.pupils[0].pk

    def told(who):
        return [one.text.reveal() for one in care_advice.told(pupil, school.viewer(who))]

    assert told(school.cast.homeroom) == ["请多留意睡眠"]
    others = (
        school.cast.attached,
        school.cast.principal,
        school.cast.neighbour,
        school.cast.officer,
        school.feng,
    )
    assert not any(told(one) for one in others)
    care_advice.share(case=case, text="每天单独问候一句", audience="helpers", by=school.by)
    assert told(school.cast.attached) == ["每天单独问候一句"]
    care_advice.take_back(advice=again, by=school.by)
    assert told(school.cast.homeroom) == []
    late = school.viewer(school.cast.attached, DAY + timedelta(days=200))
    assert care_advice.told(pupil, late) == []  # it stood to the end of the term


def test_whoever_asked_learns_that_it_is_taken_on_and_when_the_next_talk_is(school):
    case = school.case()
    care.meet_next(case=case, on=date(2026, 10, 20), by=school.by)
    (row,) = care_advice.asked(school.viewer(school.cast.homeroom))
    assert (row.state, row.case.next_on) == ("taken_on", date(2026, 10, 20))
    assert care_advice.asked(school.viewer(school.cast.attached)) == []


def test_a_counsellor_hands_over_and_opens_nothing_any_more(school):
    case = school.case()
    note = school.written(case)
    assert care.hand_over(cases=[case], to=school.feng, by=school.by) == 1
    feng = school.viewer(school.feng)
    assert [dict(one.parts)["状态"] for one in care_notes.read(case=case, by=feng)] == ["说想妈妈"]
    assert care.seen_in(case.referrals.get(), feng).note == "午睡一直睡不着"
    with pytest.raises(care.NotYours):
        care_notes.read(case=case, by=school.by)
    note.refresh_from_db()
    with pytest.raises(SealBroken):
        note.read(Wall.of(school.by))


def test_when_a_counsellor_has_left_the_principal_hands_over_but_cannot_read(school):
    case = school.case()
    school.written(case)
    care_notes.hold_group(cases=[case], said=care_notes.Said(on=DAY, state="小组"), by=school.by)
    principal, gone = school.viewer(school.cast.principal), RoleGrant.objects.get(staff=school.zhou)
    with pytest.raises(care.NotYours):
        care.hand_over(cases=[case], to=school.feng, by=principal)
    gone.valid_to = DAY
    gone.save()
    assert care.left_alone(principal) == [case]
    assert care.hand_over(cases=[case], to=school.feng, by=principal) == 1
    assert len(care_notes.read(case=case, by=school.viewer(school.feng))) == 2
    with pytest.raises(care.NotYours):
        care_notes.read(case=case, by=principal)


def test_the_database_itself_lets_nobody_take_over_alone(school):
    case = school.case()
    with pytest.raises(IntegrityError), transaction.atomic():
        CareHandOver.objects.create(
            case=case, giver=school.zhou, receiver=school.feng, by=school.feng, handed_on=DAY
        )


def test_ended_and_long_gone_it_is_forgotten_for_good(school):
    case = school.case()
    note = school.written(case)
    care.close(case=case, outcome="settled", by=school.by)
    care.set_rules(asks_family=True, keep_years=2, by=school.by)
    assert care_notes.to_forget(school.by) == 0 == care_notes.forget(by=school.by)
    Pupil.objects.filter(pk=case.pupil_id).update(
        joined_on=date(2020, 9, 1), left_on=DAY - timedelta(days=800)
    )
    assert care_notes.to_forget(school.by) == 1 == care_notes.forget(by=school.by)
    assert care_notes.forget(by=school.by) == 0
    note.refresh_from_db()
    assert (note.content, note.lock) == ("", "")
    (told,) = care_notes.read(case=case, by=school.by)
    assert told.is_gone and told.parts == ()


def gone_from_school(*cases) -> None:
    rows = Pupil.objects.filter(pk__in=[one.pupil_id for one in cases])
    rows.update(joined_on=date(2018, 9, 1), left_on=DAY - timedelta(days=1500))


def test_a_group_is_forgotten_with_its_last_child_also_where_nothing_else_was_written(school):
    cases = [school.case(at) for at in (0, 1)]
    Referral.objects.update(content="", lock="")
    row = care_notes.hold_group(cases=cases, said=care_notes.Said(on=DAY, state="小组"), by=school.by)
    gone_from_school(cases[0])
    assert care_notes.to_forget(school.by) == 0 == care_notes.forget(by=school.by)
    gone_from_school(*cases)
    assert care_notes.to_forget(school.by) == 2 == care_notes.forget(by=school.by)
    row.refresh_from_db()
    assert (row.content, row.lock) == ("", "") and care_notes.to_forget(school.by) == 0


def test_what_a_counsellor_left_behind_is_the_principals_to_forget_and_nobody_elses(school):
    case, of_group = school.case(), school.case(1)
    note = school.written(case)
    care_notes.hold_group(cases=[of_group], said=care_notes.Said(on=DAY, state="小组"), by=school.by)
    for one in (case, of_group):
        care.close(case=one, outcome="left_school", by=school.by)
    gone_from_school(case, of_group)
    principal, feng = school.viewer(school.cast.principal), school.viewer(school.feng)
    assert care_notes.to_forget(principal) == 0 == care_notes.forget(by=principal)  # 周静 is still there
    assert care_notes.to_forget(school.by) == 2
    gone = RoleGrant.objects.get(staff=school.zhou)
    gone.valid_to = DAY
    gone.save()
    assert care_notes.to_forget(feng) == 0 == care_notes.forget(by=feng)
    for other in (school.cast.deputy_head, school.zhou):
        with pytest.raises(care.NotYours):
            care_notes.forget(by=school.viewer(other))
    assert care_notes.to_forget(principal) == 2 == care_notes.forget(by=principal)
    note.refresh_from_db()
    assert (note.content, note.lock) == ("", "") and GroupSession.objects.get().lock == ""
    assert not CareNote.objects.exclude(lock="").exists() and not Referral.objects.exclude(lock="").exists()


def test_a_note_without_a_next_day_leaves_the_appointment_that_is_still_ahead(school):
    case = school.case()
    school.written(case, next_on=date(2026, 10, 22))
    school.written(case, "又聊了一次")
    case.refresh_from_db()
    assert case.next_on == date(2026, 10, 22)
    later = school.viewer(school.zhou, date(2026, 10, 22))
    said = care_notes.Said(on=date(2026, 10, 22), state="到了那天")
    care_notes.write(case=case, said=said, by=later)
    case.refresh_from_db()
    assert case.next_on is None


def test_nothing_of_it_stands_in_a_trail_or_record_that_others_read(school):
    case = school.case()
    school.written(case)
    care_advice.share(case=case, text="请多留意睡眠", audience="both", by=school.by)
    care.ask_family(case=case, said=care.Answer(True, "奶奶", "paper", DAY), by=school.by)
    care_paper.record(case=case, form="xlsx", by=school.by)
    care.close(case=case, outcome="settled", by=school.by)
    assert not Event.objects.exists() and not Evidence.objects.exists()
    assert set(CareEvent.objects.values_list("verb", flat=True)) == {
        "refer", "take_on", "begin", "write", "share", "ask_family", "print", "close",
    }  # fmt: skip
    assert not CareEvent.objects.visible_to(school.viewer(school.cast.principal)).exists()


def test_the_wall_keeps_its_own_trail_and_nobody_rewrites_it(school):
    school.case()
    for statement in ("UPDATE records_careevent SET verb = 'x'", "DELETE FROM records_careevent"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_counsellor_finds_only_whom_somebody_asked_for(school):
    school.referred(0)
    school.case(1)
    seen = set(Pupil.objects.visible_to(school.by).values_list("name", flat=True))
    assert seen == {"陈小满", "罗天佑"}
    assert set(Pupil.objects.visible_to(school.viewer(school.feng)).values_list("name", flat=True)) == {
        "陈小满"
    }
    assert not Pupil.objects.cared_for_by(school.by).exists()


def test_the_room_says_where_when_and_how_to_come_to_everybody_and_who_counsels_is_known(school):
    homeroom = school.viewer(school.cast.homeroom)
    assert care.room(homeroom) is None
    row = Facility.objects.create(
        school=school.cast.school, key="counselling_room", name="心理咨询室", room="二楼小屋", hours="每天中午",
        booking="敲门就可以", keeper=school.zhou, opened_on=DAY, decided_by=school.cast.principal,
    )  # fmt: skip
    assert care.room(homeroom) == row
    assert care.counsellors(homeroom) == [school.feng, school.zhou]
    assert school.referred().state == "waiting"


def test_the_two_rules_are_the_counsellors_or_the_principals_to_set(school):
    assert care.rules(school.by).keep_years == 3 and care.rules(school.by).asks_family
    care.set_rules(asks_family=False, keep_years=5, by=school.by)
    row = care.set_rules(asks_family=False, keep_years=99, by=school.viewer(school.cast.principal))
    assert CareRules.objects.get() == row and (row.asks_family, row.keep_years) == (False, 30)
    with pytest.raises(care.NotYours):
        care.set_rules(asks_family=True, keep_years=1, by=school.viewer(school.cast.homeroom))


def test_a_child_with_something_on_the_mind_has_a_next_talk_or_an_end(school):
    """A case is a measure that goes on: it holds the next day, and shows when none is planned."""
    case = school.case()
    assert case.next_on is None and case.closed_on is None
    school.written(case, next_on=date(2026, 10, 22))
    case.refresh_from_db()
    assert case.next_on == date(2026, 10, 22)
    ended = care.close(case=case, outcome="settled", by=school.by)
    assert (ended.closed_on, ended.next_on, ended.outcome) == (DAY, None, "settled")
    with pytest.raises(care.GoneElsewhere):
        school.written(case)
