"""The schools of `bangfu bench pair`: random ones under every rule, popular mentors, one with the extra rules.

In: a seed. Out: problems as flow/solve takes them; the same every time. bench/pair_county.py makes the county.
"""

from collections import Counter
from dataclasses import dataclass, replace
from random import Random

from bangfu.bench.pair_check import may, room
from bangfu.engine.bond import Child, Helper
from bangfu.engine.matching import Problem
from bangfu.engine.plan import PairingRule
from bangfu.engine.whom import Seat

SEED = 50
ROLES = ("homeroom_teacher", "class_attached_teacher", "subject_teacher")
VILLAGES, LANGUAGES = ("东坪村", "石桥村", "上岭村", "月塘村"), ("汉语", "苗语", "土家语")
# how often each shape of rule comes up among the random schools
SHAPES = {
    "class": 30,
    "grade": 14,
    "school": 10,
    "village": 8,
    "two_each": 8,
    "girls": 8,
    "peer": 8,
    "sponsor": 6,
    "group": 4,
    "team": 4,
}


@dataclass(frozen=True, slots=True)
class School:
    """The classes of a random school: class key → grade key."""

    draw: Random
    classes: dict[str, str]


def schools(count: int) -> list[tuple[str, Problem]]:
    """This function will draw many small schools, each under one shape of rule, some of them too short of helpers."""
    return [random_school(n) for n in range(count)]


def random_school(number: int) -> tuple[str, Problem]:
    """This function will draw one school: its shape, and the problem."""
    draw = Random(SEED * 100_000 + number)
    shape = draw.choices(list(SHAPES), list(SHAPES.values()))[0]
    grades = draw.randint(1, 4)
    classes = {
        f"{g}.{c}": f"grade{g}" for g in range(1, grades + 1) for c in range(1, draw.randint(1, 3) + 1)
    }
    problem = MAKERS[shape](School(draw, classes), shape)
    return shape, _with_history(draw, problem)


def _adults(school: School, shape: str) -> Problem:
    draw = school.draw
    least, most = draw.randint(0, 2), draw.randint(2, 5)
    hard = ["own_child_excluded", "conflict_excluded", "acceptance"]
    rule = PairingRule(
        key="helper",
        title="结对",
        roles=ROLES,
        within=shape if shape in ("grade", "school", "village") else "class",
        per_case={"min": 1, "max": 2 if shape in ("two_each", "girls") else 1},
        per_helper={"min": least, "max": most},
        hard=(*hard, *(["two_adults_for_a_girl"] if shape == "girls" else [])),
        prefer=draw.choice(
            [("keep", "homeroom", "even_load"), ("keep", "even_load"), ("homeroom", "same_class")]
        ),
        where="boards == true" if draw.random() < 0.1 else "",
        helper_where="years >= 2" if draw.random() < 0.1 else "",
    )
    helpers = [_adult(school, n, least, most) for n in range(_staff(school, draw))]
    children = []
    for key, grade in school.classes.items():
        for n in range(draw.randint(2, 7)):
            children.append(_child(school, f"{key}#{n}", key, grade, helpers))
    return Problem(rule, tuple(children), tuple(helpers))


def _staff(school: School, draw: Random) -> int:
    return max(2, round(len(school.classes) * draw.uniform(2.0, 4.5)))


def _adult(school: School, number: int, least: int, most: int) -> Helper:
    draw, roles = school.draw, {}
    for n, key in enumerate(draw.sample(list(school.classes), min(len(school.classes), draw.randint(1, 2)))):
        held = ROLES[0] if number < len(school.classes) and not n else draw.choice(ROLES[1:])
        roles[key] = frozenset({held, *draw.sample(ROLES[2:], draw.randint(0, 1))})
        roles.setdefault(school.classes[key], frozenset({ROLES[2]}))
    for village in draw.sample(VILLAGES, 1 + draw.randint(0, 1)):
        roles[village] = frozenset({draw.choice(ROLES)})
    cap = draw.choice([most] * 6 + [max(1, most - 1), 0])  # 0: away for the term
    return Helper(
        f"h{number}",
        f"老师{number}",
        roles,
        least=min(least, cap),
        most=cap,
        taken=draw.choice([0, 0, 0, min(1, cap)]),
        facts={"years": draw.choice([0, 1, 2, 5, 20, None])},
    )


def _child(school: School, key: str, class_key: str, grade: str, helpers: list[Helper]) -> Child:
    draw = school.draw
    barred = draw.sample([h.id for h in helpers], min(len(helpers), draw.choice([0, 0, 0, 1, 2])))
    facts = {"sex": draw.choice(["女", "男"]), "boards": draw.random() < 0.9}
    if draw.random() < 0.05:
        facts["boards"] = None  # nobody knows: a condition that asks for it does not hold
    return Child(
        key,
        class_key,
        name=f"学生{key}",
        class_title=class_key,
        excluded=frozenset(barred),
        places={"grade": grade, "village": draw.choice(VILLAGES)},
        facts=facts,
    )


