"""The official kinds of hardship, dated: what each was called when, who certifies it, and what a word in a list means.

A list's 类别 column is read by it, and papers print the words of their day. A word that may mean several things,
or meant another thing in other years, gives a question for a person and never a guess.
"""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from typing import Literal

from pydantic import Field, model_validator

from bangfu.engine.part import Key, Part, Title

ENDINGS = ("学生", "家庭", "户", "对象", "人员", "人口")  # said or left out as one likes
NEEDLESS = "、，,。.；;：:（）()【】[]“”\"'·-—/"


class Dated(Part):
    """Something that holds for some years: from `valid_from` to the day before `valid_to`."""

    valid_from: date | None = None
    valid_to: date | None = None

    def holds(self, day: date) -> bool:
        """This function will say whether the day is one of its days."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day < self.valid_to
        )


class Worded(Dated):
    """What a category is called in some years, and its official code then."""

    code: Key
    title: Title


class Category(Part):
    """One official kind of hardship; a list that names it states `fact`. `until_age`: from that birthday on it ends."""

    code: Key
    fact: Key
    certified_by: Title
    group: Literal["certified", "appraised"]
    words: tuple[Worded, ...] = Field(alias="word", min_length=1)
    proof: str = ""
    implies: tuple[Key, ...] = ()
    aliases: tuple[str, ...] = ()
    until_age: int | None = None  # said once, by the fact; commons.py brings it here

    @property
    def is_certified(self) -> bool:
        """This property will say whether an authority outside the school certifies it: no paper from the family."""
        return self.group == "certified"

    @property
    def ends_on(self) -> date | None:
        """This property will give the day its last word went out of use, if it did: the status must be asked anew."""
        return None if any(word.valid_to is None for word in self.words) else max(
            word.valid_to for word in self.words if word.valid_to
        )  # fmt: skip

    def worded(self, day: date) -> Worded | None:
        """This function will give its word and official code on a day; None where it did not exist."""
        return next((word for word in self.words if word.holds(day)), None)

    def title_on(self, day: date) -> str:
        """This function will say what it was called on a day; outside its years, by the word nearest to them."""
        found = self.worded(day)
        if found is None:
            early = [word for word in self.words if word.valid_to is not None and word.valid_to <= day]
            found = early[-1] if early else self.words[0]
        return found.title


class Alias(Dated):
    """What lists of some years say (`heard`): `means` one category, or several, and then `ask` is put to a person."""

    heard: tuple[str, ...] = Field(min_length=1)
    means: tuple[Key, ...] = Field(min_length=1)
    ask: str = ""

    @model_validator(mode="after")
    def _asks_where_unsure(self) -> "Alias":
        if (len(self.means) > 1) != bool(self.ask):
            raise ValueError("means 有几个就要写 ask 问人，只有一个就不要写")
        return self


class Question(Part):
    """A word that somebody must explain: what to ask, and the categories it may be."""

    text: str
    ask: str
    among: tuple[Category, ...]


class CodeList(Part):
    """Everything _common/categories.toml says."""

    categories: tuple[Category, ...] = Field((), alias="category")
    old_words: tuple[Alias, ...] = Field((), alias="alias")

    @model_validator(mode="after")
    def _codes_are_known(self) -> "CodeList":
        codes = [one.code for one in self.categories]
        strange = sorted({code for alias in self.old_words for code in alias.means} - set(codes))
        if strange or len(set(codes)) < len(codes):
            raise ValueError(f"不认识的类别：{'、'.join(strange)}" if strange else "同一个类别写了两次")
        return self

    def get(self, code: str) -> Category | None:
        """This function will find a category by its code, also by an official code of other years."""
        by_code = {word.code: one for one in self.categories for word in one.words}
        return {**by_code, **{one.code: one for one in self.categories}}.get(code)

    @cached_property
    def by_fact(self) -> Mapping[str, Category]:
        """This property will find the category that states a fact."""
        return {one.fact: one for one in self.categories}

    def read_word(self, text: str, day: date) -> Category | None:
        """This function will say which category a word in a list of that day means; None if unknown or not sure."""
        found = self._meant(text, day)
        return found[0] if len(found) == 1 else None

    def question(self, text: str, day: date) -> Question | None:
        """This function will say what to ask a person about a word that may mean several categories."""
        found = self._meant(text, day)
        if len(found) < 2:
            return None
        old = self._old(plain(text), plain, day) or self._old(stem(text), stem, day)
        said = next((alias.ask for alias in old if alias.ask), "")
        titles = "、".join(one.title_on(day) for one in found)
        return Question(
            text=text, ask=said or f"“{text.strip()}”说的是哪一种：{titles}？", among=tuple(found)
        )

    def _meant(self, text: str, day: date) -> list[Category]:
        """Words of those days first, then what is always said so, then either with an ending more or less."""
        for way in (plain, stem):
            said = way(text)
            if not said:
                return []
            old = self._old(said, way, day)
            if old:
                codes = {code for alias in old for code in alias.means}
                return [one for one in self.categories if one.code in codes]
            if found := [one for one in self.categories if said in map(way, _words(one))]:
                return found
        return []

    def _old(self, said: str, way: Callable[[str], str], day: date) -> list[Alias]:
        return [one for one in self.old_words if one.holds(day) and said in map(way, one.heard)]


def plain(text: str) -> str:
    """This function will write a word as it is compared: NFKC, no spaces, no signs."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if not c.isspace() and c not in NEEDLESS)


def stem(text: str) -> str:
    """This function will leave out what is said or left out as one likes: 低保户, 低保家庭学生 → 低保."""
    text = plain(text)
    while ending := next((e for e in ENDINGS if text.endswith(e) and len(text) > len(e) + 1), ""):
        text = text.removesuffix(ending)
    return text


def _words(one: Category) -> tuple[str, ...]:
    return (*one.aliases, *(word.title for word in one.words))
