"""What a phone kept: stored once, in its author's name; held whole where a person must look; nothing is ever dropped."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from bangfu.flow import agenda, class_grid, clock, inbox, merge, record, sync
from bangfu.flow.record import Entry
from bangfu.flow.sync_item import Item
from bangfu.records import turn
from bangfu.records.models import (
    Case,
    Event,
    Evidence,
    FactStatement,
    FieldConflict,
    Guardian,
    MonthSheet,
    Pupil,
    SheetCase,
    SyncItem,
    Waiver,
)
from tests import factories
from tests.cast import DAY

DEVICE = UUID("6b6e1c3e-2f6f-4d43-9c52-3e1f5d6c1a11")


def talk(pupil, *, kind="record", body=None, **said) -> Item:
    entry = Entry(("talk",), said.pop("on", DAY), id=uuid4(), **said)
    return Item(entry.id, kind, DEVICE, body or {"note": entry.note}, 1, None, entry, "", (pupil.pk,))


def states(results):
    return [one.state for one in results]


def test_each_thing_is_stored_once_however_often_and_in_whatever_order_it_comes(cast):
    by = cast.viewer(cast.homeroom)
    items = [talk(cast.pupils[at % 3], note=f"第{at}次") for at in range(12)]
    assert states(sync.take(items=items, by=by)) == ["stored"] * 12
    again = [*reversed(items), *items]
    assert set(states(sync.take(items=again, by=by))) == {"known"}
    assert sorted(Evidence.objects.values_list("note", flat=True)) == sorted(one.entry.note for one in items)
    assert SyncItem.objects.count() == 12 and not SyncItem.objects.filter(content__isnull=False).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL needs no turn")
@pytest.mark.parametrize("kind", ["record", "withdraw"])
def test_what_a_phone_brings_is_stored_in_its_turn_like_a_record_at_the_desk(cast, monkeypatch, kind):
    by, held, item = cast.viewer(cast.homeroom), [], talk(cast.pupils[0])
    if kind == "withdraw":
        sync.take(items=[item], by=by)
        item = Item(uuid4(), "withdraw", DEVICE, {"evidence": str(item.id)}, 2)
    whole = sync._Batch._row
    monkeypatch.setattr(
        sync._Batch, "_row", lambda *args, **more: held.append(turn._turn.locked()) or whole(*args, **more)
    )
    assert states(sync.take(items=[item], by=by)) == ["stored"]
    assert held == [True]


def test_the_same_number_with_other_words_overwrites_nothing(cast):
    by, first = cast.viewer(cast.homeroom), talk(cast.pupils[0], note="先写的")
    sync.take(items=[first], by=by)
    other = replace(first, body={"note": "后写的"}, entry=replace(first.entry, note="后写的"))
    result = sync.take(items=[other], by=by)[0]
    assert result.state == "refused" and result.sentence == sync.OtherWords.sentence
    assert Evidence.objects.get().note == "先写的"


def test_a_child_who_has_another_helper_since_is_held_whole_and_kept_by_the_class_teacher(cast):
    by = cast.viewer(cast.neighbour)  # a class teacher next door, who helped this child until yesterday
    item = talk(cast.pupils[0], note="昨天在路上记的", bright_spot="会谢谢人")
    result = sync.take(items=[item], by=by)[0]
    assert (result.state, result.reason) == ("review", "not_yours")
    assert not Evidence.objects.exists()
    assert not inbox.waiting(by) and not inbox.waiting(cast.viewer(cast.officer))
    held = inbox.waiting(cast.viewer(cast.homeroom))[0]
    assert (held.entry.note, held.pupils[0].name) == ("昨天在路上记的", cast.pupils[0].name)
    told = inbox.keep(item=held.item, by=cast.viewer(cast.homeroom))
    assert (told.pk, told.author, told.bright_spot) == (item.id, cast.neighbour, "会谢谢人")
    assert not inbox.waiting(cast.viewer(cast.homeroom))
    assert states(sync.take(items=[item], by=by)) == ["known"]
    with pytest.raises(inbox.NotWaiting):
        inbox.keep(item=held.item, by=cast.viewer(cast.principal))


def test_what_is_held_may_be_handed_to_the_present_helper_or_left_out_with_a_reason_never_by_its_author(cast):
    cast.case(0, helper=cast.attached)
    items = [replace(talk(cast.pupils[0], note=words), seq=at) for at, words in enumerate(("一", "二"))]
    sync.take(items=items, by=cast.viewer(cast.neighbour))
    first, second = inbox.waiting(cast.viewer(cast.principal))
    assert [one.pk for one in first.helpers] == [cast.attached.pk]
    with pytest.raises(inbox.WhoHelps):
        inbox.hand(item=first.item, to=cast.officer, by=cast.viewer(cast.principal))
    inbox.hand(item=first.item, to=cast.attached, by=cast.viewer(cast.principal))
    inbox.keep(item=first.item, by=cast.viewer(cast.attached))
    with pytest.raises(inbox.SayWhy):
        inbox.drop(item=second.item, because=" ", by=cast.viewer(cast.principal))
    with pytest.raises(inbox.NotWaiting):
        inbox.drop(item=second.item, because="写错了人", by=cast.viewer(cast.neighbour))
    inbox.drop(item=second.item, because="写错了人", by=cast.viewer(cast.principal))
    assert Evidence.objects.count() == 1
    assert SyncItem.objects.get(pk=items[1].id).content  # its words stay, sealed
    assert Event.objects.filter(verb__in=("sync.hold", "sync.hand", "sync.keep", "sync.drop")).count() == 5


def test_a_month_that_is_sealed_and_a_child_who_was_not_there_are_held_too(cast):
    case = cast.case(0)
    sealed = {"sealed_at": clock.now(), "sealed_by": cast.principal, "state": "sealed"}
    sheet = MonthSheet.objects.create(
        school=cast.school, plan_key="weekly_support", helper=cast.homeroom, month=date(2026, 9, 1), content={},
        digest="x", handed_in_at=clock.now(), handed_in_by=cast.homeroom, **sealed,
    )  # fmt: skip
    SheetCase.objects.create(sheet=sheet, case=case, entry_year=2024)
    away = cast.pupils[1]
    type(away).objects.filter(pk=away.pk).update(left_on=DAY - timedelta(days=3))
    before = sealed["sealed_at"] - timedelta(hours=1)
    added = talk(cast.pupils[0], on=date(2026, 9, 21))  # written after the seal: an addition, shown as one
    assert states(sync.take(items=[added], by=cast.viewer(cast.homeroom))) == ["stored"]
    items = [
        replace(talk(cast.pupils[0], on=date(2026, 9, 20)), made_at=before),
        talk(away),
        talk(cast.pupils[0]),
        talk(cast.pupils[2], on=DAY + timedelta(days=1)),
    ]
    found = sync.take(items=items, by=cast.viewer(cast.homeroom))
    assert states(found) == ["review", "review", "stored", "refused"]
    assert [one.reason for one in found[:2]] == ["sealed", "moved"] and "还没有到" in found[3].sentence
    assert len(inbox.waiting(cast.viewer(cast.principal))) == 2
    wrong = replace(talk(cast.pupils[0], on=date(2026, 9, 22)), made_at=before - timedelta(days=30))
    told = sync.take(
        items=[wrong], by=cast.viewer(cast.homeroom)
    )  # before it happened: that clock is not believed
    assert states(told) == ["stored"]


def test_a_change_and_a_withdrawal_find_the_record_as_it_stands_and_wait_for_one_not_arrived(cast):
    by, first = cast.viewer(cast.homeroom), talk(cast.pupils[0], note="一")
    later = talk(cast.pupils[0], kind="amend", body={"evidence": str(first.id)}, note="二")
    gone = Item(uuid4(), "withdraw", DEVICE, {"evidence": str(first.id)}, 3)
    assert states(sync.take(items=[later, gone], by=by)) == ["refused", "refused"]
    assert (
        states(sync.take(items=[first, later, gone, later, gone], by=by)) == ["stored"] * 3 + ["stored"] * 2
    )
    assert [one.note for one in Evidence.objects.order_by("written_at")][:2] == ["一", "二"]
    assert not Evidence.objects.current().exists()
    assert states(
        sync.take(items=[talk(cast.pupils[0], kind="amend", body={"evidence": str(first.id)})], by=by)
    ) == ["refused"]


def test_what_is_held_is_changed_and_taken_back_by_its_author_as_well(cast):
    by, first = cast.viewer(cast.neighbour), talk(cast.pupils[0], note="一")
    later = talk(cast.pupils[0], kind="amend", body={"evidence": str(first.id)}, note="二")
    assert states(sync.take(items=[first, later], by=by)) == ["review", "review"]
    assert inbox.waiting(cast.viewer(cast.homeroom))[0].entry.note == "二"
    gone = [Item(uuid4(), "withdraw", DEVICE, {"evidence": str(first.id)}, seq) for seq in (3, 4)]
    told = states(sync.take(items=gone, by=by))
    assert told == ["stored", "known"]  # asked twice: the page died after the first
    assert not inbox.waiting(cast.viewer(cast.homeroom))


def test_changed_many_times_while_it_waits_every_wording_is_kept_once(cast):
    by, first = cast.viewer(cast.neighbour), talk(cast.pupils[0], note="第0次")
    sync.take(items=[first], by=by)
    for at in range(1, 13):
        later = talk(cast.pupils[0], kind="amend", body={"evidence": str(first.id)}, note=f"第{at}次")
        assert states(sync.take(items=[later], by=by)) == ["review"]
    kept = SyncItem.objects.get(pk=first.id).content.reveal()
    assert [kept.count(f"第{at}次") for at in range(13)] == [1] * 13 and len(kept) < 10_000


def test_written_on_the_road_counts_as_written_then_unless_the_phones_clock_is_wrong(cast, monkeypatch):
    by, now = cast.viewer(cast.homeroom), clock.now()
    monkeypatch.setattr(clock, "now", lambda: now.replace(year=2026, month=10, day=15, hour=18))
    friday, future = clock.now() - timedelta(days=2), clock.now() + timedelta(days=2)
    on = friday.date()
    items = [
        replace(talk(cast.pupils[0], on=on), made_at=friday),
        replace(talk(cast.pupils[0], on=on), made_at=future),
        replace(talk(cast.pupils[0], on=DAY), made_at=friday),
    ]
    sync.take(items=items, by=by)
    written = dict(Evidence.objects.values_list("pk", "written_at"))
    assert written[items[0].id] == friday
    assert written[items[1].id] == written[items[2].id] == clock.now()


def test_not_possible_is_noted_once_and_says_so_when_it_is_done_already(cast):
    case = cast.case(0)
    by = cast.viewer(cast.homeroom)
    row = next(row for row in agenda.agenda(by).week if row.activity == "talk")
    body = {"cells": list(row.cells), "reason": "child_away"}
    item = Item(uuid4(), "undone", DEVICE, body, 1)
    other = replace(item, id=uuid4())
    assert states(sync.take(items=[item, item, other], by=by)) == ["stored", "stored", "known"]
    assert {one.case for one in Waiver.objects.all()} == {case}


def test_one_of_another_school_and_a_record_of_somebody_else_are_refused_alike(cast):
    by = cast.viewer(cast.homeroom)
    mine = talk(cast.pupils[0])
    record.add(entry=mine.entry, pupils=[cast.pupils[0]], by=cast.viewer(cast.attached))
    found = sync.take(items=[talk(cast.stranger), mine], by=by)
    assert states(found) == ["refused", "refused"]
    assert (
        found[0].sentence == sync.NoSuchChild.sentence and found[1].sentence == record.SomebodyElses.sentence
    )


def test_a_day_later_the_office_cannot_read_what_waits(cast):
    sync.take(items=[talk(cast.pupils[0], note="只给班主任")], by=cast.viewer(cast.neighbour))
    row = SyncItem.objects.values_list("content", flat=True).get()
    assert "只给班主任" not in str(row) and str(row).startswith("v1$")
    outsider = factories.viewer(cast.outsider, DAY)
    assert not inbox.waiting(outsider)
    assert isinstance(SyncItem.objects.get().arrived_at, datetime)


# ── seals ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def sealed(cast, month: date, at, plan="weekly_support"):
    """A sheet of the class teacher's about the first child, sealed at a moment."""
    case = Case.objects.filter(pupil=cast.pupils[0]).first() or cast.case(0)
    sheet = MonthSheet.objects.create(
        school=cast.school, plan_key=plan, helper=cast.homeroom, month=month, content={}, digest="x",
        handed_in_at=at, handed_in_by=cast.homeroom, sealed_at=at, sealed_by=cast.principal, state="sealed",
    )  # fmt: skip
    SheetCase.objects.create(sheet=sheet, case=case, entry_year=2024)


