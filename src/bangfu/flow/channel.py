"""How I am told: one way, my own, at the hour I chose, tried once with a button, switched off whenever I like."""

from datetime import date, time

from django.db import transaction

from bangfu.engine.refusal import Refusal
from bangfu.flow import clock, deliver
from bangfu.records import audit
from bangfu.records.models import Channel, School
from bangfu.records.models.care_danger import HEADS
from bangfu.records.models.digests import EARLIEST, LATEST
from bangfu.records.seal import blind

TRIAL = "试一下：看得到这句话，就说明通了。"


class AtNight(Refusal):
    sentence = "提醒的时间请选在 7:00 到 18:00 之间。晚上和放假不提醒。"


def at_night(by) -> AtNight:
    """This function will give the refusal of an hour, true for whoever is also told of a child in danger."""
    return AtNight(f"{AtNight.sentence}只有孩子遇到危险时例外。") if by.holds(*HEADS) else AtNight()


class NotAlone(Refusal):
    sentence = "这个地址已经有同事在用。提醒只发给本人，不发到群里；请用一个只有您自己的。"


class NothingKept(Refusal):
    sentence = "先写好往哪里发，再试。"


@transaction.atomic
def choose(*, kind: str, address: str, at: time, by) -> Channel:
    """This function will keep where and when I am told; an empty address keeps the one there is."""
    if not EARLIEST <= at < LATEST:
        raise at_night(by)
    if kind not in Channel.KINDS:
        raise deliver.NotAnAddress("请选一种提醒的方式。")
    row = Channel.objects.select_for_update().filter(staff=by.staff).first() or Channel(staff=by.staff)
    if address.strip() or row.kind != kind or row.address is None:
        written = deliver.read(kind, address)
        index = blind(written.split()[0], "channel")
        if Channel.objects.filter(address_index=index).exclude(staff=by.staff).exists():
            raise NotAlone
        row.kind, row.address, row.address_index = kind, written, index
        row.problem, row.tried_at = "", None
    row.at = at
    row.save()
    audit.log("channel.choose", by=by.staff, at=clock.now(), subject=row, changes={"kind": [None, kind]})
    return row


@transaction.atomic
def stop(*, by) -> None:
    """This function will stop telling me anything and forget the address. Safe to run twice."""
    rows = Channel.objects.filter(staff=by.staff, address_index__isnull=False)
    if row := rows.first():
        row.address, row.address_index, row.problem, row.tried_at = None, None, "", None
        row.save()
        audit.log("channel.stop", by=by.staff, at=clock.now(), subject=row)


@transaction.atomic
def forget_gone(*, school: School, day: date) -> int:
    """This function will forget the addresses of colleagues who have left, and say how many."""
    gone = Channel.objects.filter(staff__school=school, staff__left_on__lte=day, address_index__isnull=False)
    return gone.update(address=None, address_index=None, problem="")


def try_it(*, by) -> str:
    """This function will send one sentence now and give "" or a word of PROBLEMS; raises NothingKept."""
    row = Channel.objects.filter(staff=by.staff, address_index__isnull=False).first()
    if row is None:
        raise NothingKept
    problem = deliver.send(row.kind, row.address.reveal(), TRIAL)
    note(row.pk, problem)
    return problem


def note(channel_id, problem: str) -> None:
    """This function will keep how the last sending ended, for its owner to see."""
    Channel.objects.filter(pk=channel_id).update(tried_at=clock.now(), problem=problem)
