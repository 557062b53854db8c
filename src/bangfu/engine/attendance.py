"""Who is away since when, and what that asks of whom: roll calls in, spells and the rungs of a ladder out (P0-17, R80).

A rung hangs on the spell of absence, never on somebody having written something; a child who is back climbs no
further. Nothing here calls anybody a dropout.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pydantic import Field

from bangfu.engine.calendar import Calendar
from bangfu.engine.case import Spell
from bangfu.engine.part import Key, Named, Part, Role, Title

DAY = timedelta(days=1)
SESSIONS = ("day", "morning", "afternoon")  # in the order of a day; `day` is called once, in the morning
Standing = Literal["due", "late", "done", "passed"]


@dataclass(frozen=True, slots=True)
class Seen:
    """One look at one child: who was called in this session was here or away."""

    day: date
    session: str
    is_away: bool


def spells(seen: Iterable[Seen]) -> tuple[Spell, ...]:
    """This function will turn looks into spells of absence: away until somebody sees the child again.

    A day on which nobody looked ends nothing. Away in the morning and here in the afternoon is no spell.
    """
    found: list[Spell] = []
    since = None
    for look in sorted(seen, key=lambda look: (look.day, SESSIONS.index(look.session))):
        if look.is_away:
            since = since or look.day
        elif since is not None:
            if look.day > since:
                found.append(Spell(since, look.day - DAY))
            since = None
    return tuple(found) if since is None else (*found, Spell(since))


class Step(Named):
    """One rung: after so many school days of absence, who does what within how many more.

    `when` says for whom: `open` while nobody has explained the absence, `unexplained` once somebody asked in vain,
    `explained` where the reason is known. `named` rungs close only by a record that names them.
    """

    after: int = Field(ge=0, le=60)
    within: int = Field(0, ge=0, le=20)
    when: Literal["open", "unexplained", "explained", "any"] = "open"
    who: tuple[Role, ...] = Field(min_length=1)
    accepts: tuple[Key, ...] = Field(min_length=1)
    named: bool = False
    minutes: int = Field(5, ge=1, le=240)
    hint: str = ""
    source: str = ""


class Ladder(Part):
    """All rungs, lowest first, and from which day of absence a child counts as `away` when roll and classroom are compared."""

    title: Title
    away_after: int = Field(3, ge=1, le=60)
    steps: tuple[Step, ...] = Field(alias="step", min_length=1)
    source: str = ""

    def step(self, key: str) -> Step | None:
        """This function will find a rung by its key."""
        return next((step for step in self.steps if step.key == key), None)


@dataclass(frozen=True, slots=True)
class Away:
    """One child's spell of absence as known on a day. `is_explained` None: nobody has asked yet."""

    pupil_id: Hashable
    spell: Spell
    is_explained: bool | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done about an absence: when, what kind of record, and the rung it names, if any."""

    on: date
    activities: frozenset[str]
    step: str = ""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step for one spell: from when until when, and how it stands."""

    step: Step
    opens_on: date
    due_on: date
    standing: Standing
    done_on: date | None = None


def rungs(
    ladder: Ladder, away: Away, deeds: Sequence[Deed], calendar: Calendar, day: date
) -> tuple[Rung, ...]:
    """This function will judge a spell on a day: the rungs reached so far, lowest first.

    `passed` is a rung that opened, was not done, and is asked no longer: the child is back.
    """
    days = calendar.school_days(away.spell.opens_on, day)
    is_back = not away.spell.holds(day)
    found = []
    for step in ladder.steps:
        if len(days) <= step.after or not _is_for(step, away.is_explained):
            continue
        opens_on = days[step.after]
        if not away.spell.holds(opens_on):
            continue
        due_on = _later(calendar, opens_on, step.within)
        done_on = min((deed.on for deed in deeds if _closes(step, deed, away.spell, opens_on)), default=None)
        standing: Standing = "done" if done_on else "passed" if is_back else "late" if day > due_on else "due"
        found.append(Rung(step, opens_on, due_on, standing, done_on))
    return tuple(found)


def days_away(spell: Spell, calendar: Calendar, day: date) -> int:
    """This function will count the school days of a spell up to and with a day."""
    last = day if spell.due_on is None else min(day, spell.due_on)
    return len(calendar.school_days(spell.opens_on, last)) if last >= spell.opens_on else 0


def _is_for(step: Step, is_explained: bool | None) -> bool:
    if step.when == "any":
        return True
    if step.when == "explained":
        return is_explained is True
    return is_explained is False or (step.when == "open" and is_explained is None)


def _closes(step: Step, deed: Deed, spell: Spell, opens_on: date) -> bool:
    """A record counts from its rung on; one that names the rung counts from the first day away."""
    if deed.step == step.key:
        return deed.on >= spell.opens_on
    return not step.named and deed.on >= opens_on and not deed.activities.isdisjoint(step.accepts)


def _later(calendar: Calendar, day: date, within: int) -> date:
    days = calendar.school_days(day, date.max)
    return days[min(within, len(days) - 1)] if days else day + timedelta(days=within)