@pytest.fixture
def july(cast, monkeypatch):
    """(the class teacher, now) in the days after a term whose three days of July stand on June's sheet."""
    now = datetime(2026, 7, 8, 18, tzinfo=clock.now().tzinfo)
    monkeypatch.setattr(clock, "now", lambda: now)
    return cast.viewer(cast.homeroom, now.date()), now


def test_days_of_a_short_month_are_sealed_with_the_sheet_they_stand_on(cast, july):
    by, now = july
    sealed(cast, date(2026, 6, 1), now)
    written = replace(talk(cast.pupils[0], on=date(2026, 7, 2)), made_at=now - timedelta(days=1))
    (told,) = sync.take(items=[written], by=by)
    assert (told.state, told.reason) == ("review", "sealed")


def test_of_two_plans_sheets_the_one_sealed_last_says_whether_something_came_before(cast, july):
    by, now = july
    sealed(cast, date(2026, 6, 1), now)
    sealed(cast, date(2026, 6, 1), now - timedelta(days=3), "growth_plan")
    written = replace(talk(cast.pupils[0], on=date(2026, 6, 25)), made_at=now - timedelta(days=1))
    assert states(sync.take(items=[written], by=by)) == ["review"]


# ── fields ────────────────────────────────────────────────────────────────────────────────────────────────────────
def profile(**said) -> Item:
    return Item(uuid4(), "profile", DEVICE, said, 1, pupils=(said["pupil"],) if "pupil" in said else ())


