"""Duties of a million children as columns of small numbers: windows, children, acts in; count and state of each cell out.

A cell is (duty, window, child). `recount` works every cell out from all acts; `Kept` carries the counts along with
each record, so that a night only looks. Both judge by the same few lines, and engine.duty says what they must say.
Asked by `bangfu bench duties`. Windows come from the engine; here they are only looked up by the day's number.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from bangfu.engine.cadence import Duty
from bangfu.engine.calendar import Calendar
from bangfu.engine.standing import State
from bangfu.engine.window import windows

NOTHING = 0  # the child owed nothing then: not yet here, or no longer
CODES = {state: number for number, state in enumerate(State, start=1)}
DONE, LATE = CODES[State.done], CODES[State.done_recorded_late]
MOST = 255  # a cell counts so far and no farther
CHUNK = 8_192  # children worked on together: their counters stay in the processor's cache


@dataclass(frozen=True, slots=True)
class Days:
    """Days as small numbers: 0 is `first`. `at_school[n]` counts the school days before day n."""

    first: date
    length: int
    at_school: np.ndarray

    def number(self, day: date) -> int:
        """This function will give the number of a day, at the ends of the range if it lies outside."""
        return min(max((day - self.first).days, 0), self.length - 1)

    def school_days(self, opens, dues):
        """This function will count the school days between two days (or columns of days), both included."""
        return self.at_school[dues + 1] - self.at_school[opens]


def days_of(calendar: Calendar) -> Days:
    """This function will number every day from the first term's first to the last term's last."""
    first = min(term.starts_on for term in calendar.terms)
    length = (max(term.ends_on for term in calendar.terms) - first).days + 1
    is_school = [calendar.is_school_day(first + timedelta(days=n)) for n in range(length)]
    return Days(first, length, np.concatenate(([0], np.cumsum(is_school))).astype(np.int16))


@dataclass(frozen=True, slots=True)
class Kind:
    """What a record can be, once for all records alike: its activities and what its author was to the child."""

    activities: frozenset[str]
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Track:
    """One repeating duty: its windows as day numbers, which window a day lies in (or the row after the last)."""

    key: str
    times: int
    opens: np.ndarray
    dues: np.ndarray
    of_day: np.ndarray
    fits: np.ndarray  # for each kind of record, whether it counts
    start: int  # the first of its rows in the matrix of all duties

    @property
    def rows(self) -> slice:
        return slice(self.start, self.start + len(self.opens))


def tracks_of(
    duties: Sequence[Duty], kinds: Sequence[Kind], calendar: Calendar, days: Days
) -> tuple[Track, ...]:
    """This function will lay the repeating duties of a plan out over the days."""
    found, start = [], 0
    for duty in duties:
        spans = windows(duty, calendar)
        of_day = np.full(days.length, len(spans), np.int16)
        for row, window in enumerate(spans):
            of_day[days.number(window.opens_on) : days.number(window.due_on) + 1] = row
        fits = np.zeros(256, bool)
        fits[: len(kinds)] = [
            not (k.activities.isdisjoint(duty.accepts) or k.roles.isdisjoint(duty.who)) for k in kinds
        ]
        opens, dues = (
            np.array([days.number(w[at]) for w in spans], np.int16) for at in (0, 1)
        )  # fmt: skip
        found.append(Track(duty.key, duty.times, opens, dues, of_day, fits, start))
        start += len(spans)
    return tuple(found)


@dataclass(frozen=True)
class Children:
    """The days each child is owed something (both included) and one absence; `away_from` > `away_to` is none."""

    days: Days
    first: np.ndarray
    last: np.ndarray
    away_from: np.ndarray
    away_to: np.ndarray

    def __len__(self) -> int:
        return len(self.first)

    def some(self, which) -> "Children":
        """This function will give a part of the children."""
        parts = (column[which] for column in (self.first, self.last, self.away_from, self.away_to))
        return Children(self.days, *parts)

    @cached_property
    def special(self) -> np.ndarray:
        """Children whose windows are not everybody's: joined, left or away."""
        usual = (self.first == 0) & (self.last == self.days.length - 1) & (self.away_from > self.away_to)
        return np.flatnonzero(~usual)