def _peers(school: School, shape: str) -> Problem:
    draw, most = school.draw, school.draw.randint(1, 2)
    rule = PairingRule(
        key="peer",
        title="同学",
        kind="peer",
        roles=("peer",),
        within="class",
        per_case={"min": 0, "max": 1},
        per_helper={"min": 0, "max": most},
        hard=("same_class", "volunteer", "child_chooses"),
        prefer=("child_choice", "keep"),
    )
    helpers, children = [], []
    for key, grade in school.classes.items():
        able = [_classmate(draw, f"p{key}#{n}", key, most) for n in range(draw.randint(5, 12))]
        helpers += able
        for n in range(draw.randint(1, 5)):
            child = _child(school, f"{key}#{n}", key, grade, [])
            wish = draw.sample([h.id for h in able], min(len(able), draw.choice([0, 2, 3, 3, 4])))
            children.append(replace(child, chosen=frozenset(wish)))
    return Problem(rule, tuple(children), tuple(helpers))


def _classmate(draw: Random, key: str, class_key: str, most: int) -> Helper:
    return Helper(
        key,
        f"同学{key}",
        {class_key: frozenset({"peer"})},
        least=0,
        most=most,
        volunteer=draw.choice([True, True, True, False, None]),
        local=draw.random() < 0.6,
    )


def _sponsors(school: School, shape: str) -> Problem:
    draw = school.draw
    rule = PairingRule(
        key="sponsor",
        title="资助人",
        kind="sponsor",
        roles=("sponsor",),
        within="school",
        per_case={"min": 0, "max": 1},
        per_helper={"min": 0, "max": 1},
        hard=("consent",),
    )
    helpers = [
        Helper(f"s{n}", f"资助人{n}", {"school": frozenset({"sponsor"})}, least=0, most=1)
        for n in range(draw.randint(4, 24))
    ]
    children = []
    for key, grade in school.classes.items():
        for n in range(draw.randint(0, 4)):
            child = _child(school, f"{key}#{n}", key, grade, helpers)
            children.append(replace(child, consent=draw.choice([True] * 8 + [False, None])))
    return Problem(rule, tuple(children), tuple(helpers))


def _groups(school: School, shape: str) -> Problem:
    """Newcomers and the classmates around each: a local among them."""
    draw = school.draw
    rule = PairingRule(
        key="group",
        title="小组",
        kind="group",
        roles=("peer",),
        within="class",
        per_case={"min": 1, "max": 3},
        per_helper={"min": 0, "max": 1},
        hard=("same_class", "volunteer", "a_local_in_each_group"),
    )
    helpers, children = [], []
    for key, grade in school.classes.items():
        helpers += [_classmate(draw, f"p{key}#{n}", key, 1) for n in range(draw.randint(3, 8))]
        children += [_child(school, f"{key}#{n}", key, grade, []) for n in range(draw.randint(1, 2))]
    return Problem(rule, tuple(children), tuple(helpers))


def _teams(school: School, shape: str) -> Problem:
    """Villages, each with a head and two or three members."""
    draw = school.draw
    rule = PairingRule(
        key="team",
        title="村帮扶组",
        kind="team",
        roles=("vice_principal", "staff"),
        within="school",
        per_case={"min": 3, "max": 4},
        per_helper={"min": 0, "max": 1},
        seats=(
            Seat(role="vice_principal", title="组长"),
            Seat(role="staff", title="组员", count={"min": 2, "max": 3}),
        ),
    )
    helpers = [
        Helper(
            f"t{n}",
            f"老师{n}",
            {"school": frozenset({"vice_principal" if n % 3 == 0 else "staff"})},
            least=0,
            most=1,
        )
        for n in range(draw.randint(4, 16))
    ]
    children = [Child(f"v{n}", "school", name=f"村{n}") for n in range(draw.randint(1, 4))]
    return Problem(rule, tuple(children), tuple(helpers))


MAKERS = {
    **dict.fromkeys(("class", "grade", "school", "village", "two_each", "girls"), _adults),
    "peer": _peers,
    "sponsor": _sponsors,
    "group": _groups,
    "team": _teams,
}