def test_the_number_of_a_guardian_who_is_gone_is_not_written_to_the_child(cast):
    child, one = cast.pupils[0], Guardian.objects.filter(pupil=cast.pupils[0]).first()
    base, gone = merge.version_of(one, "phone"), one.pk
    one.delete()
    before = merge.text_of(child, "phone")
    wish = profile(pupil=child.pk, guardian=str(gone), field="phone", base=base, value="10099998888")
    (told,) = sync.take(items=[wish], by=cast.viewer(cast.homeroom))
    assert (told.state, told.sentence) == ("refused", sync.NoSuchChild.sentence)
    assert merge.text_of(Pupil.objects.get(pk=child.pk), "phone") == before != "10099998888"


def test_a_field_given_back_as_the_form_showed_it_changes_nothing_and_asks_nobody(cast):
    one = Guardian.objects.filter(pupil=cast.pupils[0]).first()
    shown = merge.text_of(one, "name"), merge.version_of(one, "name")
    Guardian.objects.filter(pk=one.pk).update(name="外婆")
    back = profile(guardian=str(one.pk), field="name", base=shown[1], value=shown[0])
    assert states(sync.take(items=[back], by=cast.viewer(cast.homeroom))) == ["known"]
    assert Guardian.objects.get(pk=one.pk).name == "外婆" and not FieldConflict.objects.exists()