@dataclass(frozen=True, slots=True)
class Acts:
    """Records child by child, as the index on (child, day) gives them: `starts[c]:starts[c + 1]` are child c's.

    `delay` is how many days later it was written down.
    """

    starts: np.ndarray
    day: np.ndarray
    kind: np.ndarray
    delay: np.ndarray


@dataclass(frozen=True, slots=True)
class Seen:
    """The day from which the ledger is seen, and the last day that is sealed; numbers."""

    day: int
    sealed: int = -1


def judge(track: Track, rows: slice, counted: tuple, children: Children, seen: Seen) -> np.ndarray:
    """This function will give the states of some windows of a duty: one row a window, one column a child.

    `counted` are (all acts that fit, those of them written down too late), in the same shape.
    """
    counts, lates = counted
    opens, dues = track.opens[rows], track.dues[rows]
    waiting = _waiting(opens, dues, seen)
    level = (counts >= track.times).view(np.uint8)
    level = level + (counts - lates >= track.times).view(np.uint8)  # 0 too few, 1 with late ones, 2 in time
    table = np.stack([waiting, np.full_like(waiting, LATE), np.full_like(waiting, DONE)], axis=1)
    states = np.empty_like(level)
    for row in range(len(opens)):
        np.take(table[row], level[row], out=states[row], mode="clip")
    special = children.special
    if len(special):
        states[:, special] = _judge_special(opens, dues, level[:, special], children.some(special), seen)
    return states


def _waiting(opens, dues, seen: Seen) -> np.ndarray:
    past = np.where(dues <= seen.sealed, CODES[State.not_done], CODES[State.can_still_be_added])
    now = np.where(seen.day <= dues, CODES[State.open], past)
    return np.where(seen.day < opens, CODES[State.not_yet_open], now).astype(np.uint8)


def _judge_special(opens, dues, level, children: Children, seen: Seen) -> np.ndarray:
    days = children.days
    opens = np.maximum(opens[:, None], children.first)
    dues = np.minimum(dues[:, None], children.last)
    inside = opens <= dues
    opens = np.where(inside, opens, 0)
    dues = np.where(inside, dues, 0)
    school = days.school_days(opens, dues)
    away_from, away_to = np.maximum(opens, children.away_from), np.minimum(dues, children.away_to)
    is_away = away_from <= away_to
    away = np.where(
        is_away, days.school_days(np.where(is_away, away_from, 0), np.where(is_away, away_to, 0)), 0
    )
    waiting = np.where(away == school, CODES[State.excused], _waiting(opens, dues, seen))
    states = np.where(level == 2, DONE, np.where(level == 1, LATE, waiting)).astype(np.uint8)
    states[~inside | (school == 0)] = NOTHING
    return states


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every cell of some children: one row a window (duty by duty), one column a child. `lates` came after the window."""

    counts: np.ndarray
    lates: np.ndarray
    states: np.ndarray


def size_of(tracks: Sequence[Track]) -> int:
    """This function will count the rows of all duties together."""
    return sum(len(track.opens) for track in tracks)


def recount(
    tracks: Sequence[Track], children: Children, acts: Acts, seen: Seen, *, chunk: int = CHUNK
) -> Iterator[tuple[slice, Ledger]]:
    """This function will work every cell out from all acts, some children at a time: (which children, their ledger)."""
    rows = size_of(tracks)
    for first in range(0, len(children), chunk):
        which = slice(first, min(first + chunk, len(children)))
        some, told = children.some(which), _Told.of(children, acts, which)
        shape = (rows, len(some))
        found = Ledger(*(np.empty(shape, np.uint8) for _ in range(3)))
        for track in tracks:
            counted = told.count(track, some)
            found.counts[track.rows], found.lates[track.rows] = counted
            found.states[track.rows] = judge(track, slice(None), counted, some, seen)
        yield which, found


@dataclass(frozen=True, slots=True)
class _Told:
    """The acts of one chunk of children, with the child's place in the chunk; those outside its days are dropped."""

    child: np.ndarray
    day: np.ndarray
    kind: np.ndarray
    delay: np.ndarray
    delayed: np.ndarray = field(repr=False)

    @classmethod
    def of(cls, children: Children, acts: Acts, which: slice) -> "_Told":
        bounds = acts.starts[which.start : which.stop + 1]
        lengths = np.diff(bounds)
        inside = slice(int(bounds[0]), int(bounds[-1]))
        child = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
        day, kind, delay = acts.day[inside], acts.kind[inside], acts.delay[inside]
        outside = day < np.repeat(children.first[which], lengths)
        outside |= day > np.repeat(children.last[which], lengths)
        if outside.any():
            kept = ~outside
            child, day, kind, delay = child[kept], day[kept], kind[kept], delay[kept]
        return cls(child, day, kind, delay, np.flatnonzero(delay))

    def count(self, track: Track, children: Children) -> tuple[np.ndarray, np.ndarray]:
        """This function will count the acts in each window, and those written down after it closed."""
        many, shape = len(track.opens), (len(track.opens), len(children))
        fitting = np.flatnonzero(track.fits[self.kind])
        cells = track.of_day[self.day[fitting]] * np.int32(len(children)) + self.child[fitting]
        counts = _narrow(np.bincount(cells, minlength=(many + 1) * len(children)), shape)
        late = self.delayed[track.fits[self.kind[self.delayed]]]
        row = track.of_day[self.day[late]]
        late, row = late[row < many], row[row < many]
        dues = np.minimum(track.dues[row], children.last[self.child[late]])
        too_late = self.day[late] + self.delay[late] > dues
        cells = row[too_late] * np.int32(len(children)) + self.child[late[too_late]]
        return counts, _narrow(np.bincount(cells, minlength=many * len(children)), shape)


