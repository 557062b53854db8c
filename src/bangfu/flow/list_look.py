"""What a list would change, before anybody says so: a file and what it is about in, a ListLook out. Writes nothing.

A child who is not on the list is never said to be without need; who was on the list before is named for a person.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from bangfu.engine.fact import Value
from bangfu.engine.fault import Fault
from bangfu.exchange import list_rows, sheets
from bangfu.exchange.list_kind import ListKind, kinds
from bangfu.exchange.list_rows import ListReading, ListRow, Wish
from bangfu.exchange.places import letters
from bangfu.exchange.sheets import Workbook
from bangfu.exchange.table import CellFault
from bangfu.flow import adopt, list_links
from bangfu.flow.enrol import NotReadable
from bangfu.flow.list_links import Child, Links
from bangfu.records.models import FactStatement, HeadingMap, ReceivedList
from bangfu.records.models.places import school_year_of


@dataclass(frozen=True, slots=True)
class About:
    """What a list is: its kind, its day, the fact a person chose, what the school calls it."""

    kind: ListKind
    stated_on: date | None = None
    fact: str = ""
    title: str = ""

    @classmethod
    def of(cls, received: ReceivedList) -> "About":
        """This function will give what is kept about a received list."""
        key = received.source.removeprefix("list:")
        return cls(kinds()[key], received.stated_on, received.fact, received.title)

    @property
    def memory(self) -> str:
        """Under which name columns and words are remembered."""
        return f"{self.kind.source}:{self.title}" if self.title else self.kind.source


@dataclass(frozen=True, slots=True)
class Told:
    """A child whom the list surely names: every fact it states, with what was known before."""

    child: Child
    facts: Mapping[str, Value]
    before: Mapping[str, Value]

    @property
    def news(self) -> dict[str, tuple[Value, Value]]:
        """What is new or different, as (before, after)."""
        return {
            key: (self.before.get(key), value)
            for key, value in self.facts.items()
            if self.before.get(key) != value
        }

    @property
    def is_new(self) -> bool:
        """Nothing that the list states was known."""
        return bool(self.news) and all(before is None for before, _ in self.news.values())


@dataclass(frozen=True, slots=True)
class Leaver:
    """A child of the previous list who is not on this one."""

    child: Child
    facts: tuple[str, ...]


@dataclass(slots=True)
class ListLook:
    """A list as it was read, whose rows are whose, and what loading it would change."""

    about: About
    book: Workbook
    reading: ListReading
    links: Links
    told: list[Told]
    leavers: list[Leaver]
    existing: int
    digest: str
    worth_a_look: list[CellFault] = field(default_factory=list)

    @property
    def faults(self) -> list[CellFault]:
        """Every cell to look at, in the order of the sheet."""
        return sorted((*self.reading.faults, *self.worth_a_look), key=lambda f: (f.sheet, f.row, f.column))

    @property
    def asks_fact(self) -> bool:
        """Whether a person still has to say what the list is about."""
        return not self.about.kind.fact and not self.about.fact and not self.reading.states_kinds

    @property
    def changed(self) -> int:
        """How many children would have a new or another fact."""
        return sum(bool(one.news) for one in self.told)

    @property
    def is_large(self) -> bool:
        """More than a tenth of the children here would change."""
        return self.changed * 10 > self.existing

    @property
    def counts(self) -> dict[str, int]:
        """Sums for the page, the command and the intake; no names."""
        blocked = {(f.sheet, f.row) for f in self.reading.faults if f.blocks}
        return {
            "rows": self.reading.seen,
            "sure": len(self.told),
            "unsure": len({pair.row.key for pair in self.links.unsure}),
            "others": self.links.others + self.reading.silent,
            "blocked": len(blocked),
            "faults": len(self.faults),
            "new": sum(one.is_new for one in self.told),
            "changed": sum(bool(one.news) and not one.is_new for one in self.told),
            "same": sum(not one.news for one in self.told),
            "leavers": len(self.leavers),
        }


def look(*, content: bytes, file_name: str, school, day: date, about: About) -> ListLook:
    """This function will read a list and say what loading it would change. Raises NotReadable.

    Its day is the one given, else the one written above the table, else today.
    """
    book = sheets.read(content, file_name)
    if isinstance(book, Fault):
        raise NotReadable(book)
    kept = HeadingMap.objects.filter(school=school, source=about.memory).first() if school else None
    wish = Wish(
        about.kind, school_year_of(day), about.stated_on or day, adopt.shelf().commons.code_list, about.fact,
        kept.headings if kept else {}, kept.words if kept else {},
    )  # fmt: skip
    reading = list_rows.read(book, wish)
    if about.stated_on is None:
        about = replace(about, stated_on=min(reading.stated_on or day, day))
        if about.stated_on != day:  # ages and words are those of the list's own day
            reading = list_rows.read(book, replace(wish, day=about.stated_on))
    if reading.refusal:
        raise NotReadable(reading.refusal)
    here = list_links.children(school=school, day=day) if school else []
    links = list_links.find(reading.rows, here, is_ours=not about.kind.is_certified)
    told, clashes = _told(links, reading)
    seen = ListLook(
        about, book, reading, links, told, [], len(here), hashlib.sha256(content).hexdigest(),
        [*clashes, *_elsewhere(links, reading, school), *_not_found(links, reading, about, school)],
    )  # fmt: skip
    seen.leavers = _leavers(seen, here, school)
    return seen


def _told(links: Links, reading: ListReading) -> tuple[list[Told], list[CellFault]]:
    facts: dict[UUID, dict[str, Value]] = {}
    known: dict[UUID, Child] = {}
    clashes = []
    for pair in links.sure.values():
        if pair.row.has_ended:
            continue
        known[pair.child.id] = pair.child
        mine = facts.setdefault(pair.child.id, {})
        for key, value in pair.row.facts.items():
            if mine.setdefault(key, value) != value:
                clashes.append(
                    _at(pair.row, "name", reading, "同一个孩子有两行，说法不一样", "请只留对的一行。")
                )
    told = [
        Told(child, facts[child.id], {key: child.facts.get(key) for key in facts[child.id]})
        for child in known.values()
    ]
    return sorted(told, key=lambda one: (one.child.class_name, one.child.pupil.sort_key)), clashes


def _elsewhere(links: Links, reading: ListReading, school) -> list[CellFault]:
    """Our child, but the list names another school: here by name only, or the list is old."""
    return [
        _at(pair.row, "school", reading, "名单上写的是别的学校", "孩子还在我们的学籍里，请核对是不是转学了。")
        for pair in links.sure.values()
        if pair.row.school and not _is_here(pair.row.school, school)
    ]


def _not_found(links: Links, reading: ListReading, about: About, school) -> list[CellFault]:
    """Rows that should be ours: the list was made here, or names this school."""
    met = {*links.sure, *(pair.row.key for pair in links.unsure)}
    maybe = "可能是我们的学生，导入后请在网页里看一眼"
    out = [
        _at(pair.row, "name", reading, maybe, "")
        for pair in {pair.row.key: pair for pair in links.unsure}.values()
    ]
    for row in reading.rows:
        if row.key in met or row.is_grown_up or not school:
            continue
        if _is_here(row.school, school) if row.school else not about.kind.is_certified:
            out.append(_at(row, "name", reading, "在学籍里没有找到这个孩子", "请核对姓名、号码和班级。"))
    return out


def _is_here(written: str, school) -> bool:
    name = "".join(school.name.split())
    written = "".join(written.split())
    return written in name or name in written


def _at(row: ListRow, name: str, reading: ListReading, what: str, hint: str) -> CellFault:
    column = next((c for c in reading.columns if c.sheet == row.sheet and c.field == name), None)
    heading = column.heading if column else "姓名"
    letter = column.column if column else letters(1)
    return CellFault(f"{row.sheet}!{row.row}:{heading}", what, hint, row.sheet, row.row, letter, heading)


def previous(*, school, about: About, on: date) -> ReceivedList | None:
    """This function will give the list of the same kind that was loaded for the day before this one's, if any."""
    return (
        ReceivedList.objects.loaded()
        .filter(intake__school=school, source=about.kind.source, title=about.title, stated_on__lt=on)
        .order_by("-stated_on", "-intake__loaded_at")
        .first()
    )


def _leavers(seen: ListLook, here: list[Child], school) -> list[Leaver]:
    """Children of the previous list whom no row of this one names; of an older list nobody has left."""
    on = seen.about.stated_on
    if school is None or on is None or not seen.reading.rows:
        return []
    later = ReceivedList.objects.loaded().filter(
        intake__school=school, source=seen.about.kind.source, title=seen.about.title, stated_on__gt=on
    )
    before = previous(school=school, about=seen.about, on=on)
    if before is None or later.exists():
        return []
    named = {one.child.id for one in seen.told}
    said: dict[UUID, list[str]] = {}
    for pupil, values in FactStatement.objects.filter(intake=before.intake_id).values_list(
        "pupil_id", "values"
    ):
        said.setdefault(pupil, []).extend(key for key, value in values.items() if value is True)
    still = {
        child.id: child for child in here if any(child.facts.get(k) is True for k in said.get(child.id, ()))
    }
    return [
        Leaver(child, tuple(dict.fromkeys(said[pupil])))
        for pupil, child in still.items()
        if pupil not in named
    ]
