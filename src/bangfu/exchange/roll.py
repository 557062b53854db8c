"""F01, the untouched export of the national roll: a Workbook in, typed rows and faults by cell out.

Read column by column, so that 5,000 pupils take a moment. Nothing is guessed: a row that can't be trusted is
named with sheet, row and column and handed back (station 1, enrol; reference §8 F01 and §9).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from bangfu.engine import identity
from bangfu.engine.fault import Fault
from bangfu.exchange import headings, places
from bangfu.exchange.cells import Problem, read_any_number, read_column
from bangfu.exchange.headings import Header
from bangfu.exchange.profile import Profile, load
from bangfu.exchange.sheets import Sheet, Workbook
from bangfu.exchange.table import CellFault, Recognised, Table


class Member(NamedTuple):
    """A grown-up of the family named on the roll."""

    name: str
    relation: str
    phone: str
    is_guardian: bool | None
    id_number: str
    work_place: str


class RollRow(NamedTuple):
    """One pupil as the roll has it. "" and None mean that the roll says nothing."""

    sheet: str
    row: int
    name: str
    sex: str
    birth_on: date | None
    id_type: str
    id_number: str
    roll_no: str
    ethnicity: str
    entry_year: int
    class_number: int
    seat_no: int | None
    phone: str
    address: str
    enrol_month: str
    former_name: str
    facts: Mapping[str, object]
    members: tuple[Member, ...]


class Unread(NamedTuple):
    """A row that was handed back, with the name in it, so that its child is not thought gone."""

    sheet: str
    row: int
    name: str


@dataclass(slots=True)
class RollReading:
    """Everything one file said. refusal: why no row could be read at all."""

    rows: list[RollRow] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    columns: list[Recognised] = field(default_factory=list)
    unknown_headings: list[str] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    header_rows: dict[str, int] = field(default_factory=dict)  # sheet → its (last) row of headings
    seen: int = 0  # rows of pupils in the file, faulty ones included
    refusal: Fault | None = None

    @property
    def blocked(self) -> int:
        """How many rows can't be loaded as they are."""
        return self.seen - len(self.rows)

    @property
    def counts(self) -> dict[str, int]:
        """Sums for pages, commands and logs; no names."""
        looks = {(f.sheet, f.row) for f in self.faults if not f.blocks}
        blocked = {(f.sheet, f.row) for f in self.faults if f.blocks}
        return {
            "rows": self.seen, "readable": len(self.rows), "blocked": self.blocked,
            "worth_a_look": len(looks - blocked), "faults": len(self.faults),
        }  # fmt: skip


def read(
    book: Workbook,
    *,
    school_year: int,
    profile: Profile | None = None,
    remembered: Mapping[str, str] | None = None,
) -> RollReading:
    """Return every pupil of the workbook; school_year is the year in which the school year began."""
    profile = profile or load()
    reading = RollReading(notes=list(book.notes))
    tables = []
    for sheet in book.sheets:
        header = headings.find(sheet, profile, remembered or {})
        if header is None:
            reading.notes.append(
                Fault(sheet.name, "没有认出表头，没有读", "表头里要有“姓名”和另外至少两列。")
            )
        else:
            tables.append((sheet, header))
    reading.refusal = _refusal(book, tables)
    if reading.refusal:
        return reading
    for sheet, header in tables:
        reading.header_rows[sheet.name] = header.bottom + sheet.first_row
        _Roll(sheet, header, profile, reading).read(school_year)
    _mark_duplicates(reading)
    if not reading.seen:
        reading.refusal = Fault(tables[0][0].name, "只有表头，没有学生", "请重新导出，再拖进来。")
    return reading