def _narrow(counts: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """The row after the last, for days in no window, is let go here."""
    counts = counts[: shape[0] * shape[1]]
    if counts.size and counts.max() > MOST:
        counts = np.minimum(counts, MOST)
    return counts.astype(np.uint8).reshape(shape)


@dataclass(frozen=True, slots=True)
class Night:
    """What a night finds, a bit for each duty: a window is open and not met; one that closed can still be added."""

    open: np.ndarray
    behind: np.ndarray


@dataclass(frozen=True, slots=True)
class Kept:
    """The counts of every cell, carried along: a record changes the cells it falls into, a night looks at a few rows."""

    tracks: tuple[Track, ...]
    children: Children
    counts: np.ndarray
    lates: np.ndarray

    @classmethod
    def empty(cls, tracks: tuple[Track, ...], children: Children) -> "Kept":
        shape = (size_of(tracks), len(children))
        return cls(tracks, children, np.zeros(shape, np.uint8), np.zeros(shape, np.uint8))

    def add(self, child: int, day: int, kind: int, delay: int) -> None:
        """This function will note one record in every cell it falls into."""
        last = int(self.children.last[child])
        if not self.children.first[child] <= day <= last:
            return
        for track in self.tracks:
            if not track.fits[kind]:
                continue
            row = int(track.of_day[day])
            if row == len(track.opens):
                continue
            at = track.start + row
            if self.counts[at, child] < MOST:
                self.counts[at, child] += 1
                if delay and day + delay > min(int(track.dues[row]), last):
                    self.lates[at, child] += 1

    def night(self, seen: Seen, *, lookback: int = 35) -> Night:
        """This function will judge the windows that touch the last days only; nothing older is looked at."""
        many = len(self.children)
        found = Night(np.zeros(many, np.uint16), np.zeros(many, np.uint16))
        for bit, track in enumerate(self.tracks):
            near = (track.opens <= seen.day) & (track.dues >= seen.day - lookback)
            rows = np.flatnonzero(near)
            if not len(rows):
                continue
            some = slice(int(rows[0]), int(rows[-1]) + 1)
            of_all = slice(track.start + some.start, track.start + some.stop)
            states = judge(track, some, (self.counts[of_all], self.lates[of_all]), self.children, seen)
            for group, state in ((found.open, State.open), (found.behind, State.can_still_be_added)):
                group |= (states == CODES[state]).any(axis=0).astype(np.uint16) << np.uint16(bit)
        return found

    def differences(self, which: slice, found: Ledger) -> int:
        """This function will count the cells that are not what a recount found."""
        wrong = (self.counts[:, which] != found.counts) | (self.lates[:, which] != found.lates)
        return int(np.count_nonzero(wrong))
