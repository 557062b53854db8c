"""The words of recognising a family's hardship: levels, factors, what certifies, and the application form (F02, F03).

教财〔2018〕16号 names factors and levels; whoever stands on a certified list needs no application.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass

LEVELS = ("特别困难", "困难", "一般困难")
NOT_NOW = "没有困难"
FACTORS = (
    ("economy", "收入、负债"),
    ("group", "特殊情况"),
    ("region", "当地水平"),
    ("shock", "突发变故"),
    ("spending", "平时花费"),
    ("other", "其他"),
)
PROMISE = "本人承诺以上所填写资料真实，如有虚假，愿承担相应责任。"
GROUPS = "特殊群体类型"  # ticked by the family as it likes; what counts is the lists
MEMBERS = 5
MEMBER = (
    ("name", "姓名", 20),
    ("age", "年龄", 3),
    ("relation", "与学生关系", 10),
    ("work_place", "工作（学习）单位", 30),
    ("job", "职业", 20),
    ("income", "年收入（元）", 8),
    ("health", "健康状况", 20),
)


@dataclass(frozen=True, slots=True)
class Blank:
    """One thing the form asks: its key, the words on paper, the most characters, whether a number is meant."""

    key: str
    title: str
    most: int = 60
    is_number: bool = False


HOME = (
    Blank("household_size", "家庭人口", 2, True),
    Blank("hukou", "户口性质（城镇/农村）", 4),
    Blank("income_per_head", "家庭人均年收入（元）", 7, True),
)
EVENTS = (
    Blank("disaster", "自然灾害"),
    Blank("accident", "突发意外"),
    Blank("weak_labour", "残疾、年迈，劳动力弱"),
    Blank("unemployment", "失业"),
    Blank("debt", "欠债"),
    Blank("other_event", "其他"),
)
WISH = Blank("wants", "申请资助项目及标准", 100)
ASKED = (*HOME, *EVENTS, WISH)


def kept(said: Mapping[str, object], groups: Container[str] = ()) -> dict[str, object]:
    """This function will keep what the form asks and nothing else, tidied and cut to length; blanks stay away.

    `groups` are the keys that may be ticked.
    """
    found: dict[str, object] = {}
    for blank in ASKED:
        text = _tidy(said.get(blank.key), blank.most)
        if blank.is_number and not text.isdecimal():
            continue
        if text:
            found[blank.key] = text
    ticked = said.get("groups")
    if chosen := [key for key in dict.fromkeys(ticked) if key in groups] if isinstance(ticked, list) else []:
        found["groups"] = chosen
    members = said.get("members")
    rows = [_member(row) for row in members if isinstance(row, Mapping)] if isinstance(members, list) else []
    if rows := [row for row in rows if row][:MEMBERS]:
        found["members"] = rows
    return found


def _member(row: Mapping[str, object]) -> dict[str, str]:
    told = {key: _tidy(row.get(key), most) for key, _, most in MEMBER}
    return {key: text for key, text in told.items() if text}


def _tidy(said: object, most: int) -> str:
    return " ".join(str(said or "").split())[:most]
