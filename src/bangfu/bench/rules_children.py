"""A million invented children as columns with gaps, and rules to judge them by: twelve fixed ones and the shipped packs'.

`bangfu bench rules` asks for it. The fixed rules come with the SQL a good engineer would write by hand.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from bangfu.analytics.columns import EPOCH, literal, quoted
from bangfu.engine import rule
from bangfu.engine.fact import FactSpec
from bangfu.engine.grammar import Join, Node
from bangfu.engine.rule import Rule

GAPS = 0.08
BEGIN = date(1970, 1, 1)


def _spec(key: str, title: str, kind: str, *choices: str) -> FactSpec:
    return FactSpec(key=key, title=title, type=kind, choices=choices)


FACTS = {
    one.key: one
    for one in (
        _spec("household", "户类型", "choice", "一般", "脱贫户", "监测户", "防返贫户"),
        _spec("hardship", "困难程度", "choice", "不困难", "一般困难", "困难", "特别困难"),
        _spec("learning", "学习", "choice", "跟得上", "有点吃力", "很吃力"),
        _spec("conduct", "习惯", "choice", "挺好", "偶尔要提醒", "常要提醒"),
        _spec("dibao", "低保", "bool"),
        _spec("tekun", "特困", "bool"),
        _spec("orphan", "孤儿", "bool"),
        _spec("unattended", "无人抚养", "bool"),
        _spec("disabled", "残疾", "bool"),
        _spec("parents_unable", "父母丧失劳动能力", "bool"),
        _spec("divorced", "离异", "bool"),
        _spec("bereaved", "丧亲", "bool"),
        _spec("disaster", "因灾损失", "bool"),
        _spec("boards", "住校", "bool"),
        _spec("away", "留守情况", "int"),
        _spec("grade", "年级", "int"),
        _spec("mean_tenths", "平均分十倍", "int"),
        _spec("distance_m", "路程", "int"),
        _spec("born", "出生", "date"),
    )
}
# key → (our grammar, the same in SQL by hand)
FIXED = {
    "poor": (
        "户类型 in [脱贫户, 监测户, 防返贫户] or 低保 or 特困 or 孤儿 or 无人抚养 or (残疾 and 困难程度 in [困难, 特别困难])",
        "household in ('脱贫户', '监测户', '防返贫户') or dibao or tekun or orphan or unattended"
        " or (disabled and hardship in ('困难', '特别困难'))",
    ),
    "counsel": (
        "学习 == 很吃力 or 孤儿 or 离异 or 丧亲 or 留守情况 >= 1 or 户类型 == 脱贫户",
        "learning = '很吃力' or orphan or divorced or bereaved or away >= 1 or household = '脱贫户'",
    ),
    "pair": (
        "低保 or 特困 or 因灾损失 or 父母丧失劳动能力 or ((离异 or 丧亲) and 困难程度 != 不困难)",
        "dibao or tekun or disaster or parents_unable or ((divorced or bereaved) and hardship <> '不困难')",
    ),
    "growth": (
        "学习 in [很吃力, 有点吃力] or 习惯 == 常要提醒",
        "learning in ('很吃力', '有点吃力') or conduct = '常要提醒'",
    ),
    "away_key": (
        "留守情况 >= 2 and (年级 <= 3 or 孤儿 or 离异)",
        "away >= 2 and (grade <= 3 or orphan or divorced)",
    ),
    "below": ("平均分十倍 < 600 and not 学习 == 跟得上", "mean_tenths < 600 and not learning = '跟得上'"),
    "weekly": (
        "平均分十倍 < 600 or 习惯 == 常要提醒 or 学习 == 很吃力",
        "mean_tenths < 600 or conduct = '常要提醒' or learning = '很吃力'",
    ),
    "boarding_aid": (
        "住校 and (户类型 == 脱贫户 or 低保 or 特困 or 困难程度 == 特别困难)",
        "boards and (household = '脱贫户' or dibao or tekun or hardship = '特别困难')",
    ),
    "far_day": (
        "not 住校 and 路程 >= 3000 and 年级 <= 4",
        "not boards and distance_m >= 3000 and grade <= 4",
    ),
    "taught_home": (
        "残疾 and not (住校 or 路程 < 1000) and 出生 >= '2012-09-01'",
        "disabled and not (boards or distance_m < 1000) and born >= date '2012-09-01'",
    ),
    "borderline": (
        "平均分十倍 >= 550 and 平均分十倍 < 650 and 习惯 != 常要提醒",
        "mean_tenths >= 550 and mean_tenths < 650 and conduct <> '常要提醒'",
    ),
    "unlisted": (
        "(困难程度 in [困难, 特别困难] or 因灾损失) and not (低保 or 特困) and not 户类型 in [脱贫户, 监测户]",
        "(hardship in ('困难', '特别困难') or disaster) and not (dibao or tekun)"
        " and household not in ('脱贫户', '监测户')",
    ),
}


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A fact of all children: numbers (places among words, days since 1970), which of them are known, the words."""

    kind: str
    data: np.ndarray
    known: np.ndarray
    words: tuple[str, ...] = ()

    def value(self, row: int) -> Any:
        """This function will give one child's value as the row-wise engine takes it."""
        if not self.known[row]:
            return None
        number = int(self.data[row])
        if self.words:
            return self.words[number]
        return (
            BEGIN + timedelta(days=number)
            if self.kind == "date"
            else (bool(number) if self.kind == "bool" else number)
        )

    def values(self) -> list:
        """This function will give all values as a list, None where unknown."""
        if self.words:
            words = np.array([*self.words, None], object)
            return words[np.where(self.known, self.data, len(self.words))].tolist()
        if self.kind == "date":
            return [self.value(row) for row in range(len(self.data))]
        whole = self.data.astype(bool if self.kind == "bool" else np.int64).astype(object)
        whole[~self.known] = None
        return whole.tolist()


