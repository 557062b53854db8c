"""Where the table of a sheet begins and what its columns mean: rows and a profile in, a Header out.

Found by meaning: at least three known headings in one to three rows, titles above and merged cells allowed;
what is left is known by the shape of its values (station 1, enrol; reference §9).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from bangfu.engine import identity
from bangfu.exchange.profile import Profile, normal_heading
from bangfu.exchange.sheets import Sheet

LOOK_AT = 30  # rows from the top
DEEPEST = 3  # rows of a heading
REMARKS = "要看一下"
_MEMBER = re.compile(r"(?:家庭成员|成员|家长|监护人)(?:信息)?([12一二])(?:信息)?(.*)")
_PARENT = re.compile(r"(?:学生)?(父亲|母亲|爸爸|妈妈)(?:信息)?(.*)")
_GUARDIAN = re.compile(r"(?:监护人|家长|法定监护人)(姓名|关系|身份证件?号码?|工作单位)")
_PUPIL = re.compile(r"^(?:学生|本人|学籍)|(?:名称|必填)$")


@dataclass(frozen=True, slots=True)
class Header:
    """bottom is the index of the last heading row; fields maps a column's index to its field."""

    top: int
    bottom: int
    fields: dict[int, str]
    titles: dict[int, str]  # every heading, known or not
    implied: dict[str, str]  # what a heading says for all rows: first.relation = 父亲


def find(sheet: Sheet, profile: Profile, remembered: Mapping[str, str]) -> Header | None:
    """Return the header of a sheet, None where too few headings are known.

    remembered: heading → field, "" for a column that a person set aside.
    """
    best: Header | None = None
    for top in range(min(LOOK_AT, len(sheet.rows))):
        for depth in range(1, DEEPEST + 1):
            bottom = top + depth - 1
            if bottom >= len(sheet.rows):
                break
            header = _header(sheet, top, bottom, profile, remembered)
            if len(header.fields) >= profile.fewest and (best is None or _better(header, best)):
                best = header
        if best and top > best.bottom + DEEPEST:
            break
    if best is None:
        return None
    by_field = {field: index for index, field in best.fields.items()}
    if "name" not in by_field:
        if profile.stand_in not in by_field:
            return None
        best.fields[by_field[profile.stand_in]] = "name"
    _by_likeness(best, profile, remembered)
    _by_shape(sheet, best, remembered)
    return best


def guess(sheet: Sheet) -> Header | None:
    """Return the row that looks most like headings: several short different words, so that a person can name them."""
    best, most = None, 1
    for index, row in enumerate(sheet.rows[:LOOK_AT]):
        texts = {i: text for i, cell in enumerate(row) if (text := _text(cell)) and not text.isdecimal()}
        short = {text for text in texts.values() if len(text) <= 20}
        if len(short) > most and len(short) == len(texts):
            best, most = Header(index, index, {}, texts, {}), len(short)
    return best


def _better(one: Header, other: Header) -> bool:
    """More headings are better; of equals the one with fewer rows, so that a title is not taken in."""
    return (len(one.fields), one.top - one.bottom) > (len(other.fields), other.top - other.bottom)


def _header(sheet: Sheet, top: int, bottom: int, profile: Profile, remembered: Mapping[str, str]) -> Header:
    levels = [_filled(sheet, row) for row in range(top, bottom)]
    levels.append([_text(cell) for cell in sheet.rows[bottom]])
    header = Header(top, bottom, {}, {}, {})
    taken: set[str] = set()
    for index in range(len(levels[-1])):
        words = [level[index] for level in levels if index < len(level) and level[index]]
        if not words:
            continue
        header.titles[index] = words[-1] if len(words) == 1 else "".join(dict.fromkeys(words))
        field = _known(words, levels[-1][index], taken, profile, remembered)
        if field and field not in taken:
            taken.add(field)
            header.fields[index] = field
            for word in words:
                if field.startswith(("first.", "second.")) and (parent := _PARENT.fullmatch(word)):
                    header.implied[field.partition(".")[0] + ".relation"] = (
                        "父亲" if parent[1] in "父亲爸爸" else "母亲"
                    )
    return header