def _refusal(book: Workbook, tables: list[tuple[Sheet, Header]]) -> Fault | None:
    if not tables:
        return Fault(
            book.sheets[0].name,
            "没有找到花名册的表头",
            "表头里要有“姓名”“身份证件号”“班级”这样的列，请用学籍系统原样导出的表。",
        )
    for sheet, header in tables:
        if not {"class", "class_no"} & set(header.fields.values()):
            return Fault(sheet.name, "没有找到班级这一列", "请导出时勾选“年级”“班级”，或加上这两列。")
    pupils = [
        {
            tuple(map(str, row))
            for row in sheet.rows[header.bottom + 1 :]
            if any(c not in ("", None) for c in row)
        }
        for sheet, header in tables
    ]
    for later in range(1, len(tables)):
        for earlier in range(later):
            same = pupils[later] & pupils[earlier]
            if same and len(same) * 2 >= min(len(pupils[later]), len(pupils[earlier])):
                first, second = tables[earlier][0].name, tables[later][0].name
                return Fault(second, f"和“{first}”表头相同，内容也重复", "请只留一张工作表，再拖进来。")
    return None


class _Roll(Table):
    """One sheet of a roll on its way to rows: its columns are read, then its rows are put together."""

    def read(self, school_year: int) -> None:
        """Put the rows of this sheet into the reading."""
        self.reading.seen += len(self.indexes)
        names, (numbers, types), rolls = self.column("name"), self._numbers(), self.column("roll_no")
        births, sexes = self._births(), self.column("sex")
        classes = self._classes(school_year)
        others = [
            self.column(name)
            for name in ("ethnicity", "seat_no", "phone", "address", "enrol_month", "former_name")
        ]
        self.column("status")
        facts, members = self._facts(), self._members()
        for i, name in enumerate(names):
            if name is None and i not in self.blocked:
                self.fault(i, "name", Problem("没有姓名", "请补上。", blocks=True))
            number = numbers[i]
            if rolls[i]:
                number = self._agree_with_roll(i, number, rolls[i])
            born, sex = births[i], sexes[i]
            if number and len(number) == 18 and types[i] in ("1", None):
                born, sex = self._agree_with_id(i, number, born, sex)
            elif not number and not rolls[i] and i not in self.blocked:
                self.fault(
                    i,
                    "id_number",
                    Problem("没有身份证件号，也没有学籍号", "只能靠姓名和出生日期认人，请补上。"),
                )
            if type(born) is Problem:
                self.fault(i, "birth_on", born)
                born = None
            elif born is None and i not in self.blocked:
                self.fault(
                    i, "birth_on", Problem("没有出生日期", "请补上。", blocks=not number and not rolls[i])
                )
            if i in self.blocked:
                self.reading.unread.append(
                    Unread(self.sheet.name, self.indexes[i] + self.sheet.first_row, name or "")
                )
                continue
            ethnicity, seat_no, phone, address, month, former = (column[i] for column in others)
            self.reading.rows.append(RollRow(
                self.sheet.name, self.indexes[i] + self.sheet.first_row, name, sex or "", born, types[i] or "1",
                number or "", rolls[i].text if rolls[i] else "", ethnicity or "", *classes[i], seat_no, phone or "",
                address or "", month or "", former or "", facts[i], members[i],
            ))  # fmt: skip

    def _numbers(self) -> tuple[list, list]:
        """Return ID numbers and their kinds; papers other than the resident's card are kept as they stand."""
        types = self.column("id_type")
        if "id_number" not in self.at:
            return [None] * len(types), types
        column = self.profile.columns["id_number"]
        raw = self.raw("id_number")
        numbers = read_column(raw, column, self.profile)
        for i, number in enumerate(numbers):
            if types[i] not in ("1", None) and raw[i] not in ("", None):
                numbers[i] = number = read_any_number(raw[i])
            if type(number) is Problem:
                self.fault(i, "id_number", number)
                numbers[i] = None
        return numbers, types

    def _births(self) -> list:
        """Return birth dates; a bad one is only named where no ID number tells the day (see _agree_with_id)."""
        if "birth_on" not in self.at:
            return [None] * len(self.indexes)
        return read_column(self.raw("birth_on"), self.profile.columns["birth_on"], self.profile)

    def _agree_with_roll(self, i: int, number: str | None, roll: identity.RollNumber) -> str | None:
        if roll.id_number is None or number == roll.id_number:
            return number
        if number is None:
            return None if i in self.blocked else roll.id_number  # a G number holds the ID number
        self.fault(i, "roll_no", Problem("和身份证件号不一样", "请照户口本核对，改对其中一个。", blocks=True))
        return number

    def _agree_with_id(self, i: int, number: str, born: object, sex: str | None) -> tuple[date | None, str]:
        """Return birth and sex as the ID number has them, naming what the other columns say differently."""
        by_id, sex_by_id = identity.birth_of(number), identity.sex_of(number)
        if isinstance(born, date) and born != by_id:
            self.fault(i, "birth_on", Problem("和身份证件号里的不一样", "已按身份证件号记，请核对。"))
        if sex and sex != sex_by_id:
            self.fault(i, "sex", Problem("和身份证件号里的不一样", "已按身份证件号记，请核对。"))
        return by_id, sex_by_id

    def _classes(self, school_year: int) -> list[tuple[int, int]]:
        """Return (entry year, number) of every row."""
        texts = [self.column(name) for name in ("grade", "class", "class_no", "enrol_month")]
        found = places.classes(list(zip(*texts, strict=True)), school_year)
        for i, value in enumerate(found):
            if type(value) is Problem and i not in self.blocked:
                self.fault(i, "class" if "class" in self.at else "class_no", value)
        return found

    def _facts(self) -> list[Mapping[str, object]]:
        """Return the circumstances of every row; equal ones are one mapping."""
        names = [name for name in self.at if name.startswith("facts.")]
        if not names:
            return [{}] * len(self.indexes)
        keys = [name.removeprefix("facts.") for name in names]
        made: dict[tuple, Mapping[str, object]] = {}
        out = []
        for values in zip(*(self.column(name) for name in names), strict=True):
            key = tuple(map(repr, values))
            if key not in made:
                made[key] = {k: v for k, v in zip(keys, values, strict=True) if v is not None}
            out.append(made[key])
        return out

    def _members(self) -> list[tuple[Member, ...]]:
        """Return up to two grown-ups of every row."""
        out: list[list[Member]] = [[] for _ in self.indexes]
        for place in ("first", "second"):
            if not {f"{place}.name", f"{place}.phone"} & self.at.keys():
                continue
            columns = [self.column(f"{place}.{part}") for part in Member._fields]
            for i, (name, relation, phone, is_guardian, number, work) in enumerate(
                zip(*columns, strict=True)
            ):
                if name or phone:
                    out[i].append(
                        Member(name or "", relation or "", phone or "", is_guardian, number or "", work or "")
                    )
        return [tuple(members) for members in out]


