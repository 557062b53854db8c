"""A million invented children and what was done for them, as columns: the same for every engine of `bangfu bench duties`.

Two terms of the real calendar, seven repeating duties of every cadence; some children join, leave or are away.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from bangfu.analytics.duties import CODES, Acts, Children, Days, Kind, Seen, Track, days_of, tracks_of
from bangfu.engine import pack
from bangfu.engine.cadence import Duty, Every
from bangfu.engine.calendar import Calendar, Term
from bangfu.engine.case import Act, CaseView, Spell
from bangfu.engine.duty import expected, standings
from bangfu.engine.plan import Plan
from bangfu.engine.window import windows
from bangfu.flow import adopt
from bangfu.flow.almanac import national_days, term_title, usual_terms

YEAR = 2025
TODAY = date(
    2026, 6, 17
)  # a Wednesday late in the second term: most windows are over, some are open, some to come
SEALED = date(2026, 5, 31)
SEED = 53
PER_CHILD = 53
CHUNK = 50_000
KEY = "weekly_support"
REPEATED = ("talk", "tutoring", "pupil_report", "guardian_contact", "interview")
MORE = (
    Duty(key="greeting", title="隔几天说说话", who=("helper", "deputy", "homeroom_teacher"),
         every=Every(unit="school_day", n=5), accepts=("talk", "pupil_report", "tutoring")),
    Duty(key="home_visit", title="每学期家访两次", who=("helper", "homeroom_teacher"),
         every=Every(unit="term"), times=2, accepts=("home_visit",)),
)  # fmt: skip
HELPER, HOMEROOM, LEAD, OTHER = (
    ("helper",),
    ("homeroom_teacher",),
    ("grade_supervisor",),
    ("subject_teacher",),
)
# (activities, what the author is to the child, how many of a hundred records)
KINDS = (
    (("talk", "tutoring"), HELPER, 22),
    (("talk",), HELPER, 16),
    (("tutoring",), HELPER, 14),
    (("talk",), HELPER + HOMEROOM, 8),
    (("pupil_report",), HELPER, 6),
    (("talk", "tutoring", "pupil_report"), ("deputy", "helper"), 4),
    (("guardian_contact",), HOMEROOM, 10),
    (("home_visit", "guardian_contact"), HELPER, 5),
    (("interview",), LEAD, 8),
    (("talk",), OTHER, 5),
    (("group_activity",), HOMEROOM, 2),
)


@dataclass(frozen=True)
class Made:
    """Everything an engine may ask for."""

    plan: Plan
    calendar: Calendar
    days: Days
    kinds: tuple[Kind, ...]
    tracks: tuple[Track, ...]
    children: Children
    acts: Acts

    @property
    def seen(self) -> Seen:
        return Seen(self.days.number(TODAY), self.days.number(SEALED))

    @cached_property
    def row_of(self) -> dict[tuple[str, str], int]:
        """Which row of the ledger a duty's period is."""
        return {
            (duty.key, window.period): track.start + at
            for duty, track in zip(self.plan.duties, self.tracks, strict=True)
            for at, window in enumerate(windows(duty, self.calendar))
        }


def calendar() -> Calendar:
    """This function will lay out the two terms of the school year with the country's holidays."""
    terms = tuple(Term(key, term_title(key), first, last) for key, first, last in usual_terms(YEAR))
    off, worked = frozenset(), frozenset()
    for year in (YEAR, YEAR + 1):
        off, worked = off | national_days(year)[0], worked | national_days(year)[1]
    return Calendar(terms, off, worked)


def plan() -> Plan:
    """This function will take the repeating duties of the weekly plan and add two more cadences."""
    texts = {name: text for name, text in adopt.pack_files().items() if name.startswith(("_common/", KEY))}
    read = pack.load(texts).plans[KEY, "seed"]
    duties = tuple(duty for duty in read.duties if duty.key in REPEATED)
    return read.model_copy(update={"duties": duties + MORE})


