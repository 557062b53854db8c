"""One official register as a value: titles, columns, rows, signature lines, the moment it was printed.

In: a Paper, as flow/report.py fills it (F16, F17, F18, F20, F21 of every plan). Out: a Sheet, cleaned,
measured and broken into rows that fit a page; xlsx.py and docx.py draw this one Sheet and so agree.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Kind = Literal["text", "date", "int", "sign"]

A4 = (210.0, 297.0)
LEFT = 25.0  # the binding side
RIGHT = 12.0
TOP = 15.0
BOTTOM = 18.0
LEAST_ROW = 9.0
LEAST_WIDTH = {"sign": 28.0, "date": 32.0}  # a signature and a fingerprint; 2026年10月12日 in one line
MOST_ROW = 110.0  # what still fits on an A4 landscape page under the titles
POINT = 25.4 / 72
TEXT_SIZE = 11
LINE = TEXT_SIZE * 1.35 * POINT
PADDING = 4.0
BLANK_BELOW = "以下空白"
CONTINUED = "（接上行）"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, its width in millimetres and what its cells are."""

    heading: str
    mm: float
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Room:
    """An empty cell of this height in millimetres, to be written in by hand."""

    mm: float


Cell = str | int | date | Room | None
Line = str | tuple[str, str]  # a whole line, or a label and its value


@dataclass(frozen=True, slots=True)
class Stamp:
    """When and by whom a paper was printed, and the page id it can be found again by."""

    printed_at: datetime
    handler: str = ""
    page_id: str = ""

    def sentence(self) -> str:
        """This function will say it as the bottom line of every page does."""
        parts = [
            f"由帮扶生成 {self.printed_at:%Y-%m-%d %H:%M}",
            f"经办人{clean(self.handler)[:20] or '______'}",
        ]
        if self.page_id:
            parts.append(f"编号 {clean(self.page_id)[:24]}")
        return " · ".join(parts)


@dataclass(frozen=True, slots=True)
class Paper:
    """A register before it is drawn. `tab` is the short neutral name of its sheet; `school` may be empty.

    `head` and `foot` are lines, or (label, value) pairs standing side by side; an empty value leaves room to write.
    """

    title: str
    tab: str
    school: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    stamp: Stamp
    head: tuple[Line, ...] = ()
    foot: tuple[Line, ...] = (("填表人", ""), ("审核人", ""), ("日期", ""))
    landscape: bool = True


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper ready to draw: cleaned, widths in mm that fill the page, each row with its height in mm."""

    title: str
    tab: str
    school: str
    head: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[tuple[Cell, ...], float], ...]
    foot: str
    footer: str
    landscape: bool
    printed_at: datetime

    @property
    def width(self) -> float:
        return sum(column.mm for column in self.columns)


# Invisible, yet able to break XML or to turn a name around: control, bidi and surrogate characters.
# Kept: line feeds, private-use characters (rare characters in names) and the joiner inside emoji.
_UNSEEN = {"Cc", "Cf", "Cs"}
_KEPT = {"\n", "\u200d"}
_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")


def clean(text: str) -> str:
    """This function will drop the characters a document can't hold; line ends become line feeds."""
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    kept = (
        mark
        for mark in text
        if mark in _KEPT or not (unicodedata.category(mark) in _UNSEEN or ord(mark) & 0xFFFE == 0xFFFE)
    )
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def long_date(day: date) -> str:
    """This function will write a day as official papers do: 2026年3月12日."""
    return f"{day.year}年{day.month}月{day.day}日"


def spelled(cell: Cell) -> str:
    """This function will give the words a cell shows on paper."""
    if cell is None or isinstance(cell, Room):
        return ""
    if isinstance(cell, date):
        return long_date(cell)
    return str(cell)


def lay_out(paper: Paper) -> Sheet:
    """This function will clean, measure and break a paper into rows that fit a page."""
    for number, row in enumerate(paper.rows, start=1):
        if len(row) != len(paper.columns):
            raise ValueError(f"row {number}: {len(row)} cells for {len(paper.columns)} columns")
    columns = fitted(paper.columns, usable(paper.landscape))
    return Sheet(
        title=clean(paper.title),
        tab=clean(paper.tab),
        school=clean(paper.school),
        head=_line(paper.head),
        columns=columns,
        rows=tuple(piece for row in paper.rows for piece in _broken(row, columns)),
        foot=_line(paper.foot),
        footer=paper.stamp.sentence(),
        landscape=paper.landscape,
        printed_at=paper.stamp.printed_at.replace(tzinfo=None, microsecond=0),
    )