# ── a month handed in, a class looked at ─────────────────────────────────────────────────────────────────────────
MONTH_END = date(2026, 10, 30)


def noted(kind, on=None, **body) -> Item:
    made_at = datetime.combine(on, time(21), tzinfo=ZoneInfo("Asia/Shanghai")) if on else None
    return Item(uuid4(), kind, DEVICE, body, 1, made_at)


def test_a_month_handed_in_away_is_compiled_when_it_arrives_and_in_time_if_it_was_in_time_there(cast, monkeypatch):
    cast.case(0, helper=cast.homeroom)
    arrives = MONTH_END + timedelta(days=4)
    monkeypatch.setattr(clock, "now", lambda: datetime.combine(arrives, time(8), tzinfo=ZoneInfo("Asia/Shanghai")))
    month = {"month": "2026-10", "plan": "weekly_support", "remark": ""}
    first, late = talk(cast.pupils[0], on=MONTH_END), noted("hand_in", MONTH_END, **month)
    by = cast.viewer(cast.homeroom, arrives)
    assert states(sync.take(items=[first, late], by=by)) == ["stored", "stored"]
    sheet = MonthSheet.objects.get(helper=cast.homeroom)
    assert len(sheet.content["children"][0]["records"]) == 1 and not sheet.is_late
    assert states(sync.take(items=[late], by=by)) == ["known"]
    assert states(sync.take(items=[noted("hand_in", MONTH_END, **month)], by=by)) == ["known"]
    said = noted("hand_in", MONTH_END, **month | {"remark": "这个月家访多。"})
    told = sync.take(items=[said], by=by)[0]  # the sentence is in nobody's sheet: it stays where it was written
    assert told.state == "refused" and "还留在这台设备上" in told.sentence
    assert states(sync.take(items=[noted("hand_in", **month | {"month": "2031-02"})], by=by)) == ["refused"]
    assert MonthSheet.objects.count() == 1


