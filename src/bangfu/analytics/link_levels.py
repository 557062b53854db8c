"""The levels of engine.likeness as SQL: two prepared sides l (rows) and c (children) in, a small number a thing, out.

0 is not said; n is the n-th level of likeness.WORDS. Cheap tests stand before dear ones, and CASE asks no further than
it must. Strings are compared by character: DuckDB's own distances count bytes, so they only ever see digits here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bangfu.engine.likeness import WORDS
from bangfu.engine.likeness_name import SAME

THINGS = tuple(WORDS)


def code(thing: str, level: str) -> int:
    """This function will give the small number of a level; "" is 0."""
    return list(WORDS[thing]).index(level) + 1 if level else 0


def level_of(thing: str, number: int) -> str:
    """This function will give the level a small number stands for."""
    return list(WORDS[thing])[number - 1] if number else ""


def one_apart(a: str, b: str) -> str:
    """This function will write as SQL that one character is missing, too many, or another."""
    lengths = f"length({a}), length({b})"
    at = (
        f"left({a}, $n) = left({b}, $n) and substr({a}, $n + 1 + (length({a}) >= length({b}))::int)"
        f" = substr({b}, $n + 1 + (length({b}) >= length({a}))::int)"
    )
    few = " or ".join(f"({at.replace('$n', str(n))})" for n in range(4))
    many = f"list_bool_or(list_transform(range(greatest({lengths})), n -> {at.replace('$n', 'n')}))"
    return (
        f"(abs(length({a}) - length({b})) <= 1 and (left({a}, 1) = left({b}, 1) or right({a}, 1) = right({b}, 1))"
        f" and case when greatest({lengths}) <= 4 then {few} else {many} end)"
    )


def same_bag(a: str, b: str) -> str:
    """This function will write as SQL that two names have the same characters in another order."""
    return (
        f"(length({a}) = length({b}) and contains({b}, right({a}, 1)) and contains({b}, left({a}, 1))"
        f" and list_sort(string_split({a}, '')) = list_sort(string_split({b}, '')))"
    )


def one_slip(a: str, b: str) -> str:
    """This function will write as SQL that one digit is lost, too many or another, or two are swapped."""
    return (
        f"((left({a}, 8) = left({b}, 8) or right({a}, 8) = right({b}, 8))"
        f" and damerau_levenshtein({a}, {b}) = 1)"
    )


def _case(thing: str, unsaid: str, tests: dict[str, str]) -> str:
    *first, last = WORDS[thing]
    whens = " ".join(f"when {tests[level]} then {code(thing, level)}" for level in first if level in tests)
    return f"(case when {unsaid} then 0 {whens} else {code(thing, last)} end)::utinyint"


def _number(thing: str, a: str, b: str) -> str:
    tests = {
        "digit": one_slip(a, b),
        "rounded": f"left({a}, 15) = left({b}, 15) and (right({a}, 3) = '000' or right({b}, 3) = '000')",
        "front": f"left({a}, 14) = left({b}, 14)",
        "other": "l.number_right and c.number_right",
    }
    first = f"when {a} = {b} and {a} <> '' then 1 when l.roll_no = c.roll_no and l.roll_no <> '' then 2 "
    return _case(thing, f"{a} = '' or {b} = ''", tests).replace("case ", f"case {first}", 1)


def _name(a: str, b: str, kind: str = "name") -> dict[str, str]:
    """The tests of two names; `a` and `b` are columns, beside which stand their `_sound` and `_near`."""
    apart = one_apart(a, b)
    return {
        SAME: f"{a} = {b}",
        "sound": f"{a}_sound = {b}_sound",
        "near": f"{a}_near = {b}_near",
        "order": same_bag(a, b),
        "one_of_many": f"greatest(length({a}), length({b})) > 2 and {apart}",
        "one_of_two": f"greatest(length({a}), length({b})) <= 2 and {apart}",
        "surname": f"left({a}, 1) = left({b}, 1)",
    }


def _guardian(ones: Sequence[str], others: Sequence[str]) -> str:
    unsaid = _nobody(ones, others)
    pairs = [_name(one, other) for one in ones for other in others]
    said = [f"{one} <> '' and {other} <> ''" for one in ones for other in others]
    tests = {
        "same": _either(said, [p["same"] for p in pairs]),
        "sound": _either(said, [p["sound"] for p in pairs]),
        "near": _either(said, [p["near"] for p in pairs]),
        "one_of_many": _either(said, [f"({p['one_of_many']}) or {p['order']}" for p in pairs]),
        "surname": _either(said, [p["surname"] for p in pairs]),
    }
    return _case("guardian", unsaid, tests)


def _nobody(ones: Sequence[str], others: Sequence[str]) -> str:
    return " or ".join("(" + " and ".join(f"{one} = ''" for one in side) + ")" for side in (ones, others))


def _either(said: Sequence[str], tests: Sequence[str]) -> str:
    return "(" + " or ".join(f"({s} and ({t}))" for s, t in zip(said, tests, strict=True)) + ")"


def _shared(thing: str, ones: Sequence[str], others: Sequence[str], slip: bool = False) -> str:
    unsaid = _nobody(ones, others)
    said = [f"{one} <> '' and {other} <> ''" for one in ones for other in others]
    pairs = [(one, other) for one in ones for other in others]
    tests = {"same": _either(said, [f"{a} = {b}" for a, b in pairs])}
    if slip:
        tests["digit"] = _either(said, [one_slip(a, b) for a, b in pairs])
    return _case(thing, unsaid, tests)


def _birth() -> str:
    a, b = "l.birth", "c.birth"
    tests = {
        "same": f"{a} = {b}",
        "turned": f"{a} // 10000 = {b} // 10000 and {a} // 100 % 100 = {b} % 100 and {a} % 100 = {b} // 100 % 100",
        "digit": f"length(rtrim(abs({a} - {b})::varchar, '0')) <= 2 and damerau_levenshtein({a}::varchar, {b}::varchar) = 1",
        "lunar": f"{a} = c.lunar or {b} = l.lunar",
        "month": f"{a} // 100 = {b} // 100",
        "year": f"{a} // 10000 = {b} // 10000",
    }
    return _case("birth", f"{a} = 0 or {b} = 0", tests)


def _crossed(ones: Sequence[str], others: Sequence[str]) -> str:
    """Written as SQL: the row has the guardian's name where the child's belongs, and the child's where the guardian's."""
    if not ones or not others:
        return "false"
    return f"c.name in ({', '.join(ones)}) and l.name in ({', '.join(others)})"


@dataclass(frozen=True, slots=True)
class Width:
    """How many guardians and phones a row and a child may name: columns guardian1, guardian2 …"""

    guardians: tuple[int, int] = (2, 2)
    numbers: tuple[int, int] = (2, 2)
    phones: tuple[int, int] = (1, 1)


def columns(thing: str, many: int, side: str = "") -> list[str]:
    """This function will name the columns of something that may be said more than once."""
    return [f"{side}{thing}{n}" for n in range(1, many + 1)]


def levels(width: Width) -> dict[str, str]:
    """This function will write every level as SQL."""

    def both(thing: str, many: tuple[int, int]) -> tuple[list[str], list[str]]:
        return columns(thing, many[0], "l."), columns(thing, many[1], "c.")

    named = _name("l.name", "c.name")
    named["former"] = "l.name = c.former or l.former = c.name"
    named["crossed"] = _crossed(*both("guardian", width.guardians))
    return {
        "number": _number("number", "l.number", "c.number"),
        "name": _case("name", "l.name = '' or c.name = ''", named),
        "birth": _birth(),
        "guardian": _guardian(*both("guardian", width.guardians)),
        "guardian_id": _shared("guardian_id", *both("guardian_id", width.numbers), slip=True),
        "phone": _shared("phone", *both("phone", width.phones)),
        **{
            thing: _shared(thing, [f"l.{thing}"], [f"c.{thing}"]) for thing in ("household", "village", "sex")
        },
    }
