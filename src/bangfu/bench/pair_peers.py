"""The peers of `bangfu bench pair`: greedy, scipy twice, networkx, `matching`, each on one school in numbers.

Out: the helper of each child, -1 for none. The optimisers get one cost that puts the five levels in order, as an
engineer would write it; `matching` gets preference lists, which is what it takes.
"""

import sys
import warnings

import numpy as np

from bangfu.bench.pair_proof import Plain

# prices of one child left out, one place below the minimum, one change, one child more; fit is below 8
LEFT, BELOW, CHANGED, EVEN = 10**13, 10**11, 10**8, 10**4


def greedy(plain: Plain) -> np.ndarray:
    """This function will go through the children as they come: whom they had, else the one with the least load."""
    chosen, load = np.full(len(plain.former), -1), plain.taken.copy()
    starts = np.searchsorted(plain.child, np.arange(len(plain.former) + 1))
    kept = plain.former[plain.child] == plain.helper
    for child, (begin, end) in enumerate(zip(starts[:-1], starts[1:], strict=True)):
        able = [n for n in range(begin, end) if load[plain.helper[n]] < plain.most[plain.helper[n]]]
        if able:
            best = min(able, key=lambda n: (not kept[n], load[plain.helper[n]], plain.fit[n], n))
            chosen[child] = plain.helper[best]
            load[chosen[child]] += 1
    return chosen


def costs(plain: Plain) -> np.ndarray:
    """This function will give the cost of each arc: fit, and a change from whom the child had."""
    had = plain.former[plain.child]
    return plain.fit + CHANGED * ((had >= 0) & (had != plain.helper))


def nobody(plain: Plain) -> np.ndarray:
    """This function will give the cost of leaving each child out, which is a change, too, for whom had somebody."""
    return LEFT + CHANGED * (plain.former >= 0)


def seats(plain: Plain) -> tuple[np.ndarray, np.ndarray]:
    """This function will write a helper's places one by one: whose they are, and what each costs."""
    free = plain.most - plain.taken
    whose = np.repeat(np.arange(len(free)), free)
    place = np.arange(len(whose)) - np.repeat(np.cumsum(free) - free, free) + plain.taken[whose]
    return whose, EVEN * plain.even * place + BELOW * (place >= plain.least[whose])


def scipy_dense(plain: Plain) -> np.ndarray:
    """This function will repeat the columns and call linear_sum_assignment, one extra column a child for nobody."""
    from scipy.optimize import linear_sum_assignment

    whose, price = seats(plain)
    children = len(plain.former)
    table = np.full((children, len(plain.most)), np.inf)
    table[plain.child, plain.helper] = costs(plain)
    alone = np.full((children, children), np.inf)
    np.fill_diagonal(alone, nobody(plain))
    rows, columns = linear_sum_assignment(np.hstack([table[:, whose] + price, alone]))
    chosen = np.full(children, -1)
    real = columns < len(whose)
    chosen[rows[real]] = whose[columns[real]]
    return chosen


def scipy_sparse(plain: Plain) -> np.ndarray:
    """This function will do the same with min_weight_full_bipartite_matching, which takes only the arcs there are."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    whose, price = seats(plain)
    children, free = len(plain.former), plain.most - plain.taken
    first = np.cumsum(free) - free
    arcs = np.repeat(np.arange(len(plain.child)), free[plain.helper])
    within = np.arange(len(arcs)) - np.repeat(
        np.cumsum(free[plain.helper]) - free[plain.helper], free[plain.helper]
    )
    column = first[plain.helper[arcs]] + within
    weight = (costs(plain)[arcs] + price[column] + 1).astype(float)  # nought would be no arc
    own = np.arange(children)
    table = coo_array(
        (
            np.concatenate([weight, nobody(plain) + 1.0]),
            (np.concatenate([plain.child[arcs], own]), np.concatenate([column, len(whose) + own])),
        ),
        shape=(children, len(whose) + children),
    )
    rows, columns = min_weight_full_bipartite_matching(table.tocsr())
    chosen = np.full(children, -1)
    real = columns < len(whose)
    chosen[rows[real]] = whose[columns[real]]
    return chosen


def networkx(plain: Plain) -> np.ndarray:
    """This function will hand the same network to network_simplex, one parallel arc for every place."""
    import networkx as nx

    graph, children = nx.MultiDiGraph(), len(plain.former)
    for child, cost in enumerate(nobody(plain).tolist()):
        graph.add_node(("child", child), demand=-1)
        graph.add_edge(("child", child), "end", capacity=1, weight=cost)
    graph.add_node("end", demand=children)
    arcs = zip(plain.child.tolist(), plain.helper.tolist(), costs(plain).tolist(), strict=True)
    for child, helper, cost in arcs:
        graph.add_edge(("child", child), ("helper", helper), capacity=1, weight=cost)
    whose, price = seats(plain)
    for helper, cost in zip(whose.tolist(), price.tolist(), strict=True):
        graph.add_edge(("helper", helper), "end", capacity=1, weight=cost)
    _, flow = nx.network_simplex(graph)
    chosen = np.full(children, -1)
    for child in range(children):
        for to, by_key in flow["child", child].items():
            if to != "end" and any(by_key.values()):
                chosen[child] = to[1]
    return chosen


def matching(plain: Plain) -> np.ndarray:
    """This function will ask for a stable assignment: children name helpers by cost, helpers name children likewise."""
    from matching.games import HospitalResident

    sys.setrecursionlimit(10**6)  # at the default it dies from 200 children on
    warnings.simplefilter("ignore")
    cost, wants, wanted = costs(plain).tolist(), {}, {}
    arcs = sorted(zip(cost, plain.child.tolist(), plain.helper.tolist(), strict=True))
    for _, child, helper in arcs:
        if plain.most[helper] > plain.taken[helper]:
            wants.setdefault(child, []).append(helper)
            wanted.setdefault(helper, []).append(child)
    free = {helper: int(plain.most[helper] - plain.taken[helper]) for helper in wanted}
    solved = HospitalResident.create_from_dictionaries(wants, wanted, free).solve()
    chosen = np.full(len(plain.former), -1)
    for helper, children in solved.items():
        for child in children:
            chosen[child.name] = helper.name
    return chosen