def _known(
    words: list[str], last: str, taken: set[str], profile: Profile, remembered: Mapping[str, str]
) -> str | None:
    joined = "".join(words)
    for text in dict.fromkeys((joined, last)):
        if not text:
            continue
        if text in remembered:
            return remembered[text]
        if field := _member(text, profile):
            return field
        if (field := profile.headings.get(text)) and field not in taken:
            return field
    if not last:  # a heading merged downwards stands only in an upper row
        return profile.headings.get(words[-1]) if words[-1] in profile.headings else None
    if field := profile.member_headings.get(last):  # 姓名 again, further right: a member of the family
        if profile.headings.get(last) in taken:
            return next((f"{p}.{field}" for p in ("first", "second") if f"{p}.{field}" not in taken), None)
        if "name" in taken and last not in profile.headings:
            return f"first.{field}" if f"first.{field}" not in taken else f"second.{field}"
    return None


def _member(text: str, profile: Profile) -> str | None:
    if found := _MEMBER.fullmatch(text):
        place, rest = ("first" if found[1] in "1一" else "second"), found[2]
    elif found := _PARENT.fullmatch(text):
        place, rest = ("first" if found[1] in "父亲爸爸" else "second"), found[2]
    elif found := _GUARDIAN.fullmatch(text):
        place, rest = "first", found[1]
    else:
        return None
    field = profile.member_headings.get(rest or "姓名")
    return f"{place}.{field}" if field else None


def _by_likeness(header: Header, profile: Profile, remembered: Mapping[str, str]) -> None:
    """Accept “学生身份证件号码” or a slip of the pen where its column is still missing."""
    for index, title in header.titles.items():
        if (
            index in header.fields
            or title in remembered
            or any(c.isdigit() for c in title)
            or _PARENT.match(title)
            or "监护" in title
        ):
            continue
        bare = _PUPIL.sub("", title)
        close = [bare] if bare in profile.headings else get_close_matches(bare, profile.headings, 1, 0.86)
        field = profile.headings.get(close[0]) if close else None
        if field and field not in header.fields.values() and len(bare) > 2:
            header.fields[index] = field


def _by_shape(sheet: Sheet, header: Header, remembered: Mapping[str, str]) -> None:
    """Know ID numbers and roll numbers by their look where no heading said so."""
    sample = sheet.rows[header.bottom + 1 : header.bottom + 41]
    shapes = {"id_number": identity.read_id, "roll_no": identity.read_roll_number}
    for field, reader in shapes.items():
        if field in header.fields.values():
            continue
        for index in range(max(map(len, sample), default=0)):
            title = header.titles.get(index, "")
            if index in header.fields or title in remembered or _member_like(title):
                continue
            values = [row[index] for row in sample if index < len(row) and row[index] not in ("", None)]
            good = sum(not isinstance(reader(value), identity.Unreadable) for value in values)
            if len(values) >= 3 and good >= 0.8 * len(values):
                header.fields[index] = field
                break


def _member_like(title: str) -> bool:
    return bool(_MEMBER.match(title) or _PARENT.match(title) or "监护" in title or "家长" in title)


def _filled(sheet: Sheet, row: int) -> list[str]:
    """Return an upper heading row with every merged or left-open cell showing the text to its left."""
    texts = [_text(cell) for cell in sheet.rows[row]]
    number = row + sheet.first_row
    wide = [area for area in sheet.merged if area[0] <= number <= area[2]]
    if sheet.merged:
        for _, left, _, right in wide:
            start = left - sheet.first_column
            for index in range(start + 1, min(right - sheet.first_column + 1, len(texts))):
                texts[index] = texts[index] or texts[start]
        return texts
    for index in range(1, len(texts)):
        texts[index] = texts[index] or texts[index - 1]
    return texts


def _text(cell: object) -> str:
    return normal_heading(cell) if isinstance(cell, str) and len(cell) <= 60 else ""
