"""What a solver is given and what it gives back: Problem in, Answer (with its proof) or GiveWay out; no database here.

flow/solve.py answers it; the board, repairs, peers, areas and the bench all speak in these words.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from bangfu.engine.bond import GIRL, Child, Helper, Pair
from bangfu.engine.fact import FactSpec
from bangfu.engine.plan import PairingRule

Words = Mapping[str, FactSpec] | None


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything a solver needs: one pairing rule, who is to be paired, who may help, what people decided (pins).

    `at_most` says how many children of one category a helper may have at most: {"key": 2}.
    """

    rule: PairingRule
    children: tuple[Child, ...]
    helpers: tuple[Helper, ...]
    pins: frozenset[Pair] = frozenset()
    words: Words = None
    at_most: Mapping[str, int] = field(default_factory=dict)

    def need(self, child: Child) -> int:
        """This function will say how many helpers this child must have to count as not left out."""
        two = "two_adults_for_a_girl" in self.rule.hard and child.facts.get("sex") in (None, GIRL)
        return max(1, self.rule.per_case.min, 2 if two else 0)

    def most(self, child: Child) -> int:
        """This function will say how many helpers this child may have at most."""
        return max(self.need(child), self.rule.per_case.max)

    def room(self, helper: Helper) -> int:
        """This function will say how many more children this helper may take."""
        return max(0, min(helper.most, self.rule.per_helper.max) - helper.taken)

    def formers(self, child: Child) -> frozenset:
        """This function will list who holds the pair now, or held it last."""
        if child.former_helper is None:
            return child.former_helpers
        return child.former_helpers | {child.former_helper}


@dataclass(frozen=True, slots=True)
class Level:
    """One aim of the lexicographic order: the value reached and its proven lower bound; equal = proven.

    Always left_out, below_minimum, changed, uneven, unfit; overtime and apart only where minutes have a cap or
    siblings are there. A plan that names a wish before even_load has unfit before uneven.
    """

    aim: str
    value: int
    bound: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The best pairs found, who has too few, how far each aim is proven, and a reason for each pair.

    `gap` is the relative gap of the first level that is not proven, 0.0 when all are.
    """

    pairs: tuple[Pair, ...]
    left_out: tuple[Hashable, ...]
    levels: tuple[Level, ...]
    how: str  # flow | search
    is_proven: bool
    gap: float
    reasons: Mapping[Pair, str]


@dataclass(frozen=True, slots=True)
class GiveWay:
    """One rule that would have to give way, by how many, in words with numbers.

    kind is cap|floor|role|place|avoided|minutes|group; `who` is the helper of a cap or floor, the child of a group,
    the (child, helper) pair of a role, place or avoided.
    """

    kind: str
    who: Hashable
    by: int
    sentence: str
