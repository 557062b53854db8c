"""What a form or a phone sends, by the names of its fields, read as values: one text, several, an id, a day.

The same reading serves a page and an outbox, so that a card filled in offline means what it means online.
"""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from bangfu.engine.refusal import Refusal

Body = Mapping[str, object]


class NoDay(Refusal):
    sentence = "日期没有看懂，请从日历里选一天。"


def many(body: Body, name: str) -> list[str]:
    """This function will give every text sent under a name; empty ones are none."""
    given = body.get(name)
    some = given if isinstance(given, list | tuple) else [given]
    return [text for one in some if isinstance(one, str | int) and (text := str(one).strip())]


def one(body: Body, name: str, longest: int = 200) -> str:
    """This function will give the first text sent under a name, no longer than it may be."""
    return next(iter(many(body, name)), "")[:longest]


def an_id(body: Body, name: str) -> UUID | None:
    """This function will read an id; None for anything else."""
    return as_id(one(body, name))


def as_id(text: str) -> UUID | None:
    """This function will read text as an id; None for anything else."""
    try:
        return UUID(text)
    except ValueError:
        return None


def a_day(body: Body, name: str, otherwise: date | None = None) -> date | None:
    """This function will read a day, or give the other one where none was sent. Raises NoDay."""
    text = one(body, name)
    try:
        return date.fromisoformat(text) if text else otherwise
    except ValueError:
        raise NoDay from None


def a_moment(body: Body, name: str) -> datetime | None:
    """This function will read a day with its time, as the clock on the wall says it; None if none was sent. Raises NoDay."""
    text = one(body, name)
    try:
        found = datetime.fromisoformat(text) if text else None
        return timezone.make_aware(found) if found and timezone.is_naive(found) else found
    except (ValueError, OverflowError):
        raise NoDay("日期和时间没有看懂，请重新选一下。") from None
