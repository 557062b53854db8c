"""Where a child stands with school, and what may follow what: a table, no inference (R81, R84).

Roll calls know `present` and the two kinds of absent. Everything from `suspected_dropout` on is said by a person,
dated, and never taken back; a file is closed only with a proof.
"""

from dataclasses import dataclass
from datetime import date

from bangfu.engine.refusal import Refusal

SEEN = ("present", "absent_explained", "absent_unexplained")  # by roll calls, from one look to the next
SAID = (
    "suspected_dropout", "dropout", "persuaded", "returned", "home_teaching", "transferred", "suspended", "abroad",
    "deceased", "closed",
)  # fmt: skip
ACCOUNTED = ("returned", "home_teaching", "transferred", "suspended", "abroad", "deceased")
GONE = ("suspected_dropout", "dropout", "persuaded")  # not at school and not accounted for
FOLLOWS: dict[str, tuple[str, ...]] = {
    "present": ("absent_explained", "absent_unexplained", "suspected_dropout"),
    "absent_explained": ("present", "absent_unexplained", "suspected_dropout"),
    "absent_unexplained": ("present", "absent_explained", "suspected_dropout"),
    "suspected_dropout": ("dropout", *ACCOUNTED),
    "dropout": ("persuaded", *ACCOUNTED),
    "persuaded": ("dropout", *ACCOUNTED),
    "returned": ("suspected_dropout", "closed"),
    "home_teaching": ("returned", "transferred", "suspended", "abroad", "deceased", "closed"),
    "transferred": ("suspected_dropout", "closed"),
    "suspended": ("returned", "suspected_dropout", "home_teaching", "transferred", "abroad", "deceased", "closed"),
    "abroad": ("returned", "closed"),
    "deceased": ("closed",),
    "closed": (),
}  # fmt: skip
# What each end is proved by; the first is the usual one.
PROOFS: dict[str, tuple[str, ...]] = {
    "returned": ("seen_in_class", "other"),
    "home_teaching": ("plan_approved", "other"),
    "transferred": ("transfer_letter", "roll_elsewhere", "other"),
    "suspended": ("suspension_approved", "other"),
    "abroad": ("border_record", "household_cancelled", "other"),
    "deceased": ("death_certificate", "household_cancelled", "other"),
}
KINDS = tuple(dict.fromkeys(kind for kinds in PROOFS.values() for kind in kinds))


class CannotFollow(Refusal):
    """Such a step does not follow where the child stands."""


class NoProof(Refusal):
    sentence = "结案要有依据：选一样，写上文号或一句话，例如“转入平坝村小学，学籍已接收”。"


class NotYetTalked(Refusal):
    sentence = "还没有劝返记录。先把和谁谈过、谈得怎样记一笔，再写“已劝返”。"


@dataclass(frozen=True, slots=True)
class Move:
    """One step somebody wants to take. `talks` is how many persuasions are on record; `proof` a number or sentence."""

    state: str
    on: date
    proof_kind: str = ""
    proof: str = ""
    talks: int = 0


def may_follow(state: str) -> tuple[str, ...]:
    """This function will list what may follow a state, as a person may say it."""
    return tuple(after for after in FOLLOWS[state] if after in SAID)


def check(state: str, since: date, move: Move) -> None:
    """This function will let a move pass or say why not; raises CannotFollow, NotYetTalked, NoProof."""
    if move.state not in may_follow(state):
        raise CannotFollow("现在这一步接不上。请刷新看一看最新的情况，再选下一步。")
    if move.on < since:
        raise CannotFollow(f"上一步是{since.month}月{since.day}日，这一步不会更早。请核对日期。")
    if move.state == "persuaded" and not move.talks:
        raise NotYetTalked
    if move.state == "closed" and (move.proof_kind not in PROOFS[state] or len(move.proof.strip()) < 2):
        raise NoProof


def seen_as(is_away: bool, is_explained: bool | None) -> str:
    """This function will name what a roll call saw; unexplained and not yet asked stand together."""
    if not is_away:
        return "present"
    return "absent_explained" if is_explained else "absent_unexplained"
