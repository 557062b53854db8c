"""Which rows of a sheet are pupils, what an open cell inherits from above, and which class a row means."""

from collections import Counter

from bangfu.engine import identity
from bangfu.exchange.cells import Problem
from bangfu.exchange.headings import Header
from bangfu.exchange.profile import Profile, normal_heading
from bangfu.exchange.sheets import Sheet

EMPTY = ("", None)
STRONG = ("id_number", "roll_no", "birth_on", "class")  # a name and one of these make a pupil
LONGEST_LABEL = 12  # a lone longer text is a note, not a pupil


def letters(column: int) -> str:
    """Return a column's letters as Excel has them: 1 → A, 28 → AB."""
    out = ""
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(65 + rest) + out
    return out


def data_rows(sheet: Sheet, header: Header, profile: Profile) -> list[int]:
    """Return the indexes of the rows that hold pupils: no blanks, sums, notes, or headings printed again."""
    at = {field: index for index, field in header.fields.items()}
    name, strong = at["name"], [at[field] for field in STRONG if field in at]
    heading = sheet.rows[header.bottom][name]
    ends = profile.stop + profile.skip
    found, ended = [], False
    for index in range(header.bottom + 1, len(sheet.rows)):
        row = sheet.rows[index]
        called = row[name] if name < len(row) else ""
        if called not in EMPTY and any(i < len(row) and row[i] not in EMPTY for i in strong):
            if called != heading and not _begins(called, ends):
                found.append(index)
            continue
        first = next((cell for cell in row if cell not in EMPTY), None)
        if first is None or called not in EMPTY and called == heading or _only_headings(row, profile):
            continue
        if _begins(first, ends) or _begins(called, ends):
            ended = ended or not (_begins(first, profile.skip) or _begins(called, profile.skip))
            continue
        filled = sum(i < len(row) and row[i] not in EMPTY for i in header.fields)
        lone_note = filled <= 1 and len(str(first)) > LONGEST_LABEL
        if not ended and filled and not lone_note:
            found.append(index)
    return found


def _only_headings(row: list, profile: Profile) -> bool:
    """A second row of headings below one that was understood without it."""
    texts = [normal_heading(cell) if isinstance(cell, str) else "" for cell in row if cell not in EMPTY]
    return all(text in profile.headings or text in profile.member_headings for text in texts)


def _begins(value: object, words: tuple[str, ...]) -> bool:
    return isinstance(value, str) and identity.plain(value).startswith(tuple(map(identity.plain, words)))


def filled_down(values: list, indexes: list[int], column: int, sheet: Sheet) -> list:
    """Return a column in which open cells carry the value above: inside merged cells, or if named once per block."""
    open_cells = sum(value in EMPTY for value in values)
    if not open_cells:
        return values
    number = column + sheet.first_column
    covered: set[int] = set()
    for top, left, bottom, right in sheet.merged:
        if left <= number <= right and bottom > top:
            covered.update(range(top + 1, bottom + 1))
    once_per_block = open_cells * 2 > len(values)
    out, last = [], ""
    for index, value in zip(indexes, values, strict=True):
        if value in EMPTY and (once_per_block or index + sheet.first_row in covered):
            value = last
        out.append(value)
        last = value
    return out


def classes(texts: list[tuple[str | None, ...]], school_year: int) -> list:
    """Return (entry year, number) or a Problem for every (grade, class, class_no, enrol_month).

    A year whose rows never name a number has one class only: it is class 1.
    """
    known = {key: _class(*key, school_year) for key in set(texts)}
    numbered = {value[0] for value in known.values() if type(value) is tuple and value[1]}
    for key, value in known.items():
        if type(value) is tuple and not value[1]:
            nameless = Problem("没有写是几班", "同年级别的班都有班号，请补上。", blocks=True)
            known[key] = nameless if value[0] in numbered else (value[0], 1)
    return [known[key] for key in texts]


def _class(
    grade: str | None, label: str | None, code: str | None, month: str | None, school_year: int
) -> tuple[int, int] | Problem:
    if not label and not code and not grade:
        return Problem("没有写班级", "请补上年级和班。", blocks=True)
    by_label = identity.read_class(label or "", school_year)
    by_code = identity.read_class(code or "", school_year)
    by_grade = identity.read_grade(grade, school_year) if grade else None
    if label and by_label == (None, None) or grade and by_grade is None and by_label.entry_year is None:
        return Problem("没有认出是哪个班", "请写成“五年级1班”或“2021级1班”。", blocks=True)
    years = Counter(year for year in (by_label.entry_year, by_grade) if year)
    if len(years) > 1:
        return Problem("和年级对不上", "请核对年级和班级。", blocks=True)
    year = next(iter(years), None) or by_code.entry_year or (int(month[:4]) if month else None)
    if not year:
        return Problem("没有写年级", "请写成“五年级1班”。", blocks=True)
    return year, by_label.number or by_code.number or 0
