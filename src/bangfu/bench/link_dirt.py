"""What clerks, keyboards and spreadsheets do to the lists of `bangfu bench link`; every rate is a share of all rows.

In a quarter of the villages everything slips 2.2 times as often, elsewhere 0.6 times, so that slips come together.
`plain`: one row in seven lacks its right number, little else is wrong. `hard`: nearly three in ten, and names, dates and
guardians go wrong as well; a row can lose number, date and guardian at once and be past finding.
"""

from datetime import date, timedelta

import numpy as np

from bangfu.bench import link_names as names
from bangfu.bench.link_world import World

# the number is not there at all: by list
MISSING = {
    "plain": {"allowance": 0.06, "monitored": 0.05, "disabled": 0.03, "orphans": 0.08, "left_behind": 0.34},
    "hard": {"allowance": 0.13, "monitored": 0.12, "disabled": 0.09, "orphans": 0.14, "left_behind": 0.52},
}
NUMBER = {  # the number is there and wrong
    "plain": {"digit": 0.008, "transposed": 0.002, "lost": 0.001, "exponent": 0.001, "rounded": 0.002,
              "sibling": 0.0003, "guardian": 0.0005},
    "hard": {"digit": 0.030, "transposed": 0.012, "lost": 0.008, "exponent": 0.010, "rounded": 0.015,
             "sibling": 0.005, "guardian": 0.008},
}  # fmt: skip
NAME = {
    "plain": {"homophone": 0.004, "variant": 0.004, "shape": 0.001, "missing": 0.0005, "former": 0.001},
    "hard": {"homophone": 0.040, "variant": 0.035, "shape": 0.018, "swapped": 0.010, "missing": 0.012,
             "extra": 0.005, "former": 0.012, "milk": 0.005, "guardian_instead": 0.004},
}  # fmt: skip
BIRTH = {  # "absent": the list has no date of its own, and the number it could be read from is not there
    "plain": {"absent": 0.02, "digit": 0.003},
    "hard": {"absent": 0.20, "missing": 0.035, "lunar": 0.030, "day_month": 0.005, "digit": 0.022, "new_year": 0.012},
}  # fmt: skip
GUARDIAN = {
    "plain": {"homophone": 0.005, "variant": 0.005},
    "hard": {"homophone": 0.03, "variant": 0.02, "shape": 0.01, "missing": 0.01, "unsaid": 0.06},
}
OTHER = {"plain": {"sex": 0.001, "village": 0.01}, "hard": {"sex": 0.008, "village": 0.08}}
# months of the lunar years 2000–2029: twelve bits for 30 or 29 days, the leap month, whether that has 30
MONTHS = (
    0x0C960, 0x0D954, 0x0D4A0, 0x0DA50, 0x07552, 0x056A0, 0x0ABB7, 0x025D0, 0x092D0, 0x0CAB5,
    0x0A950, 0x0B4A0, 0x0BAA4, 0x0AD50, 0x055D9, 0x04BA0, 0x0A5B0, 0x15176, 0x052B0, 0x0A930,
    0x07954, 0x06AA0, 0x0AD50, 0x05B52, 0x04B60, 0x0A6E6, 0x0A4E0, 0x0D260, 0x0EA65, 0x0D530,
)  # fmt: skip
NEW_YEAR_2000 = date(2000, 2, 5)


def spoil(
    draw: np.random.Generator, regime: str, rows: dict[str, np.ndarray], who: np.ndarray, one: World
) -> dict[str, np.ndarray]:
    """This function will spoil the rows in place; it says what was done, and whose number stands in a row wrongly."""
    count = len(who)
    village, where = np.unique(rows["village"], return_inverse=True)
    slips = np.where(draw.random(len(village)) < 0.25, 2.2, 0.6)[where]
    dirt = np.full(count, "", "<U160")
    owner = np.full(count, -1)

    def struck(table: dict[str, float], what: str, among: np.ndarray | None = None) -> dict[str, np.ndarray]:
        """Which rows each slip strikes, one slip a row at most."""
        luck, found, begin = draw.random(count) / slips, {}, 0.0
        for slip, share in table.items():
            hit = (luck >= begin) & (luck < begin + share)
            hit &= gone if slip == "absent" else (True if among is None else among)
            found[slip] = np.flatnonzero(hit)
            dirt[found[slip]] = np.char.add(dirt[found[slip]], f"{what}_{slip},")
            begin += share
        return found

    lack = np.array([MISSING[regime][name] for name in rows["list"].tolist()])
    gone = draw.random(count) < np.minimum(lack * slips, 0.9)
    _births(draw, rows, struck(BIRTH[regime], "birth"))
    _numbers(draw, rows, struck(NUMBER[regime], "id", ~gone), (who, one, owner))
    rows["id_number"][gone] = rows["roll_no"][gone] = ""
    dirt[gone] = np.char.add(dirt[gone], "id_missing,")
    _names(draw, rows, struck(NAME[regime], "name"), (who, one))
    for column in ("guardian1", "guardian2"):
        for slip, at in struck(GUARDIAN[regime], column).items():
            rows[column][at] = "" if slip == "unsaid" else _written(draw, rows[column][at], slip)
    other = struck(OTHER[regime], "other")
    rows["sex"][other["sex"]] = np.where(rows["sex"][other["sex"]] == "1", "2", "1")
    rows["village"][other["village"]] = ""
    return {"dirt": np.char.strip(dirt, ","), "number_of": owner}


