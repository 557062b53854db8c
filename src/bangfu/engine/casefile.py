"""A case file of the plan and what is known of one case, in; what is still to be asked, out.

一生一档, 户建卡 (P0, P6-07, P7A-09): a blank is unknown and a stated no is known; nothing is guessed.
"""

from collections.abc import Mapping
from typing import Any

from bangfu.engine.fact import Stated
from bangfu.engine.means import CaseFile
from bangfu.engine.plan import Plan


def file_of(plan: Plan, key: str) -> CaseFile:
    """This function will find a case file by its key; KeyError if the plan has none such."""
    for one in plan.files:
        if one.key == key:
            return one
    raise KeyError(key)


def missing(plan: Plan, file: str, category: str, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """This function will list the needs that nobody has answered yet; nothing if the file is not for this category."""
    wanted = file_of(plan, file)
    if wanted.for_ and category not in wanted.for_:
        return ()
    return tuple(need for need in wanted.needs if _value(facts.get(need)) in (None, ""))


def _value(stated: Any) -> Any:
    return stated.value if isinstance(stated, Stated) else stated