def usable(landscape: bool) -> float:
    """This function will give the width between the margins, in mm."""
    return A4[landscape] - LEFT - RIGHT


def fitted(columns: tuple[Column, ...], width: float) -> tuple[Column, ...]:
    """This function will scale columns to fill the width; signatures and days keep the least they need."""
    kept: dict[int, float] = {}
    for _ in columns:  # each round may find one more column that would get too narrow
        free = sum(c.mm for i, c in enumerate(columns) if i not in kept)
        room = width - sum(kept.values())
        if free <= 0 or room <= 0:
            raise ValueError("columns with a least width leave none for the others")
        narrow = {
            i: LEAST_WIDTH[c.kind]
            for i, c in enumerate(columns)
            if i not in kept and c.mm * room / free < LEAST_WIDTH.get(c.kind, 0)
        }
        if not narrow:
            break
        kept |= narrow
    return tuple(
        Column(clean(c.heading), kept[i] if i in kept else c.mm * room / free, c.kind)
        for i, c in enumerate(columns)
    )


def lines(text: str, mm: float, size: float = TEXT_SIZE) -> list[str]:
    """This function will break a text into the lines it takes in a column that wide (estimated by ems)."""
    most = max(2.0, (mm - PADDING) / (size * POINT))
    broken: list[str] = []
    for paragraph in text.split("\n"):
        start, used = 0, 0.0
        for index, mark in enumerate(paragraph):
            step = _ems(mark)
            if step and used + step > most:
                broken.append(paragraph[start:index])
                start, used = index, 0.0
            used += step
        broken.append(paragraph[start:])
    return broken


def height(text: str, mm: float, size: float = TEXT_SIZE) -> float:
    """This function will estimate how high a text stands in a column, in mm, at least one register row."""
    return max(LEAST_ROW, math.ceil(len(lines(text, mm, size)) * LINE * size / TEXT_SIZE + 2))


def _ems(mark: str) -> float:
    if unicodedata.combining(mark) or unicodedata.category(mark) in {"Mn", "Me", "Cf"}:
        return 0.0
    return 1.0 if unicodedata.east_asian_width(mark) in "WFA" else 0.55


def _line(said: tuple[Line, ...]) -> str:
    told: list[str] = []
    beside = False
    for line in said:
        if isinstance(line, str):
            told.append(clean(line))
        else:
            label, value = line
            text = f"{clean(label)}：{clean(value) or gap(label)}"
            told[-1:] = [f"{told[-1]}　　{text}"] if beside else [*told[-1:], text]
        beside = not isinstance(line, str)
    return "\n".join(told)


def gap(label: str) -> str:
    """This function will leave room to write a value by hand; for a day, room for a day."""
    return "______年____月____日" if label.endswith("日期") else "____________"


def _broken(row: tuple[Cell, ...], columns: tuple[Column, ...]) -> list[tuple[tuple[Cell, ...], float]]:
    """Break a row higher than a page into several: spreadsheets clip such a row, printers lose it."""
    most = int((MOST_ROW - 2) / LINE)
    cut = [_pieces(cell, column.mm, most) for cell, column in zip(row, columns, strict=True)]
    return [
        (cells, max(_cell_height(cell, column.mm) for cell, column in zip(cells, columns, strict=True)))
        for cells in (
            tuple(pieces[part] if part < len(pieces) else None for pieces in cut)
            for part in range(max(len(pieces) for pieces in cut))
        )
    ]


def _cell_height(cell: Cell, mm: float) -> float:
    if isinstance(cell, Room):
        return min(max(cell.mm, LEAST_ROW), MOST_ROW)
    return height(spelled(cell), mm)


def _pieces(cell: Cell, mm: float, most: int) -> list[Cell]:
    if not isinstance(cell, str):
        return [cell]
    text = clean(cell)
    pieces: list[Cell] = []
    while len(broken := lines(text, mm)) > most:
        taken = _length(text, broken[:most])
        pieces.append(text[:taken].rstrip("\n"))
        text = CONTINUED + text[taken:].lstrip("\n")
    return [*pieces, text]


def _length(text: str, broken: list[str]) -> int:
    """Count the characters of the text these lines use up, line feeds between them included."""
    at = 0
    for line in broken:
        at += len(line)
        if at < len(text) and text[at] == "\n":
            at += 1
    return at
