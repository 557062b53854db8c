"""One digest a school day, at the chosen hour, for one person, without a name; urgent ones at any hour; never twice."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from bangfu.flow import care_danger, channel, daily, deliver, reminders
from bangfu.records.models import Channel, DayOverride, Leave, NightRun, Reminder
from tests import cast as people
from tests.cast import DAY
from tests.flow import posts
from tests.flow.test_at_once import at_once

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("Asia/Shanghai")


def moment(day=DAY, hour=7, minute=40):
    return datetime.combine(day, time(hour, minute), ZONE)


@pytest.fixture
def wall(settings):
    """A web hook that takes everything, and the ways there."""
    with posts.hook({"errcode": 0}) as (place, heard):
        settings.NOTICE_HOSTS = [place]
        yield f"http://{place}", heard


def told_at(cast, staff, root, at=time(7, 40)):
    by = cast.viewer(staff)
    return channel.choose(kind="webhook", address=f"{root}/{staff.user.username}", at=at, by=by)


def said(heard):
    return [body["message"] for _path, body in heard]


@pytest.fixture
def busy(cast, wall):
    """The homeroom teacher helps two, and is told."""
    cast.case(0), cast.case(1)
    told_at(cast, cast.homeroom, wall[0])
    return cast


def test_the_digest_says_how_many_and_names_nobody(busy, wall, settings):
    settings.ADDRESS = "https://bangfu.shikan.cn"
    friday = date(2026, 10, 16)
    assert reminders.send_due(school=busy.school, now=moment(friday)) == 1
    (sentence,) = said(wall[1])
    assert "件事，约" in sentence and sentence.endswith("点开看看。 https://bangfu.shikan.cn/")
    named = [one.name for one in (*busy.pupils, busy.homeroom, busy.principal)] + [
        "谈心",
        "辅导",
        "学习",
        "留守",
    ]
    assert not [word for word in named if word in sentence]
    row = Reminder.objects.get()
    assert row.state == "sent" and row.told and not any(len(key) != 16 for key in row.told)


@pytest.mark.parametrize("hour", [0, 6, 18, 23])
def test_nobody_is_told_in_the_evening_or_at_night(busy, wall, hour):
    assert reminders.send_due(school=busy.school, now=moment(date(2026, 10, 16), hour, 59)) == 0
    assert wall[1] == [] and not Reminder.objects.exists()


def test_not_before_the_chosen_hour(busy, wall):
    friday = date(2026, 10, 16)
    told_at(busy, busy.homeroom, wall[0], time(9, 30))
    assert reminders.send_due(school=busy.school, now=moment(friday, 9, 29)) == 0
    assert reminders.send_due(school=busy.school, now=moment(friday, 9, 30)) == 1


@pytest.mark.parametrize(
    "day", [date(2026, 10, 17), date(2026, 10, 2), date(2027, 2, 10)], ids=["weekend", "national", "vacation"]
)
def test_not_on_a_day_without_school(busy, wall, day):
    assert reminders.send_due(school=busy.school, now=moment(day)) == 0 and wall[1] == []


def test_not_on_a_day_the_school_took_off(busy, wall):
    friday = date(2026, 10, 16)
    DayOverride.objects.create(school=busy.school, day=friday, is_school_day=False)
    busy.school.calendar_version += 1
    busy.school.save()
    assert reminders.send_due(school=busy.school, now=moment(friday)) == 0


def test_not_while_on_leave_and_not_after_leaving(busy, wall):
    friday = date(2026, 10, 16)
    leave = Leave.objects.create(staff=busy.homeroom, starts_on=DAY, ends_on=friday)
    assert reminders.send_due(school=busy.school, now=moment(friday)) == 0
    leave.delete()
    busy.homeroom.left_on = friday
    busy.homeroom.save()
    assert reminders.send_due(school=busy.school, now=moment(friday)) == 0 and wall[1] == []


def test_the_address_of_who_left_is_forgotten_that_night(busy, wall):
    told_at(busy, busy.attached, wall[0])
    busy.attached.left_on = DAY
    busy.attached.save()
    daily.night(school=busy.school, now=moment())
    kept = Channel.objects.filter(address__isnull=False).values_list("staff__name", flat=True)
    assert list(kept) == [busy.homeroom.name]


def test_one_a_day_and_the_same_thing_not_again_within_a_week(busy, wall):
    friday = date(2026, 10, 16)
    for minute in (40, 41, 59):
        reminders.send_due(school=busy.school, now=moment(friday, 7, minute))
    assert len(wall[1]) == 1
    row = Reminder.objects.get()
    Reminder.objects.filter(pk=row.pk).update(day=DAY)  # as if it had been said the day before
    assert reminders.send_due(school=busy.school, now=moment(friday)) == 0
    assert Reminder.objects.get(day=friday).state == "nothing" and len(wall[1]) == 1
    Reminder.objects.filter(pk=row.pk).update(day=friday - timedelta(days=7))
    Reminder.objects.filter(day=friday).delete()
    assert reminders.send_due(school=busy.school, now=moment(friday)) == 1


def test_who_has_nothing_to_do_hears_nothing(cast, wall):
    told_at(cast, cast.officer, wall[0])
    assert reminders.send_due(school=cast.school, now=moment()) == 0 and wall[1] == []
    assert Reminder.objects.get().state == "nothing"


def test_what_did_not_go_keeps_its_reason_and_goes_the_next_time(busy, wall, settings):
    friday, known = date(2026, 10, 16), settings.NOTICE_HOSTS
    settings.NOTICE_HOSTS = []
    assert reminders.send_due(school=busy.school, now=moment(friday)) == 0
    assert Channel.objects.get().problem == Reminder.objects.get().problem == "unreadable"
    settings.NOTICE_HOSTS = known
    assert reminders.send_due(school=busy.school, now=moment(friday, 7, 41)) == 0  # not at once
    assert reminders.send_due(school=busy.school, now=moment(friday, 7, 50)) == 1
    assert Channel.objects.get().problem == Reminder.objects.get().problem == ""
    assert Reminder.objects.get().tries == 2


def test_after_five_tries_it_is_left_for_the_day(busy, settings):
    settings.NOTICE_HOSTS = []
    friday = date(2026, 10, 16)
    for hour in range(7, 18):
        reminders.send_due(school=busy.school, now=moment(friday, hour, 45))
    assert Reminder.objects.get().tries == 5 and Reminder.objects.get().state == "failed"


def test_an_address_nobody_can_open_any_more_keeps_no_colleagues_reminder_back(busy, wall):
    busy.case(2, helper=busy.attached)
    told_at(busy, busy.attached, wall[0])
    other = Channel.objects.get(staff=busy.attached).address.envelope()  # bound to that row: it opens for no other
    mine = Channel.objects.filter(staff=busy.homeroom)
    with connection.cursor() as cursor:
        key = Channel._meta.pk.get_db_prep_value(mine.get().pk, connection)
        cursor.execute("UPDATE records_channel SET address = %s WHERE id = %s", [str(other), key])
    friday = moment(date(2026, 10, 16))
    assert reminders.send_due(school=busy.school, now=friday) == 1 and len(wall[1]) == 1
    row = Reminder.objects.get(staff=busy.homeroom)
    assert (row.state, row.problem) == ("failed", "unreadable") and row.next_at > friday


def test_cut_off_half_way_is_shown_and_never_sent_twice(busy, wall):
    friday = date(2026, 10, 16)
    row = Reminder.objects.create(
        staff=busy.homeroom, kind="digest", day=friday, state="sending", tries=1, claimed_at=moment(friday)
    )
    for minute in (41, 56, 59):
        assert reminders.send_due(school=busy.school, now=moment(friday, 7, minute)) == 0
    row.refresh_from_db()
    assert row.state == "failed" and row.problem == "interrupted" and wall[1] == []


def test_something_urgent_goes_at_night_once_and_without_a_name(cast, wall):
    told_at(cast, cast.principal, wall[0])
    sunday, about = moment(date(2026, 10, 18), 23, 10), uuid4()
    for _again in range(2):
        reminders.urgent(staff=[cast.principal, cast.homeroom], about=about, now=sunday)
    assert reminders.send_due(school=cast.school, now=sunday) == 1
    assert reminders.send_due(school=cast.school, now=sunday + timedelta(minutes=1)) == 0
    (sentence,) = said(wall[1])
    assert "要紧" in sentence and not [one for one in cast.pupils if one.name in sentence]


def test_a_child_in_danger_reaches_the_heads_at_night_until_one_takes_it_up(cast, wall):
    told_at(cast, cast.principal, wall[0]), told_at(cast, cast.supervisor, wall[0])
    alarm = care_danger.escalate(pupil=cast.pupils[0], kind="hurt", by=cast.viewer(cast.homeroom))
    night = alarm.at.replace(hour=23, minute=10)
    assert reminders.send_due(school=cast.school, now=night) == 1
    assert reminders.send_due(school=cast.school, now=night + timedelta(minutes=1)) == 0
    assert [path.strip("/") for path, _body in wall[1]] == ["wang"]
    assert cast.pupils[0].name not in said(wall[1])[0]
    care_danger.take_up(alarm=alarm, by=cast.viewer(cast.principal))
    told_at(cast, cast.deputy_head, wall[0])
    assert reminders.send_due(school=cast.school, now=night + timedelta(minutes=2)) == 0
    assert len(wall[1]) == 1


def test_an_alarm_taken_back_is_told_to_nobody_any_more(cast, wall):
    by, night = cast.viewer(cast.homeroom), moment(date(2026, 10, 18), 22, 0)
    told_at(cast, cast.principal, wall[0])
    first = care_danger.escalate(pupil=cast.pupils[0], kind="hurt", by=by)
    reminders.urgent(staff=[cast.principal], about=first.pk, now=night)  # it waits already
    care_danger.take_back(alarm=first, by=by)
    second = care_danger.escalate(pupil=cast.pupils[1], kind="hurt", by=by)
    care_danger.take_back(alarm=second, by=by)
    assert reminders.send_due(school=cast.school, now=night) == 0 and wall[1] == []
    assert Reminder.objects.get().state == "nothing"


def test_an_address_serves_one_person_so_nothing_goes_to_a_group(cast, wall):
    told_at(cast, cast.homeroom, wall[0])
    with pytest.raises(channel.NotAlone):
        channel.choose(kind="webhook", address=f"{wall[0]}/li", at=time(8), by=cast.viewer(cast.attached))
    channel.stop(by=cast.viewer(cast.homeroom))
    channel.choose(kind="webhook", address=f"{wall[0]}/li", at=time(8), by=cast.viewer(cast.attached))
    kept = Channel.objects.get(staff=cast.homeroom)
    assert kept.address is None and kept.address_index is None


def test_the_address_is_sealed_and_the_hour_is_never_at_night(cast, wall):
    row = told_at(cast, cast.homeroom, wall[0])
    (stored,) = Channel.objects.values_list("address", flat=True)
    assert str(stored).startswith("v1$") and wall[0] not in str(stored)
    with pytest.raises(channel.AtNight):
        told_at(cast, cast.homeroom, wall[0], time(18))
    with pytest.raises(deliver.NotAnAddress):
        channel.choose(kind="email", address="li", at=time(8), by=cast.viewer(cast.homeroom))
    row.refresh_from_db()
    assert row.kind == "webhook" and row.at == time(7, 40)


@pytest.fixture
def open_cast(transactional_db, settings):
    settings.DAY = DAY
    return people.build()


def test_three_clocks_together_send_one_and_see_to_one_night(open_cast, wall):
    cast, friday = open_cast, date(2026, 10, 16)
    cast.case(0), cast.case(1)
    told_at(cast, cast.homeroom, wall[0])
    ran = at_once(*[lambda: daily.run(now=moment(friday), schools=[cast.school])] * 3)
    assert sum(one.nights for one in ran) == 1 and sum(one.sent for one in ran) == 1
    assert not any(one.broken for one in ran)
    assert len(wall[1]) == 1 and Reminder.objects.count() == NightRun.objects.count() == 1
    assert NightRun.objects.get().ended_at is not None


def test_the_night_is_seen_to_once_a_day_and_again_if_it_was_cut_off(cast):
    assert daily.night(school=cast.school, now=moment())
    assert not daily.night(school=cast.school, now=moment(hour=12))
    NightRun.objects.update(ended_at=None)
    assert not daily.night(school=cast.school, now=moment(hour=8))
    assert daily.night(school=cast.school, now=moment(hour=12))
