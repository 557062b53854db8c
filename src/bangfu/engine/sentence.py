"""A plan's raw tree in, sentences with slots out, and the same tree back again: nothing of it is lost between.

Every leaf of the tree is a slot of some sentence; what is seldom touched stands in the sentence's `more`.
The plan studio asks for it (a plan is read as prose and every blank in it can be filled).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bangfu.engine.phrase import PHRASES, SECTIONS, Phrase
from bangfu.engine.shape import ABSENT, Path, Shape, fields, shape
from bangfu.engine.slot import Slot

NAME = re.compile(r"\{([a-z_.]+)\}")
# Offered in `more` although nothing stands there: one may want to say it.
OFFERED = frozenset(
    {"number", "decimal", "bool", "choice", "choices", "roles", "activities", "categories", "rule"}
)


@dataclass(frozen=True, slots=True)
class Clause:
    """Words with {slots}, and the slots by name."""

    words: str
    slots: Mapping[str, Slot]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One table told: clauses, then what else stands in it, then the sentences of the tables inside it."""

    path: Path
    clauses: tuple[Clause, ...]
    more: tuple[Slot, ...] = ()
    inside: tuple["Sentence", ...] = ()

    @property
    def slots(self) -> Iterator[Slot]:
        """This property will go through every slot, those of the tables inside too."""
        for clause in self.clauses:
            yield from clause.slots.values()
        yield from self.more
        for sentence in self.inside:
            yield from sentence.slots


@dataclass(frozen=True, slots=True)
class Section:
    """The sentences about one thing: whom, helpers, duties."""

    key: str
    sentences: tuple[Sentence, ...]


def read(raw: Mapping[str, Any]) -> tuple[Section, ...]:
    """This function will tell a raw tree in sections; empty ones are left out."""
    found = []
    for key, names in SECTIONS.items():
        sentences = [one for name in names for one in _table(raw, name)]
        if sentences:
            found.append(Section(key, tuple(sentences)))
    return tuple(found)


def build(sections: Iterable[Section]) -> dict[str, Any]:
    """This function will give the raw tree that the sentences tell."""
    tree: dict[Any, Any] = {}
    for section in sections:
        for sentence in section.sentences:
            for slot in sentence.slots:
                if slot.given:
                    _put(tree, slot)
    return _lists(tree)


def change(sections: Iterable[Section], path: Path, value: Any) -> tuple[Section, ...]:
    """This function will give the sentences with another value (or ABSENT) in the slots at a path."""
    return tuple(
        replace(section, sentences=tuple(_changed(one, path, value) for one in section.sentences))
        for section in sections
    )


def _table(raw: Mapping[str, Any], name: str) -> Iterator[Sentence]:
    if not name:
        told = {table for names in SECTIONS.values() for table in names}
        yield _sentence({k: v for k, v in raw.items() if k not in told or not _is_table(v)}, ())
    elif name in raw and _is_table(raw[name]):
        one = raw[name]
        yield from _each(one, (name,)) if isinstance(one, list) else (_sentence(one, (name,)),)


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(value) or _is_tables(value)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) and one for one in value)


def _each(tables: list[Any], path: Path) -> Iterator[Sentence]:
    yield from (_sentence(one, (*path, at)) for at, one in enumerate(tables))


def _sentence(table: Mapping[str, Any], path: Path) -> Sentence:
    inside = {key: value for key, value in table.items() if _is_tables(value)}
    leaves = {key: value for key, value in table.items() if key not in inside}
    slots = {_name(one.path, path): one for one in (_leaves(leaves, path) if leaves else ())}
    clauses = tuple(_clauses(PHRASES.get(".".join(s for s in path if isinstance(s, str)), ()), slots, path))
    used = {one.path for clause in clauses for one in clause.slots.values()}
    more = [one for one in slots.values() if one.path not in used]
    more += _offers(path, {one.path for one in more} | used)
    deeper = (_each(value, (*path, key)) for key, value in inside.items())
    return Sentence(path, clauses, tuple(more), tuple(one for each in deeper for one in each))


def _name(path: Path, table: Path) -> str:
    return ".".join(str(step) for step in path[len(table) :])


def _leaves(value: Any, path: Path) -> Iterator[Slot]:
    known = shape(path) if path else None
    if not (isinstance(value, Mapping) and value):
        yield Slot(path, value, known or shape(path))
        return
    whole = {key: value[key] for key in (known.keys if known else ()) if key in value}
    if whole and not any(isinstance(one, Mapping | list) for one in whole.values()):
        yield Slot(path, whole, known or shape(path))
        value = {key: one for key, one in value.items() if key not in whole}
    for key, one in value.items():
        if _is_tables(one):
            yield Slot((*path, key), one, Shape())  # a list of tables deep inside: one piece
        else:
            yield from _leaves(one, (*path, key))


def _clauses(phrases: Iterable[Phrase], slots: Mapping[str, Slot], path: Path) -> Iterator[Clause]:
    told: set[str] = set()
    for phrase in phrases:
        names = NAME.findall(phrase.words)
        calls = phrase.needs or names[0]
        if (calls == "*" or calls in slots) and told.isdisjoint(names):
            told.update(names)
            yield Clause(phrase.words, {name: slots.get(name) or _empty(path, name) for name in names})


def _empty(path: Path, name: str) -> Slot:
    where = (*path, *name.split("."))
    known = shape(where)
    otherwise = known.otherwise
    return Slot(
        where, otherwise.model_dump() if hasattr(otherwise, "model_dump") else otherwise, known, False
    )


def _offers(path: Path, taken: set[Path]) -> Iterator[Slot]:
    for name in fields(path):
        if (*path, name) not in taken and shape((*path, name)).kind in OFFERED:
            yield _empty(path, name)


def _changed(sentence: Sentence, path: Path, value: Any) -> Sentence:
    def turned(slot: Slot) -> Slot:
        return replace(slot, value=value, given=value is not ABSENT) if slot.path == path else slot

    return replace(
        sentence,
        clauses=tuple(Clause(c.words, {k: turned(s) for k, s in c.slots.items()}) for c in sentence.clauses),
        more=tuple(turned(slot) for slot in sentence.more),
        inside=tuple(_changed(one, path, value) for one in sentence.inside),
    )


def _put(tree: dict[Any, Any], slot: Slot) -> None:
    if slot.shape.keys and isinstance(slot.value, Mapping) and slot.value:
        for key, one in slot.value.items():
            _put(tree, Slot((*slot.path, key), one, Shape()))
        return
    here = tree
    for step in slot.path[:-1]:
        here = here.setdefault(step, {})
    here[slot.path[-1]] = slot.value


def _lists(tree: Any) -> Any:
    if not isinstance(tree, dict):
        return tree
    if tree and all(isinstance(key, int) for key in tree):
        return [_lists(tree[key]) for key in sorted(tree)]
    return {key: _lists(value) for key, value in tree.items()}
