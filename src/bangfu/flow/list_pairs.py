"""A person decides: is this row this child, and what does it mean that a child is no longer on the list.

Every decision can be taken back for a day; then what the row had shown is dropped. A no-match says nothing about a
child, and being absent from a list never becomes "not poor" by itself (rule R14).
"""

from django.db import transaction
from django.db.models import F

from bangfu.engine.refusal import Refusal
from bangfu.flow import clock
from bangfu.flow.lists import forget, must_keep
from bangfu.records import audit
from bangfu.records.models import FactStatement, ListLeaver, ListMatch

ANSWERS = ("same", "different")
MEANINGS = ("still", "ended")


class Decided(Refusal):
    sentence = "这一条已经有人定过了。"


class NotDecided(Refusal):
    sentence = "这一条还没有定，不用撤销。"


class Forgotten(Refusal):
    sentence = "已经过了一天，名单上的内容不再保存，不能撤销。要改，请重新导入这份名单。"


class NoSuchAnswer(Refusal):
    sentence = "请选“是同一个人”“不是”或“先放着”。"


def waiting(*, by, received=None):
    """This function will give the pairs that wait for a person: likelier ones first, put-off ones last."""
    rows = ListMatch.objects.visible_to(by).waiting()
    if received is not None:
        rows = rows.filter(received=received)
    return rows.order_by(
        F("put_off_at").asc(nulls_first=True), "received__stated_on", "-weight", "row_key", "pk"
    )


@transaction.atomic
def decide(*, match: ListMatch, answer: str, by) -> ListMatch:
    """This function will note whether a row is this child. If it is, what the row states is known of the child, and
    the row's other pairs are settled.

    Raises NotListKeeper, NoSuchAnswer, Decided.
    """
    match = _locked(ListMatch, match, by)
    if answer not in ANSWERS:
        raise NoSuchAnswer
    _settle(match, answer, by)
    if answer == "same":
        match.statement = _state(match, match.facts, by)
        match.save(update_fields=["statement"])
        _others(match).filter(state="waiting").update(
            state="different", by=by.staff, decided_at=match.decided_at
        )
        received = ListLeaver.objects.filter(received=match.received, pupil=match.pupil, state="waiting")
        received.update(state="found", by=by.staff, decided_at=match.decided_at)
    _log("lists.decide", match, answer, by)
    forget(school=by.school)
    return match


def put_off(*, match: ListMatch, by) -> ListMatch:
    """This function will move a pair behind the others. Raises NotListKeeper, Decided."""
    with transaction.atomic():
        match = _locked(ListMatch, match, by)
        if match.state != "waiting":
            raise Decided
        match.put_off_at = clock.now()
        match.save(update_fields=["put_off_at"])
    return match


@transaction.atomic
def take_back(*, match: ListMatch, by) -> ListMatch:
    """This function will put a decided pair back among those waiting, with what followed from it.

    Raises NotListKeeper, NotDecided, Forgotten.
    """
    match = _locked(ListMatch, match, by)
    if match.state == "waiting":
        raise NotDecided
    if match.shown is None:
        raise Forgotten
    if match.state == "same":
        _others(match).filter(state="different", decided_at=match.decided_at).update(
            state="waiting", by=None, decided_at=None
        )
        found = ListLeaver.objects.filter(received=match.received, pupil=match.pupil, state="found")
        found.update(state="waiting", by=None, decided_at=None)
    _unsettle(match)
    _log("lists.undecide", match, "", by)
    return match


@transaction.atomic
def mean(*, leaver: ListLeaver, meaning: str, by) -> ListLeaver:
    """This function will note what it means that a child is no longer on a list: nothing changed, or it has ended.

    Raises NotListKeeper, NoSuchAnswer, Decided.
    """
    leaver = _locked(ListLeaver, leaver, by)
    if meaning not in MEANINGS:
        raise NoSuchAnswer
    _settle(leaver, meaning, by)
    if meaning == "ended":
        leaver.statement = _state(leaver, dict.fromkeys(leaver.facts, False), by)
        leaver.save(update_fields=["statement"])
    _log("lists.leaver", leaver, meaning, by)
    return leaver


@transaction.atomic
def unmean(*, leaver: ListLeaver, by) -> ListLeaver:
    """This function will take back what was said about a child no longer on a list. Raises NotListKeeper, NotDecided."""
    leaver = _locked(ListLeaver, leaver, by)
    if leaver.state == "waiting":
        raise NotDecided
    _unsettle(leaver)
    _log("lists.undecide", leaver, "", by)
    return leaver


def _locked(model, row, by):
    must_keep(by)
    return model.objects.select_for_update(of=("self",)).select_related("received").get(pk=row.pk)


def _others(match: ListMatch):
    return ListMatch.objects.filter(received=match.received, row_key=match.row_key).exclude(pk=match.pk)


def _settle(row, state: str, by) -> None:
    if row.state != "waiting":
        raise Decided
    row.state, row.by, row.decided_at = state, by.staff, clock.now()
    row.save(update_fields=["state", "by", "decided_at"])


def _unsettle(row) -> None:
    if row.statement_id:
        row.statement.delete()
    row.state, row.by, row.decided_at, row.statement = "waiting", None, None, None
    row.save(update_fields=["state", "by", "decided_at", "statement"])


def _state(row, facts: dict, by) -> FactStatement | None:
    if not facts:
        return None
    received = row.received
    return FactStatement.objects.create(
        pupil_id=row.pupil_id, source=received.source, stated_on=received.stated_on, known_at=clock.now(),
        values=facts, by=by.staff, intake_id=received.intake_id,
    )  # fmt: skip


def _log(verb: str, row, answer: str, by) -> None:
    changes = {"state": ["", answer], "facts": list(row.facts)}
    event = audit.event(verb, by=by.staff, at=clock.now(), subject=row, changes=changes)
    event.intake_id = row.received.intake_id
    audit.store([event])
