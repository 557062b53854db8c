"""The people of `bangfu bench link`: families, their children, their numbers, and the roll with gaps of its own (GAPS).

What the five lists carry stands in LISTS. Everything is drawn from one seed; bench/link_made.py asks for it.
"""

from dataclasses import dataclass, replace

import numpy as np

from bangfu.bench import link_names as names

SEED = 307
FIRST_BIRTH, LAST_BIRTH = np.datetime64("2011-09-01"), np.datetime64("2020-08-31")
# share of roll entries that lack a thing, or have it wrong
GAPS = {
    "id_number": 0.012,  # a J number instead
    "name": 0.003,  # the register writes it differently
    "phone": 0.04,
    "village": 0.03,
    "household": 0.55,
    "guardian_id1": 0.40,
    "guardian_id2": 0.60,
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a list is like: rows for 1,000 children, kinds of rows that are no pupils, how often a column is filled."""

    rows: int
    adults: float
    siblings: float
    strangers: float
    guardian: float
    guardian_id: float
    phone: float
    household: float
    roll_no: float = 0.0
    birth: float = 1.0  # a birth column of its own; otherwise the date can only come from the number


LISTS = {
    "allowance": Sheet(92, 0.10, 0.08, 0.07, 0.95, 0.7, 0.4, 0.9, birth=0.6),
    "monitored": Sheet(105, 0.10, 0.08, 0.07, 0.97, 0.7, 0.3, 0.95, birth=0.6),
    "disabled": Sheet(18, 0.10, 0.05, 0.15, 0.9, 0.2, 0.8, 0.0),
    "orphans": Sheet(12, 0.0, 0.03, 0.07, 0.98, 0.5, 0.8, 0.0),
    "left_behind": Sheet(80, 0.0, 0.02, 0.04, 0.95, 0.05, 0.85, 0.0, roll_no=0.4),
}
SAME_GUARDIAN, SAME_PHONE, SAME_VILLAGE, SECOND_GUARDIAN = 0.75, 0.65, 0.96, 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Families:
    """One array a thing; the last ones are of other schools' children."""

    surname: np.ndarray
    father: np.ndarray
    mother: np.ndarray
    grandfather: np.ndarray
    grandmother: np.ndarray
    ids: np.ndarray  # of father, mother, grandfather
    kept_by: np.ndarray  # 0 parents, 1 grandparents, 2 one parent
    division: np.ndarray
    village: np.ndarray
    phone: np.ndarray
    household: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Children: pupils first, then their siblings elsewhere, then strangers."""

    family: np.ndarray
    name: np.ndarray
    former_name: np.ndarray
    girl: np.ndarray
    birth_on: np.ndarray
    id_number: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """Everything drawn for one size, before anything was written down."""

    families: Families
    people: People
    pupils: int
    siblings: int

    def adults(self) -> tuple[np.ndarray, ...]:
        """This function will give the names of fathers, mothers, grandfathers, as columns of one table."""
        return self.families.father, self.families.mother, self.families.grandfather


def world(pupils: int) -> World:
    """This function will draw families, their children and their numbers."""
    draw = np.random.default_rng(SEED)
    sizes = draw.choice([1, 2, 3], pupils, p=[0.66, 0.28, 0.06])
    home = np.repeat(np.arange(pupils), sizes)[:pupils]
    own = int(home[-1]) + 1
    strangers, siblings = int(pupils * 0.025) + 5, int(pupils * 0.03) + 5
    family = np.concatenate([home, draw.integers(0, own, siblings), np.arange(own, own + strangers)])
    families = _families(draw, own + strangers, pupils)
    people = _people(draw, families, family, pupils, siblings)
    return _numbered(draw, World(families, people, pupils, siblings))


def _families(draw: np.random.Generator, count: int, pupils: int) -> Families:
    surname = names.surnames(draw, count)
    villages = max(pupils // 140, 6)
    at = draw.integers(0, villages, count)
    counties = max(pupils // 80_000, 1)
    syllables = np.array(
        list("石沙月青枫云金双大龙高平清永新安白红黄马太长东西南北上下前后河山岩塘桥坪湾岭溪泉")
    )
    towns = draw.choice(syllables, (2, villages // 15 + 1))
    parts = draw.choice(syllables, (2, villages))
    town = np.char.add(np.char.add(towns[0], towns[1]), "镇")[np.arange(villages) // 15]
    village = np.char.add(town, np.char.add(np.char.add(parts[0], parts[1]), "村"))
    division = 990101 + (np.arange(villages) * counties // villages)
    serial = np.char.zfill(np.arange(count).astype("<U7"), 7)
    phone = np.char.add("100", draw.integers(10**7, 10**8, count).astype("<U8"))
    shared = draw.random(count) < 0.03  # one neighbour's phone for several homes
    phone[shared] = np.char.add("1009", np.char.zfill(at[shared].astype("<U7"), 7))
    return Families(
        surname,
        np.char.add(surname, names.grown(draw, count)),
        np.char.add(names.surnames(draw, count), names.grown(draw, count)),
        np.char.add(surname, names.grown(draw, count)),
        np.char.add(names.surnames(draw, count), names.grown(draw, count)),
        np.empty((3, count), "<U18"),
        draw.choice([0, 1, 2], count, p=[0.78, 0.13, 0.09]),
        division[at],
        village[at],
        phone,
        np.char.add(division[at].astype("<U6"), np.char.add("00", serial)),
    )


def _people(
    draw: np.random.Generator, families: Families, family: np.ndarray, pupils: int, siblings: int
) -> People:
    count = len(family)
    days = int((LAST_BIRTH - FIRST_BIRTH).astype(int)) + 1
    birth_on = FIRST_BIRTH + draw.integers(0, days, count)
    grown = draw.random(siblings) < 0.4
    birth_on[pupils : pupils + siblings] = np.where(
        grown,
        FIRST_BIRTH - draw.integers(1, 2200, siblings),
        LAST_BIRTH + draw.integers(1, 2200, siblings),
    )
    girl = draw.random(count) < 0.48
    called = names.given(draw, girl)
    follows = np.zeros(count, bool)
    follows[1:pupils] = family[1:pupils] == family[: pupils - 1]
    twin = follows & (draw.random(count) < 0.05)
    birth_on[twin] = birth_on[np.flatnonzero(twin) - 1]
    alike = follows & (draw.random(count) < np.where(twin, 0.7, 0.3))
    for at in np.flatnonzero(alike):  # siblings share a character
        if len(called[at]) == len(called[at - 1]) == 2 and called[at][1] != called[at - 1][1]:
            called[at] = called[at - 1][0] + called[at][1]
    twice = np.flatnonzero(follows & (called == np.roll(called, 1)))  # no parents name two children alike
    called[twice] = np.where(called[twice].astype("<U1") == "乐", "安宁", "乐安")
    name = np.char.add(families.surname[family], called).astype("<U12")
    dotted = np.flatnonzero(draw.random(count) < 0.005)
    for at in dotted:
        name[at] = "·".join(draw.choice(names.DOTTED, 2, replace=False))
    former = np.where(
        draw.random(count) < 0.025, np.char.add(families.surname[family], names.given(draw, girl)), ""
    ).astype("<U12")
    return People(family, name, former, girl, birth_on, np.empty(count, "<U18"))


def _numbered(draw: np.random.Generator, one: World) -> World:
    """Give everybody an ID number nobody else has; twins get neighbouring ones."""
    families, people = one.families, one.people
    homes = len(families.father)
    elders = np.datetime64("1945-01-01") + draw.integers(0, 8000, homes)
    parents = [np.datetime64("1974-01-01") + draw.integers(0, 7000, homes) for _ in "fm"]
    birth_on = np.concatenate([people.birth_on, *parents, elders])
    girl = np.concatenate([people.girl, np.zeros(homes, bool), np.ones(homes, bool), np.zeros(homes, bool)])
    division = np.concatenate([families.division[people.family], *[families.division] * 3])
    numbers = id_numbers(division, birth_on, girl)
    count = len(people.family)
    families = replace(families, ids=numbers[count:].reshape(3, homes))
    return replace(one, families=families, people=replace(people, id_number=numbers[:count]))


def id_numbers(division: np.ndarray, birth_on: np.ndarray, girl: np.ndarray) -> np.ndarray:
    """This function will make numbers after GB 11643: division, birth, sequence (odd for boys), check digit."""
    day = birth_on.astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    year = day.astype("datetime64[Y]").astype(int) + 1970
    date = year * 10_000 + (month.astype(int) % 12 + 1) * 100 + (day - month).astype(int) + 1
    place = (division.astype(np.int64) * 10**8 + date) * 2 + girl
    order = np.argsort(place, kind="stable")
    starts = np.flatnonzero(np.diff(place[order], prepend=-1))
    within = np.arange(len(place)) - np.repeat(starts, np.diff([*starts, len(place)]))
    sequence = np.empty(len(place), np.int64)
    sequence[order] = (within + place[order] * 7919 % 500) % 500
    number = (division.astype(np.int64) * 10**8 + date) * 1000 + sequence * 2 + np.where(girl, 0, 1)
    weights, rest = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]), number.copy()
    total = np.zeros(len(number), np.int64)
    for weight in weights[::-1]:
        total += rest % 10 * weight
        rest //= 10
    return np.char.add(number.astype("<U17"), np.array(list("10X98765432"))[total % 11])


def roll(one: World) -> dict[str, np.ndarray]:
    """This function will write the roll, with its own gaps, in an order that tells nothing."""
    draw = np.random.default_rng(SEED + 1)
    count, families, people = one.pupils, one.families, one.people
    family = people.family[:count]

    def some(column: np.ndarray, gap: str) -> np.ndarray:
        return np.where(draw.random(count) < GAPS[gap], "", column)

    first, second, first_id, second_id = guardians(families, family)
    id_number = some(people.id_number[:count], "id_number")
    serial = np.char.zfill(np.arange(count).astype("<U7"), 7)
    roll_no = np.where(id_number == "", np.char.add("J99010120260", serial), np.char.add("G", id_number))
    name = people.name[:count].copy()
    for at in np.flatnonzero(draw.random(count) < GAPS["name"]):
        name[at] = names.written(str(name[at]), "homophone" if at % 2 else "variant", float(draw.random()))
    table = {
        "key": np.char.add("c", np.char.zfill((draw.permutation(count) + 1).astype("<U7"), 7)),
        "name": name,
        "former_name": people.former_name[:count].copy(),
        "sex": np.where(people.girl[:count], "2", "1"),
        "birth_on": people.birth_on[:count].copy(),
        "id_number": id_number,
        "roll_no": roll_no,
        "guardian1": first,
        "guardian2": second,
        "guardian_id1": some(first_id, "guardian_id1"),
        "guardian_id2": some(second_id, "guardian_id2"),
        "phone": some(families.phone[family], "phone"),
        "village": some(families.village[family], "village"),
        "household": some(families.household[family], "household"),
    }
    table["former_name"][draw.random(count) < 0.4] = ""  # the roll does not know all of them
    return table


def guardians(families: Families, family: np.ndarray) -> tuple[np.ndarray, ...]:
    """This function will say who looks after the children of these families: two names, two numbers."""
    kept, lone = families.kept_by[family], family % 2 == 0
    choice = [kept == 1, (kept == 2) & lone]
    first = np.select(
        choice, [families.grandfather[family], families.mother[family]], families.father[family]
    )
    first_id = np.select(choice, [families.ids[2, family], families.ids[1, family]], families.ids[0, family])
    second = np.select([kept == 0, kept == 1], [families.mother[family], families.grandmother[family]], "")
    second_id = np.where(kept == 0, families.ids[1, family], "")
    return first, second, first_id, second_id
