"""How a name sorts and how people look it up: a Chinese name in, a sort key and initials out.

pypinyin reads each character; surnames that sound different as surnames come from our table first
(单 shàn, 曾 zēng, 仇 qiú …). Needed wherever people are listed, because SQLite cannot sort pinyin itself.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

# Only surnames whose usual reading differs from the first reading of the character.
SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "区": "ou", "查": "zha", "朴": "piao", "覃": "qin",
    "盖": "ge", "种": "chong", "员": "yun", "乐": "yue", "缪": "miao", "祭": "zhai", "句": "gou", "阚": "kan",
    "繁": "po", "翟": "zhai", "隗": "wei", "都": "du", "秘": "bi", "么": "yao", "黑": "he", "折": "she",
    "洗": "xian", "卜": "bu", "佴": "nai", "藏": "zang", "乜": "nie", "薄": "bo", "召": "shao",
}  # fmt: skip
GIVEN = {"晟": "sheng", "都": "du", "曾": "zeng"}  # characters that sound otherwise in given names
COMPOUND = {
    "欧阳": "ou yang", "司马": "si ma", "诸葛": "zhu ge", "上官": "shang guan", "夏侯": "xia hou",
    "尉迟": "yu chi", "皇甫": "huang fu", "令狐": "ling hu", "宇文": "yu wen", "长孙": "zhang sun",
    "慕容": "mu rong", "司徒": "si tu", "司空": "si kong", "万俟": "mo qi", "澹台": "tan tai",
    "单于": "chan yu", "公孙": "gong sun", "轩辕": "xuan yuan", "端木": "duan mu", "百里": "bai li",
    "东方": "dong fang", "独孤": "du gu", "南宫": "nan gong", "西门": "xi men", "呼延": "hu yan",
    "闻人": "wen ren", "濮阳": "pu yang", "淳于": "chun yu", "赫连": "he lian", "申屠": "shen tu",
    "太叔": "tai shu", "钟离": "zhong li", "鲜于": "xian yu", "闾丘": "lv qiu", "仲孙": "zhong sun",
    "亓官": "qi guan", "第五": "di wu", "拓跋": "tuo ba", "纳兰": "na lan", "区阳": "ou yang",
}  # fmt: skip
_UMLAUT = re.compile("[üǖǘǚǜ]")
LONGEST_KEY, LONGEST_INITIALS = 160, 20


class Sounds(NamedTuple):
    """sort_key “chen xiao man”, initials “cxm”."""

    sort_key: str
    initials: str


@lru_cache(maxsize=1)
def _readings() -> dict[int, str]:
    from pypinyin.constants import PINYIN_DICT

    return PINYIN_DICT


@lru_cache(maxsize=8192)
def _syllable(character: str) -> str:
    """Return the usual reading of one character without its tone (ü as v), the character itself if it has none."""
    marked = GIVEN.get(character) or _readings().get(ord(character), character).split(",")[0]
    bare = unicodedata.normalize("NFD", _UMLAUT.sub("v", marked))
    return "".join(c for c in bare if not unicodedata.combining(c)).lower()


@lru_cache(maxsize=32_768)
def sounds(name: str) -> Sounds:
    """Return how a name sorts and its initials; a given name takes each character's usual reading."""
    if name[:2] in COMPOUND and len(name) > 2:
        syllables, rest = COMPOUND[name[:2]].split(), name[2:]
    elif name[:1] in SURNAMES and "·" not in name:
        syllables, rest = [SURNAMES[name[0]]], name[1:]
    else:
        syllables, rest = [], name
    syllables = syllables + [_syllable(c) for c in rest if c.isalnum()]
    return Sounds(" ".join(syllables)[:LONGEST_KEY], "".join(s[0] for s in syllables)[:LONGEST_INITIALS])


def sort_key(name: str) -> str:
    """Return how a name sorts: “chen xiao man”."""
    return sounds(name).sort_key


def initials(name: str) -> str:
    """Return the first letters people type to find a name: “cxm”."""
    return sounds(name).initials
