"""One sheet as columns of typed values, every fault kept at its cell: a sheet, its header and its profile in.

Rolls and lists are both read this way (station 1, enrol).
"""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from bangfu.engine.fault import Fault
from bangfu.exchange import places
from bangfu.exchange.cells import Problem, read_column
from bangfu.exchange.headings import REMARKS, Header
from bangfu.exchange.profile import Profile
from bangfu.exchange.sheets import Sheet


@dataclass(frozen=True, slots=True)
class CellFault(Fault):
    """A fault that knows its cell. blocks: the row is not loaded; otherwise it is only worth a look."""

    sheet: str = ""
    row: int = 0
    column: str = ""  # letters as in Excel
    heading: str = ""
    blocks: bool = False


class Recognised(NamedTuple):
    """A column that was understood."""

    sheet: str
    column: str
    heading: str
    field: str
    title: str


class Reading(Protocol):
    """What a table tells to whoever asked for it."""

    faults: list[CellFault]
    columns: list[Recognised]
    unknown_headings: list[str]


class Table:
    """One sheet on its way to rows: its columns are read here, its rows are put together by whoever knows its kind."""

    def __init__(self, sheet: Sheet, header: Header, profile: Profile, reading: Reading) -> None:
        self.sheet, self.header, self.profile, self.reading = sheet, header, profile, reading
        self.at = {field: index for index, field in header.fields.items()}
        self.indexes = places.data_rows(sheet, header, profile)
        self.blocked: set[int] = set()  # positions among the data rows
        for index, name in header.fields.items():
            reading.columns.append(Recognised(
                sheet.name, self.letter(index), header.titles.get(index, ""), name, profile.columns[name].title
            ))  # fmt: skip
        reading.unknown_headings += [
            title for index, title in header.titles.items() if index not in header.fields and title != REMARKS
        ]

    def letter(self, index: int) -> str:
        return places.letters(index + self.sheet.first_column)

    def raw(self, name: str) -> list:
        """Return the raw values of a column, filled down where the profile says so."""
        index = self.at[name]
        rows = self.sheet.rows
        values = [rows[r][index] if index < len(rows[r]) else "" for r in self.indexes]
        if self.profile.columns[name].fill_down:
            values = places.filled_down(values, self.indexes, index, self.sheet)
        return values

    def fault(self, position: int, name: str, problem: Problem) -> None:
        """Keep a fault at a cell of a data row; the row is left out if it blocks."""
        row = self.indexes[position] + self.sheet.first_row
        index = self.at.get(name)
        title = self.profile.columns[name].title
        heading = self.header.titles.get(index, title) if index is not None else title
        self.reading.faults.append(CellFault(
            f"{self.sheet.name}!{row}:{heading}", problem.what, problem.hint, self.sheet.name, row,
            self.letter(index) if index is not None else "", heading, problem.blocks,
        ))  # fmt: skip
        if problem.blocks:
            self.blocked.add(position)

    def column(self, name: str) -> list:
        """Return a column's values with None where a cell is empty or was a problem (kept as a fault)."""
        if name not in self.at:
            implied = self.header.implied.get(name)
            return [implied] * len(self.indexes)
        values = read_column(self.raw(name), self.profile.columns[name], self.profile)
        if any(type(value) is Problem for value in set(values)):
            for position, value in enumerate(values):
                if type(value) is Problem:
                    self.fault(position, name, value)
                    values[position] = None
        return values