def test_a_month_handed_in_away_after_its_day_is_late_and_a_question_is_answered(cast, monkeypatch):
    cast.case(0, helper=cast.homeroom)
    arrives = MONTH_END + timedelta(days=4)
    monkeypatch.setattr(clock, "now", lambda: datetime.combine(arrives, time(8), tzinfo=ZoneInfo("Asia/Shanghai")))
    month = {"month": "2026-10", "plan": "weekly_support", "remark": ""}
    by = cast.viewer(cast.homeroom, arrives)
    assert states(sync.take(items=[noted("hand_in", arrives - timedelta(days=1), **month)], by=by)) == ["stored"]
    assert MonthSheet.objects.get().is_late
    MonthSheet.objects.update(state="asked", question="家里的电话换了吗？")
    answer = noted("hand_in", arrives, **month | {"remark": "换了，已经改好。"})
    assert states(sync.take(items=[noted("hand_in", arrives, **month), answer], by=by)) == ["refused", "stored"]
    sheet = MonthSheet.objects.get()
    assert (sheet.state, sheet.remark) == ("handed_in", "换了，已经改好。")


def grid(cast, on=None, **cells) -> Item:
    """Cells of the class: `mood="1"` of the first child, which had shown nothing."""
    pupil = cast.pupils[0].pk
    body = {f"c.{pupil}.{key}": digit for key, digit in cells.items()}
    return noted("cells", on, **{"class": str(cast.class_two.pk)}, **body, **{f"s.{pupil}.{key}": "" for key in cells})


def test_a_class_looked_at_away_is_said_on_the_day_it_was_looked_at_by_who_taught_it_then(cast, monkeypatch):
    week = DAY + timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: datetime.combine(week, time(8), tzinfo=ZoneInfo("Asia/Shanghai")))
    item = grid(cast, DAY, mood="3", conduct="1")
    assert states(sync.take(items=[item, item], by=cast.viewer(cast.homeroom, week))) == ["stored", "stored"]
    said = FactStatement.objects.get(source="survey")
    assert (said.stated_on, said.values, said.by) == (DAY, {"mood": "常常低落", "conduct": "挺好"}, cast.homeroom)
    told = sync.take(items=[grid(cast, DAY, mood="1")], by=cast.viewer(cast.neighbour, week))[0]
    assert told.state == "refused" and FactStatement.objects.count() == 1


def test_what_another_teacher_filled_in_meanwhile_is_told_and_kept(cast):
    kept = {cast.pupils[0].pk: {"mood": "3"}}
    class_grid.keep(school_class=cast.class_two, cells=kept, saw={}, by=cast.viewer(cast.attached))
    told = sync.take(items=[grid(cast, mood="1")], by=cast.viewer(cast.homeroom))[0]
    assert told.state == "conflict" and "陈小满的“情绪状态”，赵志远写的是“常常低落”" in told.sentence
    said = FactStatement.objects.filter(source="survey").order_by("known_at")
    assert [one.values["mood"] for one in said] == ["常常低落", "平稳"]