def _written(draw: np.random.Generator, column: np.ndarray, how: str) -> np.ndarray:
    luck = draw.random(len(column)).tolist()
    return np.array(
        [names.written(one, how, by) for one, by in zip(column.tolist(), luck, strict=True)], "<U12"
    )


def _names(draw: np.random.Generator, rows: dict, struck: dict, whose: tuple[np.ndarray, World]) -> None:
    who, one = whose
    for slip, at in struck.items():
        if slip == "former":
            known = np.append(one.people.former_name, "")[
                np.where(who[at] < len(one.people.name), who[at], -1)
            ]
            rows["name"][at] = np.where(known == "", rows["name"][at], known)
        elif slip == "milk":
            milk = draw.choice(names.MILK, len(at))
            rows["name"][at] = np.char.add(rows["name"][at].astype("<U1"), milk)
        elif slip == "guardian_instead":
            at = at[rows["guardian1"][at] != ""]
            rows["name"][at], rows["guardian1"][at] = rows["guardian1"][at].copy(), rows["name"][at].copy()
        else:
            rows["name"][at] = _written(draw, rows["name"][at], slip)


def _numbers(
    draw: np.random.Generator, rows: dict, struck: dict, whose: tuple[np.ndarray, World, np.ndarray]
) -> None:
    who, one, owner = whose
    numbers = rows["id_number"]
    for slip, at in struck.items():
        if slip == "sibling":
            at, theirs = _siblings(one, who, at)
            owner[at], numbers[at] = theirs, one.people.id_number[theirs]
        elif slip == "guardian":
            family = one.people.family[np.minimum(who[at], len(one.people.family) - 1)]
            numbers[at] = one.families.ids[draw.integers(0, 3, len(at)), family]
        else:
            luck = draw.integers(0, 10**6, len(at)).tolist()
            numbers[at] = [
                _number(text, slip, by) for text, by in zip(numbers[at].tolist(), luck, strict=True)
            ]
        said = at[rows["roll_no"][at] != ""]
        rows["roll_no"][said] = [
            "" if slip in ("exponent", "guardian") else "G" + text for text in numbers[said].tolist()
        ]


def _number(text: str, slip: str, luck: int) -> str:
    at = luck % 17
    if slip == "digit":
        return text[:at] + str((int(text[at]) + 1 + luck // 17 % 9) % 10) + text[at + 1 :]
    if slip == "lost":
        return text[:at] + text[at + 1 :]
    if slip == "transposed":
        places = [n for n in range(6, 16) if text[n] != text[n + 1]]
        at = places[luck % len(places)]
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if slip == "rounded":
        return text[:15] + "000"
    return f"{text[0]}.{text[1:6]}E+17"


def _siblings(one: World, who: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows whose family has another pupil on the roll, and that pupil."""
    children = at[who[at] < one.pupils + one.siblings]
    family = one.people.family
    first = np.searchsorted(family[: one.pupils], family[who[children]])
    last = np.searchsorted(family[: one.pupils], family[who[children]], side="right") - 1
    other = np.where(first == who[children], last, first)
    fits = other != who[children]
    return children[fits], other[fits]


def _births(draw: np.random.Generator, rows: dict, struck: dict) -> None:
    for slip, at in struck.items():
        if slip in ("absent", "missing"):
            rows["birth_on"][at] = np.datetime64("NaT", "D")
            continue
        luck = draw.integers(0, 10**6, len(at)).tolist()
        rows["birth_on"][at] = [
            _birth(day, slip, by) for day, by in zip(rows["birth_on"][at].tolist(), luck, strict=True)
        ]


def _birth(day: date | None, slip: str, luck: int) -> np.datetime64:
    try:
        if slip == "lunar":
            year, month, number = lunar(day)
            day = date(year, month, number)
        elif slip == "day_month":
            day = date(day.year, day.day, day.month)
        elif slip == "new_year":
            day = date(day.year, 1, 1)
        else:
            unit = ("year", "month", "day", "day")[luck % 4]
            value = getattr(day, unit)
            by = (1, -1, 10, -10)[luck // 4 % (2 if unit != "day" else 4)]
            day = day.replace(**{unit: value + by})
    except (ValueError, AttributeError):  # no such day: the clerk leaves it out
        return np.datetime64("NaT", "D")
    return np.datetime64(day)


def lunar(day: date) -> tuple[int, int, int]:
    """This function will give year, month and day of the Chinese calendar; a leap month counts as its namesake."""
    rest = (day - NEW_YEAR_2000).days
    if rest < 0:
        raise ValueError(day)
    for offset, bits in enumerate(MONTHS):
        lengths = [(n + 1, 30 if bits & (0x8000 >> n) else 29) for n in range(12)]
        if leap := bits & 0xF:
            lengths.insert(leap, (leap, 30 if bits & 0x10000 else 29))
        for month, length in lengths:
            if rest < length:
                return 2000 + offset, month, rest + 1
            rest -= length
    raise ValueError(day)


def solar_of(year: int, month: int, number: int) -> date:
    """This function will give the first day that the Chinese calendar calls so, for tests of the way back."""
    day = date(year, 1, 20) + timedelta(days=29 * (month - 1))
    while lunar(day) != (year, month, number):
        day += timedelta(days=1)
    return day