def _with_history(draw: Random, problem: Problem) -> Problem:
    """Some children had somebody last term; some of those have gone."""
    known = [helper.id for helper in problem.helpers] + ["gone"]
    children = [
        replace(child, former_helper=draw.choice(known)) if draw.random() < 0.4 else child
        for child in problem.children
    ]
    problem = replace(problem, children=tuple(children))
    if problem.rule.kind == "adult" and problem.rule.per_case.max == 1 and draw.random() < 0.3:
        return replace(problem, pins=_decided(draw, problem))
    return problem


def _decided(draw: Random, problem: Problem) -> frozenset:
    """A few pairs that people settled themselves, within the rules."""
    pins, held = {}, Counter()
    for child in draw.sample(problem.children, min(3, len(problem.children))):
        able = [
            one
            for one in problem.helpers
            if held[one.id] < room(problem, one) and may(problem.rule, child, one)
        ]
        if able:
            pins[child.id] = draw.choice(able).id
            held[pins[child.id]] += 1
    return frozenset(pins.items())


def popular(number: int = 0) -> Problem:
    """This function will draw 240 children and 60 mentors of 4 places; everybody wants the same few, yet all fit.

    Each child names five it would like, by popularity, beside one of a hidden arrangement in which all 240 fit.
    """
    draw = Random(SEED + number)
    mentors = [f"m{n:02}" for n in range(60)]
    weights = [1 / (n + 1) for n in range(60)]
    places = [mentor for mentor in mentors for _ in range(4)]
    draw.shuffle(places)
    rule = PairingRule(
        key="mentor",
        title="导师",
        roles=("subject_teacher",),
        within="school",
        per_case={"min": 1, "max": 1},
        per_helper={"min": 0, "max": 4},
        hard=("child_chooses",),
        prefer=("even_load",),
    )
    children = [
        Child(
            f"c{n:03}",
            "school",
            name=f"学生{n}",
            chosen=frozenset({place, *draw.choices(mentors, weights, k=5)}),
        )
        for n, place in enumerate(places)
    ]
    taught = {"school": frozenset({"subject_teacher"})}
    helpers = [Helper(one, one, taught, least=0, most=4, volunteer=True) for one in mentors]
    return Problem(rule, tuple(children), tuple(helpers))


def extra(children: int = 1_000, helpers: int = 150, within: str = "school") -> Problem:
    """This function will draw one large school with what a flow cannot say.

    Children ask for unequal minutes, brothers and sisters should have one adult, a girl needs two, nobody has more
    than three of the children who need most. There is room for all.
    """
    draw = Random(SEED + 7)
    classes = {f"{g}.{c}": f"grade{g}" for g in range(1, 7) for c in range(1, 5)}
    rule = PairingRule(
        key="helper",
        title="结对",
        roles=ROLES,
        within=within,
        per_case={"min": 1, "max": 2},
        per_helper={"min": 2, "max": 14},
        hard=("own_child_excluded", "conflict_excluded", "two_adults_for_a_girl"),
        prefer=("keep", "one_adult_many_roles", "homeroom", "even_load"),
    )
    staff = []
    for n in range(helpers):
        adult = _adult(School(draw, classes), n, 2, 14)
        staff.append(replace(adult, most=14, least=2, taken=0, minutes=draw.choice([0, 0, 20, 40, 60])))
    made = []
    for n in range(children):
        key = draw.choice(list(classes))
        child = _child(School(draw, classes), f"c{n:04}", key, classes[key], staff)
        former = draw.choice(staff).id if draw.random() < 0.5 else None
        minutes, category = draw.choice([10, 15, 20, 30, 45]), draw.choice(["key", "", "", ""])
        made.append(replace(child, minutes=minutes, former_helper=former, category=category))
    return Problem(rule, _families(draw, made), tuple(staff), at_most={"key": 3})


def _families(draw: Random, children: list[Child]) -> tuple[Child, ...]:
    """One child in six has a brother or sister among the others."""
    order = list(range(len(children)))
    draw.shuffle(order)
    for a, b in zip(order[: len(order) // 12], order[len(order) // 12 :], strict=False):
        children[a] = replace(children[a], siblings=frozenset({children[b].id}))
        children[b] = replace(children[b], siblings=frozenset({children[a].id}))
    return tuple(children)


def without_some(problem: Problem, held: dict[str, str], share: float = 0.08) -> tuple[Problem, set[str]]:
    """This function will let a share of the helpers leave, everybody else holding whom they have."""
    draw = Random(SEED + 8)
    ids = sorted(helper.id for helper in problem.helpers)
    gone = set(draw.sample(ids, max(1, round(len(ids) * share))))
    children = tuple(replace(child, former_helper=held.get(child.id)) for child in problem.children)
    helpers = tuple(helper for helper in problem.helpers if helper.id not in gone)
    return replace(problem, children=children, helpers=helpers), gone
