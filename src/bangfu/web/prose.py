"""A plan's raw tree read as sentences in the reader's language, with a token for every value that can be changed.

Library, plan page, studio and the comparison of versions ask for it; what a value is called is said here only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from bangfu.engine import sentence
from bangfu.engine.grammar import GrammarError, Node, Test, Word, parse
from bangfu.engine.sentence import NAME, Sentence
from bangfu.engine.shape import ABSENT
from bangfu.engine.slot import Slot
from bangfu.engine.wording import place
from bangfu.flow import adopt
from bangfu.web.formats import chinese, full_day, listed
from bangfu.web.terms import AFTER, CHOICES, EVERY, FIELDS, HEADINGS, PEOPLE, UNITS

STOPS = tuple("。！？；…”.!?;")
COMPARED = {
    "==": N_("%(fact)s is %(value)s"),
    "!=": N_("%(fact)s is not %(value)s"),
    "<": N_("%(fact)s is less than %(value)s"),
    "<=": N_("%(fact)s is at most %(value)s"),
    ">": N_("%(fact)s is more than %(value)s"),
    ">=": N_("%(fact)s is at least %(value)s"),
    "in": N_("%(fact)s is one of %(value)s"),
    "is": N_("%(fact)s"),
}


@dataclass(frozen=True, slots=True)
class Token:
    """A value in a sentence: its words, its address in the plan, what it is called; `given` False is a default."""

    text: str
    address: str
    label: str
    given: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence: words and tokens in order, the folded rest, the sentences of the tables inside it."""

    address: str
    title: str
    parts: tuple[str | Token, ...]
    more: tuple[Token, ...]
    inside: tuple["Line", ...]

    @property
    def text(self) -> str:
        """This property will read the sentence aloud, without the folded rest."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    @property
    def is_brief(self) -> bool:
        """This property will say whether what stands inside are single words, that fit in one line."""
        return bool(self.inside) and all(len(line.parts) == 1 for line in self.inside)

    @property
    def whole(self) -> str:
        """This property will read everything that stands in it: what two versions are compared by."""
        rest = [f"{token.label}{_colon()}{token.text}" for token in self.more if token.given]
        return "\n".join([self.text, *rest, *(line.whole for line in self.inside)])


@dataclass(frozen=True, slots=True)
class Part:
    """The sentences about one thing, under a heading."""

    key: str
    heading: str
    lines: tuple[Line, ...]


def told(raw: Mapping[str, Any], *, without: Iterable[str] = ()) -> tuple[Part, ...]:
    """This function will tell a raw tree in parts; `without` names sections to leave out."""
    return tuple(
        Part(one.key, _(HEADINGS[one.key]), tuple(_line(s, raw) for s in one.sentences))
        for one in sentence.read(raw)
        if one.key not in without
    )


def people(roles: Iterable[str]) -> str:
    """This function will join roles as people say them."""
    return listed(_(PEOPLE.get(role, role)) for role in roles)


def chosen(name: str, value: Any) -> str:
    """This function will give the words of a choice in a field."""
    return (
        _(CHOICES.get(f"{name}.{value}") or CHOICES.get(value) or str(value)) if value != "" else _("nobody")
    )


def field(name: str) -> str:
    """This function will give what a field is called."""
    return _(FIELDS.get(name, name))


def shown(slot: Slot, raw: Mapping[str, Any]) -> str:
    """This function will say the value of a slot as people do."""
    value = slot.value
    if value is ABSENT or value is None or value == ():
        return _("not said")
    kind, name = slot.shape.kind, slot.name
    if kind in ("roles", "role"):
        return people([value] if isinstance(value, str) else value) or _("nobody")
    if kind in ("activities", "categories", "texts", "choices", "numbers", "decimals") and not isinstance(
        value, str
    ):
        return listed(_one(kind, name, one, raw) for one in value) or _("not said")
    if isinstance(value, Mapping) and slot.shape.keys:
        return WHOLE[kind](value)
    return _one(kind, name, value, raw)


def cadence(value: Mapping[str, Any]) -> str:
    """This function will say how often: 每周, 每 2 周."""
    one, many = EVERY.get(str(value.get("unit")), ("%(unit)s", "%(n)s %(unit)s"))
    n = value.get("n", 1)
    return _(one) % value if n == 1 else _(many) % {"n": n, **value}


def rule_words(text: str) -> str:
    """This function will read a rule aloud; what cannot be read is given as it is written."""
    try:
        return _node(parse(text), top=True)
    except GrammarError:
        return text


def _once(value: Mapping[str, Any]) -> str:
    said = {
        "n": value.get("n", "?"),
        "unit": _(UNITS.get(value.get("unit"), "")) or "?",
        "after": _(AFTER.get(value.get("after"), "")) or "?",
    }
    return _("within %(n)s %(unit)s of %(after)s") % said


def _on(value: Mapping[str, Any]) -> str:
    event = adopt.shelf().commons.labels.event.get(value.get("event"), value.get("event"))
    said = {"event": event, "days": value.get("days", 0), "after": value.get("after", 0)}
    if not said["after"]:
        return _("upon “%(event)s” within %(days)s days") % said
    said["unit"] = _(UNITS.get(value.get("unit", "day"), ""))
    return _("upon “%(event)s” after %(after)s %(unit)s within %(days)s days") % said


def _range(value: Mapping[str, Any]) -> str:
    least, most = value.get("min", 0), value.get("max", 10)
    if least == most:
        return str(most)
    return _("at most %(n)s") % {"n": most} if not least else f"{least}—{most}"


WHOLE = {"every": cadence, "once": _once, "on": _on, "range": _range}


def _one(kind: str, name: str, value: Any, raw: Mapping[str, Any]) -> str:
    if kind == "activities" or name == "at":
        return adopt.shelf().commons.labels.activity.get(value, value)
    if kind == "categories":
        return _title_of(raw, "category", value)
    if kind in ("choice", "choices"):
        return chosen(name, value)
    if kind == "rule":
        return rule_words(value) if value else _("not said")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return full_day(value)
    if kind in ("decimal", "decimals") and name in ("sample", "share"):
        return f"{round(value * 100)}%"
    if name == "together":
        rows = [row for row in raw.get("duty", ()) if isinstance(row, Mapping) and row.get(name) == value]
        return listed(row.get("title", row.get("key")) for row in rows)
    if name in ("form", "spec"):
        commons = adopt.shelf().commons
        return getattr(
            (commons.forms if name == "form" else commons.registers).get(value), "title", str(value)
        )
    if name == "rate":
        common = adopt.shelf().commons.parameters.get(value)
        return common.title if common else _title_of(raw, "parameter", value)
    if name in ("formula", "event"):
        labels = getattr(adopt.shelf().commons.labels, name)
        return labels.get(value, str(value))
    if name == "needs" or name == "order_by":
        spec = adopt.shelf().commons.facts.get(value)
        return spec.title if spec else str(value)
    if value == "":
        return _("not said")
    return f"{value:g}" if isinstance(value, float) else str(value)


def _title_of(raw: Mapping[str, Any], table: str, key: Any) -> str:
    rows = raw.get(table) if isinstance(raw.get(table), list) else []
    return next(
        (str(row.get("title", key)) for row in rows if isinstance(row, Mapping) and row.get("key") == key),
        str(key),
    )


def _line(one: Sentence, raw: Mapping[str, Any]) -> Line:
    parts: list[str | Token] = []
    for at, clause in enumerate(one.clauses):
        if at:
            parts.append(_colon() if one.clauses[at - 1].words == "{title}" and at == 1 else _comma())
        parts += _parts(clause, raw)
    if len(one.clauses) > 1 and not (isinstance(parts[-1], Token) and parts[-1].text.endswith(STOPS)):
        parts.append("。" if chinese() else ".")
    title = next((t.text for t in parts if isinstance(t, Token)), "")
    more = tuple(_token(slot, raw) for slot in one.more)
    return Line(place(raw, one.path), title, tuple(parts), more, tuple(_line(s, raw) for s in one.inside))


def _parts(clause, raw: Mapping[str, Any]) -> Iterable[str | Token]:
    words, at = _(clause.words), 0
    for match in NAME.finditer(words):
        if words[at : match.start()]:
            yield words[at : match.start()]
        yield _token(clause.slots[match.group(1)], raw)
        at = match.end()
    if words[at:]:
        yield words[at:]


def _token(slot: Slot, raw: Mapping[str, Any]) -> Token:
    text = shown(slot, raw).rstrip("。") if slot.shape.kind == "text" else shown(slot, raw)
    return Token(text, place(raw, slot.path), field(slot.name), slot.given)


def _node(node: Node, *, top: bool = False) -> str:
    if isinstance(node, Test):
        return _(COMPARED[node.op]) % {"fact": _fact(node.fact), "value": _value(node.value)}
    if node.op == "not":
        return _("not so: %(what)s") % {"what": _node(node.parts[0])}
    joining = _("or") if node.op == "or" else _("and")
    joiner = f"，{joining}" if chinese() else f" {joining} "
    said = joiner.join(_node(part) for part in node.parts)
    return said if top else f"（{said}）" if chinese() else f"({said})"


def _fact(name: str) -> str:
    spec = adopt.shelf().commons.facts.get(name)
    return spec.title if spec else name


def _value(value: Any) -> str:
    if isinstance(value, tuple):
        return listed(_value(one) for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    word = value.text if isinstance(value, Word) else value
    return f"“{word}”" if isinstance(word, str) else str(word)


def _comma() -> str:
    return "，" if chinese() else ", "


def _colon() -> str:
    return "：" if chinese() else ": "
