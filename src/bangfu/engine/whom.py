"""Who is helped and who helps, as a pack says it: categories, selection, pairings, organs, as frozen models."""

from typing import Literal

from pydantic import Field

from bangfu.engine.part import Key, Named, Part, Range, Role, Subject, Title


class Category(Named):
    """A kind of need; `where` is a rule over facts, empty when people decide. Off until a school turns it on."""

    where: str = ""
    meaning: str = ""
    subject: Subject | None = None  # where it differs from the plan's
    lasts: Literal["term", "school_year", "until_changed"] = "term"
    off: bool = False
    source: str = ""


class Selection(Part):
    """Who becomes a case: people choose within numbers among those worth a look, or everyone eligible is taken.

    `where` selects; `order_by` are facts to sort the list for people by; nobody is cut by a machine.
    """

    take: Literal["chosen", "eligible"] = "chosen"
    per_class: Range | None = None
    by: tuple[Role, ...] = Field(min_length=1)
    where: str = ""
    order_by: tuple[Key, ...] = ()
    causes: tuple[Named, ...] = Field((), alias="cause")
    source: str = ""


class Seat(Part):
    """A fixed role inside a team: one head, two deputies."""

    role: Role
    title: Title
    count: Range = Range(min=1, max=1)


class PairingRule(Named):
    """Who may help whom, how many at a time; `hard` rules may never be broken, `prefer` are wishes in order.

    `for_` and `where` say which cases; `helper_where` is a rule over facts about the helper, looked at again
    over time; `fixed` names the role that gets the pair without being asked and follows the class.
    """

    kind: Literal["adult", "peer", "sponsor", "team", "group"] = "adult"
    for_: tuple[Key, ...] = Field((), alias="for")
    where: str = ""
    roles: tuple[Role, ...] = Field(min_length=1)
    helper_where: str = ""
    within: Literal["class", "grade", "school", "area", "village", "township"] = "class"
    fixed: Role | None = None
    per_case: Range = Range(min=1, max=1)
    per_helper: Range = Range(min=1, max=2)
    short: Literal["refuse", "report"] = "report"  # what to do when numbers cannot be met
    seats: tuple[Seat, ...] = Field((), alias="seat")
    lasts: Literal["case", "term", "school_year"] = "case"
    hard: tuple[
        Literal[
            "own_child_excluded", "conflict_excluded", "acceptance", "consent", "volunteer", "same_class",
            "teaches_class", "child_chooses", "two_adults_for_a_girl", "a_local_in_each_group",
        ],
        ...,
    ] = ()  # fmt: skip
    prefer: tuple[
        Literal[
            "keep", "even_load", "homeroom", "same_class", "child_choice", "one_adult_many_roles", "fit",
            "village", "language", "trust",
        ],
        ...,
    ] = ("keep", "even_load")  # fmt: skip
    source: str = ""


class Organ(Named):
    """A group or a person the plan names: 领导小组, 包级领导. `per`: one in each grade, class, area or village."""

    head: tuple[Role, ...] = ()
    deputy: tuple[Role, ...] = ()
    members: tuple[Role, ...] = ()
    heads: Range = Range(min=1, max=1)
    deputies: Range = Range(min=0, max=9)
    per: Literal["school", "grade", "class", "area", "village", "township"] = "school"
    covers: tuple[Literal["every_staff", "every_area", "every_class", "every_village"], ...] = ()
    source: str = ""