def fixed_rules() -> dict[str, Rule]:
    """This function will read the twelve."""
    return {key: _read(text, FACTS, key) for key, (text, _) in FIXED.items()}


def fixed_sql() -> dict[str, str]:
    """This function will give the same twelve as SQL written by hand: three-valued answers, nothing else."""
    return {key: sql for key, (_, sql) in FIXED.items()}


def pack_rules() -> tuple[dict[str, Rule], dict[str, FactSpec]]:
    """This function will read the category and selection rules of all shipped packs, both editions."""
    from bangfu.analytics.preview import rules_of
    from bangfu.flow import adopt

    shelf = adopt.shelf()
    found = {}
    for (key, edition), plan in sorted(shelf.plans.items()):
        for name, one in rules_of(plan, shelf.commons.facts).items():
            found[f"{key}.{edition}.{name}"] = one
    return found, dict(shelf.commons.facts)


def _read(text: str, specs: Mapping[str, FactSpec], key: str) -> Rule:
    one, faults = rule.read(text, specs, key)
    if one is None:
        raise ValueError("; ".join(map(str, faults)))
    return one


def literals(rules: Iterable[Rule]) -> dict[str, list]:
    """This function will list, for each fact, what rules compare it with."""
    found: dict[str, list] = {}

    def walk(node: Node) -> None:
        if isinstance(node, Join):
            for part in node.parts:
                walk(part)
        else:
            found.setdefault(node.fact, []).extend(
                node.value if isinstance(node.value, tuple) else (node.value,)
            )

    for one in rules:
        walk(one.root)
    return found


def invent(rules: Mapping[str, Rule], specs: Mapping[str, FactSpec], count: int) -> dict[str, Column]:
    """This function will invent the facts these rules ask for, always the same, around what they compare with."""
    draw = np.random.default_rng(20260901)
    made = {}
    for name, asked in sorted(literals(rules.values()).items()):
        spec, known = specs[name], draw.random(count) >= GAPS
        words: tuple[str, ...] = ()
        if spec.type == "bool":
            data = draw.random(count) < 0.15
        elif spec.type in ("choice", "text"):
            words = spec.choices or (*dict.fromkeys(asked), "别的")
            data = draw.integers(0, len(words), count).astype(np.uint8)
        elif spec.type == "date":
            days = [(one - BEGIN).days for one in asked]
            data = draw.integers(min(days) - 900, max(days) + 900, count).astype(np.int32)
        else:
            least, most = int(min(asked)), int(max(asked))
            data = draw.integers(min(0, least), most + max(most // 2, 3), count).astype(np.int32)
        made[name] = Column(spec.type, data, known, words)
    return made


def fill(connection: Any, table: str, columns: Mapping[str, Column]) -> None:
    """This function will make a DuckDB table of typed columns; words become an ENUM, gaps NULL."""
    arrays, picked = {}, []
    for n, (name, column) in enumerate(columns.items()):
        arrays |= {f"c{n}": column.data, f"k{n}": column.known}
        value = f"c{n}"
        if column.words:  # declared words are an ENUM, free text is not
            listed = ", ".join(literal(word) for word in column.words)
            kind = f"enum({listed})" if column.kind == "choice" else "varchar"
            value = f"([{listed}][c{n} + 1])::{kind}"
        elif column.kind == "date":
            value = f"{EPOCH} + c{n}"
        picked.append(f"case when k{n} then {value} end as {quoted(name)}")
    connection.register("arrays", arrays)
    connection.execute(f"create or replace table {quoted(table)} as select {', '.join(picked)} from arrays")
    connection.unregister("arrays")