def make(many: int, per_child: int = PER_CHILD) -> Made:
    """This function will invent children and records, the same for the same size."""
    known, weekly = calendar(), plan()
    days = days_of(known)
    kinds = tuple(Kind(frozenset(a), frozenset(r)) for a, r, _ in KINDS)
    tracks = tracks_of(weekly.duties, kinds, known, days)
    chance = np.random.default_rng(SEED)
    children = _children(chance, many, days)
    return Made(weekly, known, days, kinds, tracks, children, _acts(chance, many, per_child, days))


def _children(chance, many: int, days: Days) -> Children:
    first, last = np.zeros(many, np.int16), np.full(many, days.length - 1, np.int16)
    away_from, away_to = np.full(many, 1, np.int16), np.zeros(many, np.int16)
    lot = chance.random(many)
    joined, left, away = lot < 0.10, (lot >= 0.08) & (lot < 0.14), (lot >= 0.12) & (lot < 0.22)
    first[joined] = chance.integers(1, days.length // 2, joined.sum())
    last[left] = chance.integers(days.length // 2, days.length - 1, left.sum())
    away_from[away] = chance.integers(0, days.length - 40, away.sum())
    away_to[away] = away_from[away] + chance.integers(0, 40, away.sum())
    return Children(days, first, last, away_from, away_to)


def _acts(chance, many: int, per_child: int, days: Days) -> Acts:
    school = np.flatnonzero(np.diff(days.at_school)).astype(np.int16)
    shares = np.array([share for *_, share in KINDS], float)
    lots = np.repeat(np.arange(len(KINDS), dtype=np.uint8), shares.astype(int))
    day, kind, delay = (np.empty(many * per_child, kind) for kind in (np.int16, np.uint8, np.uint8))
    for low in range(0, many, CHUNK):
        some = min(CHUNK, many - low)
        span = slice(low * per_child, (low + some) * per_child)
        chosen = school[chance.integers(0, len(school), (some, per_child), np.int16)]
        chosen.sort(axis=1)
        day[span] = chosen.ravel()
        kind[span] = lots[chance.integers(0, len(lots), some * per_child, np.uint8)]
        late = chance.integers(0, 100, some * per_child, np.uint8)
        delay[span] = np.where(late < 12, late, 0)
    starts = np.arange(0, (many + 1) * per_child, per_child, dtype=np.int64)
    return Acts(starts, day, kind, delay)


def as_rows(made: Made, child: int) -> tuple[CaseView, list[Act]]:
    """This function will give one child the way the row-wise engine takes it."""
    first_day, children, acts = made.days.first, made.children, made.acts

    def day(number) -> date:
        return first_day + timedelta(days=int(number))

    away = children.away_from[child] <= children.away_to[child]
    stays = children.last[child] == made.days.length - 1
    view = CaseView(
        child,
        child,
        day(children.first[child]),
        left_on=None if stays else day(children.last[child]) + timedelta(days=1),
        pauses=(Spell(day(children.away_from[child]), day(children.away_to[child])),) if away else (),
    )
    told = [
        Act(n, day(acts.day[n]), day(int(acts.day[n]) + int(acts.delay[n])), kind.activities, kind.roles)
        for n in range(int(acts.starts[child]), int(acts.starts[child + 1]))
        for kind in (made.kinds[acts.kind[n]],)
    ]
    return view, told


def cells_of(made: Made, child: int, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """This function will judge one child row by row: (count, state code) of every row of the ledger."""
    view, told = as_rows(made, child)
    first, last = made.calendar.terms[0].starts_on, made.calendar.terms[-1].ends_on
    owed = expected(made.plan, view, made.calendar, first, last)
    counts, states = np.zeros(rows, int), np.zeros(rows, int)
    for s in standings(owed, told, day=TODAY, sealed=lambda e: e.due_on <= SEALED):
        row = made.row_of[s.expectation.duty_key, s.expectation.period]
        counts[row], states[row] = s.count, CODES[s.state]
    return counts, states
