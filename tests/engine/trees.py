"""Trees of the plan grammar as hypothesis makes them: any fields, any values of the right kind, a few unknown keys."""

from datetime import date

from hypothesis import strategies as some

from bangfu.engine.phrase import SECTIONS
from bangfu.engine.shape import fields, shape

ONE = {"selection", "publicity", "new_pupil", "amount"}  # tables there is one of; of every other a list
WORDS = some.text(alphabet="帮扶孩子一二三 ab_#\"'[]{}=.,\n\\，。", max_size=8)
DAYS = some.dates(date(2020, 1, 1), date(2030, 1, 1))
VALUES = {
    "number": some.integers(0, 99),
    "decimal": some.floats(0, 1, allow_nan=False),
    "bool": some.booleans(),
    "date": DAYS,
    "value": some.one_of(some.integers(), some.booleans(), WORDS),
    "numbers": some.lists(some.integers(1, 9), max_size=3),
    "decimals": some.lists(some.floats(0, 1, allow_nan=False), max_size=3),
}
LISTS = ("texts", "activities", "categories", "roles", "choices")


def leaf(path):
    """Give values of the kind the models let stand at a path."""
    known = shape(path)
    if known.kind in ("choice", "role"):
        return some.sampled_from(known.choices)
    if known.kind in LISTS:
        return some.lists(some.sampled_from(known.choices) if known.choices else WORDS, max_size=3)
    return VALUES.get(known.kind, WORDS)


def table(path=(), deep=0):
    """Give tables that may stand at a path."""
    inside = {}
    for name in fields(path) if deep < 4 else ():
        where = (*path, name)
        if shape(where).keys or name in ONE:
            inside[name] = table(where, deep + 1)
        elif fields(where):
            inside[name] = some.lists(table((*where, 0), deep + 1), max_size=2)
        else:
            inside[name] = leaf(where)
    few = some.fixed_dictionaries({}, optional=inside | {"odd": WORDS, "odder": VALUES["numbers"]})
    return few.filter(bool) if path else few


def plans():
    """Give trees of whole plans, with a table or two of each kind."""
    assert {name for names in SECTIONS.values() for name in names if name} <= set(fields(()))
    return table()