def _mark_duplicates(reading: RollReading) -> None:
    """Hand back every row whose ID number or roll number stands in the file more than once."""
    double: set[tuple[str, int]] = set()
    for name, called in (("id_number", "身份证件号"), ("roll_no", "全国学籍号")):
        counted = Counter(getattr(row, name) for row in reading.rows)
        if not any(n > 1 for value, n in counted.items() if value):
            continue
        columns = {c.sheet: c for c in reading.columns if c.field == name}
        where: dict[str, list[RollRow]] = {}
        for row in reading.rows:
            if (value := getattr(row, name)) and counted[value] > 1 and (row.sheet, row.row) not in double:
                where.setdefault(value, []).append(row)
        for rows in where.values():
            for row in rows:
                others = "、".join(
                    f"{o.sheet + ' ' if o.sheet != row.sheet else ''}第 {o.row} 行"
                    for o in rows
                    if o is not row
                )
                column = columns.get(row.sheet)
                heading = column.heading if column else called
                reading.faults.append(CellFault(
                    f"{row.sheet}!{row.row}:{heading}", f"和{others}重复", "同一个孩子只留一行；不同的孩子请核对号码。",
                    row.sheet, row.row, column.column if column else "", heading, True,
                ))  # fmt: skip
                double.add((row.sheet, row.row))
    if double:
        reading.unread += [
            Unread(row.sheet, row.row, row.name) for row in reading.rows if (row.sheet, row.row) in double
        ]
        reading.rows = [row for row in reading.rows if (row.sheet, row.row) not in double]
