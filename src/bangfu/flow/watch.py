"""Children to look after first, by what is known of them on a day: pupils in, the words of their groups out (R85).

The groups are data (_common/signals.toml). The order of a paper may follow them; the words are only for those who may
see a child's circumstances.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from bangfu.engine import rule
from bangfu.flow import adopt, known


def groups(pupil_ids: Iterable[UUID], day: date) -> dict[UUID, tuple[str, ...]]:
    """This function will name the groups each child belongs to; one query. Unknown is not a group."""
    commons = adopt.shelf().commons
    read = [(one.words, rule.read(one.where, commons.facts)[0]) for one in commons.signals.watched]
    asked = [(words, where) for words, where in read if where is not None]
    found = {}
    for pupil, said in known.newest(list(pupil_ids), day).items():
        values = {key: stated.value for key, stated in said.items()}
        found[pupil] = tuple(words for words, where in asked if where.judge(values).answer)
    return found


def may_read(viewer) -> bool:
    """This function will say whether the viewer may read the groups of every child of the school."""
    return viewer.is_leader or viewer.holds("aid_officer")
