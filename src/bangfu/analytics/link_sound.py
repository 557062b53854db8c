"""How names sound, for telling homophones: a name in, “chen xiao man” out. The pairwise levels and the SQL both ask.

The first reading in pypinyin's table, without its tone; a surname's own reading does not matter here, because both
sides of a pair are read alike.
"""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=1)
def _readings() -> dict[int, str]:
    from pypinyin.constants import PINYIN_DICT

    return PINYIN_DICT


@lru_cache(maxsize=30_000)
def syllable(character: str) -> str:
    """This function will give a character's usual reading without its tone, or the character itself."""
    marked = _readings().get(ord(character), character).split(",")[0]
    for letter in "ǖǘǚǜü":
        marked = marked.replace(letter, "v")
    bare = unicodedata.normalize("NFD", marked)
    return "".join(c for c in bare if not unicodedata.combining(c)).lower()


@lru_cache(maxsize=65_536)
def sound(name: str) -> str:
    """This function will give the reading of a name, a space between its characters."""
    return " ".join(map(syllable, name))
