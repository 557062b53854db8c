"""The five lists of `bangfu bench link` before any slip: who stands on them and what each list says of whom.

In: the world and the roll. Out: the rows as columns, and who each row is (pupils first, see bench/link_world.py).
"""

import numpy as np

from bangfu.bench import link_world
from bangfu.bench.link_world import LISTS, Sheet, World


def write(
    draw: np.random.Generator, one: World, children: dict[str, np.ndarray]
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """This function will write all lists, one after another, rows shuffled inside each."""
    needy = draw.random(len(one.families.father)) < 0.22
    sheets, people = [], []
    for name, sheet in LISTS.items():
        who = chosen(draw, one, sheet, needy)
        sheets.append({"list": np.full(len(who), name), **said(draw, one, sheet, who, children)})
        people.append(who)
    rows = {name: np.concatenate([sheet[name] for sheet in sheets]) for name in sheets[0]}
    who = np.concatenate(people)
    serial = np.char.zfill(np.arange(1, len(who) + 1).astype("<U7"), 7)
    return {"list": rows.pop("list"), "key": np.char.add("r", serial), **rows}, who


def chosen(draw: np.random.Generator, one: World, sheet: Sheet, needy: np.ndarray) -> np.ndarray:
    """This function will choose who stands on a list; numbers from len(people) on are grown-ups."""
    total = max(one.pupils * sheet.rows // 1000, 4)
    grown, siblings, strangers = (
        int(total * share) for share in (sheet.adults, sheet.siblings, sheet.strangers)
    )
    pupils = total - grown - siblings - strangers
    weight = np.where(needy[one.people.family[: one.pupils]], 6.0, 1.0)
    first = np.argsort(draw.exponential(size=one.pupils) / weight)[:pupils]
    count = len(one.people.family)
    homes = int(one.people.family[one.pupils - 1]) + 1
    others = one.pupils + draw.choice(one.siblings, min(siblings, one.siblings), replace=False)
    beyond = one.pupils + one.siblings
    away = beyond + draw.choice(count - beyond, min(strangers, count - beyond), replace=False)
    adults = count + draw.choice(3 * homes, grown, replace=False)
    return draw.permutation(np.concatenate([first, others, away, adults]))


def said(
    draw: np.random.Generator, one: World, sheet: Sheet, who: np.ndarray, children: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """This function will say what the list says of everybody on it, without a slip."""
    families, people, count = one.families, one.people, len(who)
    grown = who >= len(people.family)
    homes = int(people.family[one.pupils - 1]) + 1
    child = np.where(grown, 0, who)
    role, home = (who - len(people.family)) // homes, (who - len(people.family)) % homes
    family = np.where(grown, home, people.family[child])
    role = np.where(grown, role, 0)

    def some(column: np.ndarray, share: float) -> np.ndarray:
        return np.where(draw.random(count) < share, column, "")

    first, second, first_id, _ = link_world.guardians(families, family)
    other = draw.integers(0, 3, count)
    adult = np.stack([families.father, families.mother, families.grandfather])
    differs = draw.random(count) >= link_world.SAME_GUARDIAN
    guardian = np.where(differs, adult[other, family], first)
    guardian_id = np.where(differs, families.ids[other, family], first_id)
    phone = np.char.add("100", draw.integers(10**7, 10**8, count).astype("<U8"))
    moved = families.village[draw.integers(0, len(families.village), count)]
    roll_no = np.append(children["roll_no"], "")[np.where(who < one.pupils, who, -1)]
    known_guardian = draw.random(count) < sheet.guardian
    return {
        "name": np.where(grown, adult[role, family], people.name[child]).astype("<U12"),
        "former_name": some(np.where(grown, "", people.former_name[child]), 0.1).astype("<U12"),
        "sex": np.where(np.where(grown, role == 1, people.girl[child]), "2", "1"),
        "birth_on": np.where(grown, born(families.ids[role, family]), people.birth_on[child]).astype(
            "datetime64[D]"
        ),
        "id_number": np.where(grown, families.ids[role, family], people.id_number[child]),
        "roll_no": some(roll_no, sheet.roll_no),
        "guardian1": np.where(known_guardian, guardian, "").astype("<U12"),
        "guardian2": some(second, link_world.SECOND_GUARDIAN).astype("<U12"),
        "guardian_id1": np.where(known_guardian, some(guardian_id, sheet.guardian_id), ""),
        "guardian_id2": np.full(count, "", "<U18"),
        "phone": some(
            np.where(draw.random(count) < link_world.SAME_PHONE, families.phone[family], phone), sheet.phone
        ),
        "village": np.where(draw.random(count) < link_world.SAME_VILLAGE, families.village[family], moved),
        "household": some(families.household[family], sheet.household),
    }


def born(numbers: np.ndarray) -> np.ndarray:
    """This function will read the birth dates out of ID numbers."""
    whole = np.array([f"{one[6:10]}-{one[10:12]}-{one[12:14]}" for one in numbers.tolist()])
    return whole.astype("datetime64[D]")
