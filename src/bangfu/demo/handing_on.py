"""A teacher who changed work today and whose pupils wait to be handed on, words kept ready for whoever helps next,
and a leave next week for which nobody stands in yet."""

from datetime import timedelta

from bangfu.demo.people import Town, afternoon
from bangfu.records.models import Leave, Pairing, PairNote, RoleGrant

READY = (
    ("先聊画画，再说作业；一次只布置一小步。", "别当着全班问作业。"),
    ("让他当小帮手，讲给别人听一遍就记住了。", "催得急了会不说话，等一等就好。"),
    ("和奶奶约在赶场天打电话，一定接。", "周一早上情绪低，先别谈成绩。"),
)


def hand_on(town: Town) -> None:
    """This function will end one attached teacher's role today, with a successor there, and keep some notes ready."""
    live = Pairing.objects.filter(state="confirmed", valid_to__isnull=True, case__school=town.school)
    busy = {grant.staff_id for grant in town.grants}
    free = [one for one in town.staff if one.pk not in busy]
    shown = next(iter(town.attached.values()))
    for school_class in reversed(town.classes):
        goes = town.attached[school_class.pk]
        mine = live.filter(helper=goes)
        if free and not school_class.site and goes != shown and mine.exists():
            RoleGrant.objects.filter(staff=goes, school_class=school_class).update(valid_to=town.today)
            RoleGrant.objects.create(
                staff=free[0], role="class_attached_teacher", school_class=school_class, valid_from=town.today,
                granted_by=town.staff[0],
            )  # fmt: skip
            _write(town, mine)
            break
    _write(town, live.filter(helper=next(iter(town.homeroom.values()))))
    _away_soon(town, live)


def _away_soon(town: Town, live) -> None:
    """Next week somebody with pupils is away, and nobody stands in yet."""
    away = set(Leave.objects.values_list("staff_id", flat=True))
    for school_class in reversed(town.classes):
        one = town.homeroom[school_class.pk]
        if one.pk not in away and live.filter(helper=one).exists():
            monday = town.today + timedelta(days=7 - town.today.weekday())
            Leave.objects.create(staff=one, starts_on=monday, ends_on=monday + timedelta(days=4), by=one)
            return


def _write(town: Town, pairs) -> None:
    PairNote.objects.bulk_create(
        PairNote(pairing=pair, helps=helps, avoid=avoid, by_id=pair.helper_id, at=afternoon(town.today))
        for pair, (helps, avoid) in zip(pairs.order_by("valid_from", "pk"), READY, strict=False)
    )
