"""Children to look after first, by what is known of them on a day: pupils in, the words of their groups out (R85).

The order of a paper may follow it; the words are only for those who may see a child's circumstances.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from bangfu.flow import known, look

# The groups national rules name, in their order: facts any of which makes a child one of them → words on the paper.
GROUPS = (
    (("orphan",), "孤儿"),
    (("defacto_unattended",), "事实无人抚养"),
    (("disabled",), "残疾"),
    (("left_behind", "left_behind_roll"), "留守"),
    (("exited_poor", "monitored", "dibao", "tekun", "hardship_level"), "家庭有困难"),
    (("migrant_child",), "随迁"),
)
NOT_HARD = ("没有困难", "", None, False, 0)


def groups(pupil_ids: Iterable[UUID], day: date) -> dict[UUID, tuple[str, ...]]:
    """This function will name the groups each child belongs to; two queries at most. Unknown is not a group."""
    facts = known.newest(list(pupil_ids), day)
    return {
        pupil: tuple(words for keys, words in GROUPS if any(_holds(said, key) for key in keys))
        for pupil, said in facts.items()
    }


def _holds(said, key: str) -> bool:
    return key in said and said[key].value not in NOT_HARD


def may_read(viewer) -> bool:
    """This function will say whether the viewer may read the groups of every child of the school."""
    return look.may_see_needs(viewer.roles)
