"""A list that another office sent: a Workbook and its kind in, one ListRow a person and the faults by cell out.

Grown-ups of a household are rows, too: they tell whose child somebody is and are never kept (station 1, enrol;
reference §9). What a row states is facts; an empty cell states nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from bangfu.engine import identity
from bangfu.engine.category import CodeList
from bangfu.engine.fault import Fault
from bangfu.exchange import headings
from bangfu.exchange.cells import Problem, read_column, read_day
from bangfu.exchange.headings import REMARKS, Header
from bangfu.exchange.list_kind import ListKind
from bangfu.exchange.places import classes, letters
from bangfu.exchange.sheets import Sheet, Workbook
from bangfu.exchange.table import CellFault, Recognised, Table

GROWN_UP_AT = 20
CARD = 20  # characters of a disability card: the ID number, the kind, the grade
OTHER_NUMBER = re.compile(r"[0-9X]{15,20}")
_DAY = re.compile(r"20\d\d[-./年]\d{1,2}[-./月]\d{1,2}日?")
_BREAK = re.compile(r"[、,，;；/+和]")


class ListRow(NamedTuple):
    """One person on a list. "" , None and () mean that the list does not say."""

    sheet: str
    row: int
    name: str
    former_name: str
    sex: str
    birth_on: date | None
    id_number: str  # as written where it can't be one: a digit may be wrong
    roll_no: str
    phones: tuple[str, ...]
    village: str
    household: str
    head: str
    relation: str
    guardians: tuple[str, ...]
    guardian_ids: tuple[str, ...]
    school: str
    class_name: tuple[int, int] | None
    is_grown_up: bool
    has_ended: bool
    facts: Mapping[str, object]

    @property
    def key(self) -> str:
        """Which row of the file this is."""
        return f"{self.sheet}!{self.row}"


@dataclass(slots=True)
class ListReading:
    """Everything one list said. to_name: headings nobody knows yet, by sheet, where no column is called the name."""

    rows: list[ListRow] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)
    columns: list[Recognised] = field(default_factory=list)
    unknown_headings: list[str] = field(default_factory=list)
    headings: dict[str, tuple[str, str]] = field(default_factory=dict)  # heading → (letter, field or "")
    notes: list[Fault] = field(default_factory=list)
    header_rows: dict[str, int] = field(default_factory=dict)
    seen: int = 0
    silent: int = 0  # rows whose kind states nothing
    words: dict[str, str] = field(default_factory=dict)  # kinds that a person has to explain → what to ask
    stated_on: date | None = None  # the day written above the table
    refusal: Fault | None = None

    @property
    def states_kinds(self) -> bool:
        """Whether a column says row by row what a row states."""
        return any(column.field == "kind" for column in self.columns)

    @property
    def knows_name(self) -> bool:
        """Whether a column with names was found; without it a person says what the columns are."""
        return bool(self.header_rows)


@dataclass(frozen=True, slots=True)
class Wish:
    """How to read a list: its kind, the school year for classes, its day for ages and words, what people said before.

    fact: what a person says the whole list is about; words: what a person says one 类别 means, "" for nothing.
    """

    kind: ListKind
    school_year: int
    day: date
    code_list: CodeList = field(default_factory=CodeList)
    fact: str = ""
    remembered: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


def read(book: Workbook, wish: Wish) -> ListReading:
    """Return every person of the workbook, or the headings that a person has to name first."""
    reading = ListReading(notes=list(book.notes))
    tables = []
    for sheet in book.sheets:
        header = headings.find(sheet, wish.kind.profile, wish.remembered)
        if header is not None:
            tables.append((sheet, header))
            reading.stated_on = reading.stated_on or _day_above(sheet, header)
        elif (guessed := headings.guess(sheet)) is not None:
            _offer(reading, sheet, guessed, wish.remembered)
            reading.notes.append(Fault(sheet.name, "没有认出哪一列是姓名", "请在下面选一下每一列是什么。"))
    for sheet, header in tables:
        _offer(reading, sheet, header, {})
        reading.header_rows[sheet.name] = header.bottom + sheet.first_row
        _List(sheet, header, wish.kind.profile, reading).read(wish)
    if not reading.headings:
        reading.refusal = Fault(book.sheets[0].name, "没有找到表头", "表里要有一行写着“姓名”和别的列名。")
    elif tables and not reading.seen:
        reading.refusal = Fault(tables[0][0].name, "只有表头，没有人", "请看一下是不是选错了文件。")
    return reading


def _offer(reading: ListReading, sheet: Sheet, header: Header, remembered: Mapping[str, str]) -> None:
    for index, title in sorted(header.titles.items()):
        if title != REMARKS:
            found = header.fields.get(index) or remembered.get(title, "")
            reading.headings.setdefault(title, (letters(index + sheet.first_column), found))


def _day_above(sheet: Sheet, header: Header) -> date | None:
    for row in sheet.rows[: header.top]:
        for cell in row:
            if isinstance(cell, str) and (found := _DAY.search(identity.plain(cell))):
                day = read_day(found[0])
                return None if isinstance(day, Problem) else day
    return None


class _List(Table):
    """One sheet of a list on its way to rows."""

    def read(self, wish: Wish) -> None:
        """Put the people of this sheet into the reading."""
        reading = self.reading
        self._name_relation()
        reading.seen += len(self.indexes)
        before = len(reading.faults)
        columns = {
            name: self.column(name)
            for name in ("name", "former_name", "sex", "relation", "school", "village")
        }
        for i, name in enumerate(columns["name"]):
            if name is None and i not in self.blocked:
                self.fault(i, "name", Problem("没有姓名", "请补上。", blocks=True))
        numbers = self._numbers()
        births = self._births(numbers)
        rolls, ended = self.column("roll_no"), self.column("ended")
        grown = [
            _is_grown_up(wish, births[i], columns["relation"][i], numbers[i])
            for i in range(len(self.indexes))
        ]
        households, heads, head_ids = self._households(columns["relation"], columns["name"])
        families = self._families()
        texts = list(zip(*(self.column(name) for name in ("grade", "class")), strict=True))
        places = classes([(grade, label, None, None) for grade, label in texts], wish.school_year)
        facts = self._facts(wish, grown, households)
        for i, name in enumerate(columns["name"]):
            if i in self.blocked:
                continue
            if facts[i] is None and not grown[i]:
                reading.silent += 1
                continue
            adults, adult_ids, phones = families[i]
            head_is_other = heads[i] and heads[i] != name
            reading.rows.append(ListRow(
                self.sheet.name, self.indexes[i] + self.sheet.first_row, name, columns["former_name"][i] or "",
                columns["sex"][i] or "", births[i], numbers[i], rolls[i].text if rolls[i] else "", phones,
                columns["village"][i] or "", households[i], heads[i] if head_is_other else "",
                columns["relation"][i] or "", adults + ((heads[i],) if head_is_other else ()),
                adult_ids + ((head_ids[i],) if head_ids[i] and head_ids[i] != numbers[i] else ()),
                columns["school"][i] or "", places[i] if type(places[i]) is tuple else None, grown[i],
                bool(ended[i]), facts[i] or {},
            ))  # fmt: skip
        rows = {self.indexes[i] + self.sheet.first_row for i, is_grown in enumerate(grown) if is_grown}
        reading.faults[before:] = [f for f in reading.faults[before:] if f.blocks or f.row not in rows]

    def _name_relation(self) -> None:
        """A column 关系 that names heads of households says how people belong to the head, not to a pupil."""
        if "relation" in self.at or "first.relation" not in self.at:
            return
        if any(str(value).startswith("户主") for value in self.raw("first.relation")):
            self.at["relation"] = self.at.pop("first.relation")

    def _numbers(self) -> list[str]:
        """Return ID numbers; what can't be one stays as written, unless its digits were lost."""
        names = [name for name in ("member_id_number", "id_number") if name in self.at]
        if not names:
            return self._from_cards([""] * len(self.indexes))
        raw, read = self.raw(names[0]), self.column(names[0])
        out = []
        for i, number in enumerate(read):
            text = (
                ""
                if raw[i] in ("", None) or identity.digits_are_lost(raw[i])
                else identity.plain(raw[i]).upper()
            )
            out.append(number or (text if OTHER_NUMBER.fullmatch(text) else ""))
        return self._from_cards(out)

    def _from_cards(self, numbers: list[str]) -> list[str]:
        """A disability card begins with its holder's ID number."""
        if "card_number" not in self.at:
            return numbers
        cards = [identity.plain(card or "").upper() for card in self.raw("card_number")]
        for i, card in enumerate(cards):
            if not numbers[i] and len(card) == CARD and isinstance(identity.read_id(card[:18]), str):
                numbers[i] = card[:18]
        return numbers

    def _births(self, numbers: list[str]) -> list[date | None]:
        """Return birth dates, by the ID number where it is sound; a month alone is no date."""
        sound = [isinstance(identity.read_id(number), str) for number in numbers]
        if "birth_on" not in self.at:
            return [
                identity.birth_of(number) if ok else None for number, ok in zip(numbers, sound, strict=True)
            ]
        written = read_column(self.raw("birth_on"), self.profile.columns["birth_on"], self.profile)
        out = []
        for i, (number, ok, born) in enumerate(zip(numbers, sound, written, strict=True)):
            if not ok and type(born) is Problem:
                self.fault(i, "birth_on", born)
            out.append(identity.birth_of(number) if ok else born if isinstance(born, date) else None)
        return out

    def _households(self, relations: list, names: list) -> tuple[list[str], list[str], list[str]]:
        """Return household, its head and the head's number of every row; a block below its head is one household."""
        numbers = self.column("household")
        if "household" in self.at:
            for i, value in enumerate(self.raw("household")):
                if identity.digits_are_lost(value):
                    self.fault(i, "household", Problem(*identity.DIGITS_LOST))
                    numbers[i] = None
        heads = [head or "" for head in self.column("head")]
        head_ids = [number or "" for number in self.column("head_id_number")]
        if "member_id_number" in self.at and "id_number" in self.at:
            head_ids = [number or "" for number in self.column("id_number")]
        block, by_household = "", {}
        households = [number or "" for number in numbers]
        for i, relation in enumerate(relations):
            is_head = (relation or "").startswith(("户主", "本人"))
            if is_head:
                block = f"{self.sheet.name}!{self.indexes[i]}"
            if not households[i] and "relation" in self.at:
                households[i] = (
                    block if "household" not in self.at else "" if is_head or not i else households[i - 1]
                )
            if is_head and households[i]:
                by_household[households[i]] = names[i] or ""
        heads = [head or by_household.get(h, "") for head, h in zip(heads, households, strict=True)]
        return households, heads, head_ids

    def _families(self) -> list[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]]:
        """Return names, ID numbers and phones of the grown-ups named in a row."""
        parts = {
            part: [self.column(f"{place}.{part}") for place in ("first", "second")]
            for part in ("name", "id_number", "phone")
        }
        own = self.column("phone")
        return [
            tuple(
                tuple(dict.fromkeys(v for v in values if v))
                for values in (
                    [column[i] for column in parts["name"]],
                    [column[i] for column in parts["id_number"]],
                    [own[i], *(column[i] for column in parts["phone"])],
                )
            )
            for i in range(len(self.indexes))
        ]

    def _facts(self, wish: Wish, grown: list[bool], households: list[str]) -> list[dict | None]:
        """Return what every row states; None where its kind says that it states nothing. A kind holds for its household."""
        names = [name for name in self.at if name.startswith("facts.")]
        columns = {name.removeprefix("facts."): self.column(name) for name in names}
        kinds = self.column("kind") if "kind" in self.at and not wish.fact else None
        if kinds is not None:
            of_house = {house: kind for house, kind in zip(households, kinds, strict=True) if house and kind}
            kinds = [kind or of_house.get(house) for house, kind in zip(households, kinds, strict=True)]
        default = wish.fact or wish.kind.fact
        out: list[dict | None] = []
        for i in range(len(self.indexes)):
            said = {default: True} if default else {}
            if kinds is not None and (kinds[i] or not default):
                said = self._word(i, kinds[i], wish, grown[i])
            if said is None:
                out.append(None)
                continue
            out.append(said | {key: values[i] for key, values in columns.items() if values[i] is not None})
        return out

    def _word(self, i: int, text: str | None, wish: Wish, is_grown: bool) -> dict | None:
        """Return what a kind states, None where it states nothing; what a person must explain blocks its row."""
        if not text:
            if not is_grown and i not in self.blocked:
                self.fault(i, "kind", Problem("没有写是哪一类", "请补上。", blocks=True))
            return None
        facts = _meaning(text, wish)
        if None in facts:
            facts = [_meaning(part, wish)[0] for part in _BREAK.split(text) if part.strip()]
        if None not in facts:
            return {fact: True for fact in facts if fact} or None
        question = wish.code_list.question(text, wish.day)
        self.reading.words.setdefault(text, question.ask if question else "")
        if not is_grown and i not in self.blocked:
            what = f"“{text[:20]}”要问一下是哪一类" if question else f"“{text[:20]}”不知道是哪一类"
            self.fault(i, "kind", Problem(what, "在预览里选一次，整份名单都按它。", blocks=True))
        return None


def _meaning(text: str, wish: Wish) -> list[str | None]:
    word = identity.plain(text)
    for known in (wish.words, wish.kind.words):
        if word in known:
            return [known[word]]
    category = wish.code_list.read_word(text, wish.day)
    return [category.fact if category else None]


def _is_grown_up(wish: Wish, born: date | None, relation: str | None, number: str) -> bool:
    if born is not None:
        return wish.day.year - born.year >= GROWN_UP_AT
    return not number and identity.plain(relation or "") in wish.kind.grown_up
