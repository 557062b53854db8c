"""Pairs in force and the truth of today in; which hold no longer and why, and how few changes suffice, out.

Somebody leaves, is away for long, teaches another class; a child changes class; a pair lasted its year. flow finds
the new pairs with the solver and asks here what to say about them.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bangfu.engine.bond import Bond, Child, Helper
from bangfu.engine.fact import FactSpec
from bangfu.engine.plan import PairingRule


@dataclass(frozen=True, slots=True)
class Held:
    """A pair in force: the child as it is now, who helps, since when."""

    id: Hashable
    child: Child
    helper: Hashable
    name: str = ""
    since: date = date.min
    case: Hashable = None  # a child may have several pairs; each stands for itself


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A pair that holds no longer, and why; `may_stay` when only its time is over and the same two may go on."""

    pair: Held
    why: str
    may_stay: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """`forced` pairs hold no longer, `moved` more change to make room, `stay` are not touched.

    `bound` is the solver's proven number of the moved ones, `left_out` find nobody, and `over` end with a child who
    left, which is no change of helper.
    """

    forced: int
    moved: int
    bound: int = 0
    stay: int = 0
    left_out: int = 0
    over: int = 0


@dataclass(frozen=True, slots=True)
class Fewest:
    """How many pairs change, the fewest it can be, whether that is proven, and the sentence people read."""

    changed: int
    bound: int
    is_proven: bool
    sentence: str


def lapsed(
    rule: PairingRule,
    held: Iterable[Held],
    helpers: Mapping[Hashable, Helper],
    gone: Mapping[Hashable, str],
    words: Mapping[str, FactSpec] | None = None,
) -> tuple[Lapsed, ...]:
    """This function will list the pairs of one rule that hold no longer, in the order given.

    `helpers` are those who may help today; `gone` says who is about to go, and why. Beyond a helper's cap the
    pairs that began last give way.
    """
    bond, found, counts = Bond.read(rule, words), {}, Counter()
    held = tuple(held)
    for pair in sorted(held, key=lambda one: (one.since, str(one.id))):
        helper = helpers.get(pair.helper)
        why = _why(bond, pair, helper, gone)
        most = min(helper.most, rule.per_helper.max) if helper else 0
        if not why and counts[pair.helper] >= most:
            why = f"{pair.name}按方案最多 {most} 名，已经满了"
        if why:
            found[pair.id] = Lapsed(pair, why)
        else:
            counts[pair.helper] += 1
    return tuple(found[pair.id] for pair in held if pair.id in found)


def _why(bond: Bond, pair: Held, helper: Helper | None, gone: Mapping[Hashable, str]) -> str:
    if pair.child.class_id is None:
        return "学生已经不在学校"
    if pair.helper in gone:
        return gone[pair.helper]
    if helper is None:
        return f"{pair.name}现在不在这些岗位上了"
    refused = bond.refusal(pair.child, helper)
    return f"{pair.name}{refused}" if refused else ""


def over(rule: PairingRule, held: Iterable[Held], began: Mapping[str, date | None]) -> tuple[Lapsed, ...]:
    """This function will list the pairs whose time is over: `began` maps term and school_year to its first day."""
    first = began.get(rule.lasts)
    said = {"term": "一学期一定，新学期再定一次", "school_year": "一学年一定，新学年再定一次"}.get(
        rule.lasts, ""
    )
    return tuple(Lapsed(one, said, may_stay=True) for one in held if first and one.since < first)


def fewest(counts: Counts) -> Fewest:
    """This function will say how many pairs change and that no fewer can, or how far that is proven."""
    forced, moved, over, left_out = counts.forced, counts.moved, counts.over, counts.left_out
    changed, least = forced + moved, forced + min(counts.bound, moved)
    rest = f"别的 {counts.stay} 对都不动。" if counts.stay else ""
    if not changed:
        said = "" if over else "现在没有要换的。"
    elif not moved:
        said = f"最少要换 {forced} 对：这 {forced} 对原来的老师不能再带，一对也省不掉。{rest}"
    elif least == changed:
        said = (
            f"最少要换 {changed} 对：{forced} 对原来的老师不能再带；另外 {moved} 对要让出位置，"
            f"不然还有学生没有人帮。算过了，不能更少。{rest}"
        )
    else:
        said = (
            f"找到的安排换 {changed} 对，至少要换 {least} 对；中间的 {changed - least} 对还没有算到底。{rest}"
        )
    if over:
        said += f"{over} 对随学生离开而结束，不用再找人。"
    if left_out:
        said += f"还有 {left_out} 名学生按方案找不到人，要先放宽一条。"
    return Fewest(changed, least, least == changed, said)
