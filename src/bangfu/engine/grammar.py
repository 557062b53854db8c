"""A rule's text in; its tree or what is wrong with it, out. A closed grammar: it compares and joins, nothing else.

rule := and ("or" and)* ;  and := not ("and" not)* ;  not := "not" not | "(" rule ")" | test
test := name [op value | "in" list] ;  op := == != < <= > >=
"""

import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"\s*(?:(?P<number>-?\d+(?:\.\d+)?)|(?P<word>\"[^\"]*\"|'[^']*'|“[^”]*”)|(?P<op>==|!=|<=|>=|<|>)"
    r"|(?P<mark>[()\[\],，（）])|(?P<name>[^\W\d]\w*))"
)
SAME = {"（": "(", "）": ")", "，": ",", "[": "(", "]": ")"}
Literal = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Word:
    """A bare name on the right: a word, unless facts know it."""

    text: str


@dataclass(frozen=True, slots=True)
class Test:
    """A fact compared with a value; op "is" asks whether a yes-or-no fact holds."""

    fact: str
    op: str
    value: Literal | Word | tuple


@dataclass(frozen=True, slots=True)
class Join:
    """`and`, `or` or `not` over parts."""

    op: str
    parts: tuple


Node = Test | Join


class GrammarError(Exception):
    """What is wrong, in Chinese."""


def tokens(text: str) -> list[tuple[str, str]]:
    """This function will cut a rule into (kind, text); GrammarError names the first sign it cannot read."""
    found, at = [], 0
    text = text.rstrip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise GrammarError(f"第 {at + 1} 个字「{text[at:].strip()[:6]}」读不懂；只能比较和连接，不能计算")
        kind = match.lastgroup or ""
        piece = match.group(kind)
        found.append((kind, SAME.get(piece, piece) if kind == "mark" else piece))
        at = match.end()
    return found


def parse(text: str) -> Node:
    """This function will read a whole rule; GrammarError says in Chinese where it stops making sense."""
    reader = _Reader(tokens(text))
    node = reader.either()
    if reader.kind:
        raise GrammarError(f"「{reader.text}」放在这里读不懂")
    return node


class _Reader:
    def __init__(self, found: list[tuple[str, str]]) -> None:
        self.found = [*found, ("", "")]
        self.at = 0

    @property
    def kind(self) -> str:
        return self.found[self.at][0]

    @property
    def text(self) -> str:
        return self.found[self.at][1]

    def take(self, *wanted: str) -> bool:
        if self.kind in ("name", "op", "mark") and self.text in wanted:
            self.at += 1
            return True
        return False

    def either(self) -> Node:
        parts = [self.both()]
        while self.take("or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Join("or", tuple(parts))

    def both(self) -> Node:
        parts = [self.single()]
        while self.take("and"):
            parts.append(self.single())
        return parts[0] if len(parts) == 1 else Join("and", tuple(parts))

    def single(self) -> Node:
        if self.take("not"):
            return Join("not", (self.single(),))
        if self.take("("):
            node = self.either()
            if not self.take(")"):
                raise GrammarError("括号没有合上")
            return node
        return self.test()

    def test(self) -> Node:
        if self.kind != "name" or self.text in ("and", "or", "in", "true", "false"):
            raise GrammarError(f"这里要写一个事实的名字，写的是「{self.text or '（没有了）'}」")
        fact, self.at = self.text, self.at + 1
        if self.take("in"):
            return Test(fact, "in", self.values())
        op = self.text
        if self.kind == "op":
            self.at += 1
            return Test(fact, op, self.value())
        if self.kind == "mark" and op == "(":
            raise GrammarError(f"「{fact}(」：规则里不能调用函数")
        return Test(fact, "is", True)

    def values(self) -> tuple:
        if not self.take("("):
            raise GrammarError("in 后面要写一列，例如 [甲, 乙]")
        found = [self.value()]
        while self.take(","):
            found.append(self.value())
        if not self.take(")"):
            raise GrammarError("in 后面的一列没有合上")
        return tuple(found)

    def value(self) -> Literal | Word:
        kind, text = self.kind, self.text
        if kind not in ("number", "word", "name") or text in ("and", "or", "not", "in"):
            raise GrammarError(f"这里要写一个值，写的是「{text or '（没有了）'}」")
        self.at += 1
        if kind == "number":
            return float(text) if "." in text else int(text)
        if kind == "word":
            return text[1:-1]
        return text == "true" if text in ("true", "false") else Word(text)
