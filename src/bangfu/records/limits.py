"""Triggers that keep every door shut: no pair beyond a cap or against an avoidance, and none that was in force is rewritten.

One row of `CAPS` for each table of pairs; the caps themselves stand in `PairingLimit`. A page, an import, a bulk
write or a hand at the SQL prompt meets the same refusal; `calm` turns it into a sentence. Laid like those of stale.py.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import IntegrityError, connections, transaction

from bangfu.engine.refusal import Refusal

LIMITS = "records_pairinglimit"
OF_CASE = "(SELECT {column} FROM records_case WHERE id = {{row}}.case_id)"
NO_END = "'9999-12-31'"


@dataclass(frozen=True, slots=True)
class Cap:
    """A table of pairs: its columns, which rows are (or were) in force, and where its caps and avoidances are found.

    `held` is SQL over {row}; rows `alike` in these columns count together and name the limit, with the school.
    `plan_key` may be a column of the table or, where one plan only is meant, `plan` names it in quotes.
    `pupils` gives the children whom avoidances are about (empty: none); `holds` is what must be true of a new row.
    """

    table: str
    helper: str = "helper_id"
    case: str = "case_id"
    plan: str = "{row}.plan_key"
    kind: str = "{row}.kind"
    since: str = "valid_from"
    until: str = "valid_to"
    held: str = "{row}.valid_from IS NOT NULL AND {row}.state <> 'proposed'"
    school: str = OF_CASE.format(column="school_id")
    pupils: str = OF_CASE.format(column="pupil_id")
    holds: str = "{row}.plan_key = " + OF_CASE.format(column="plan_key")

    @property
    def name(self) -> str:
        """This property will give what its triggers' names begin with."""
        return self.table.replace("records_", "limit_", 1)


DATED = {"held": "{row}.valid_from IS NOT NULL", "school": "{row}.school_id", "holds": ""}
AT_HOME = (
    "(SELECT p.id FROM records_pupil p JOIN records_household h "
    "ON h.school_id = p.school_id AND h.key = p.household_key WHERE h.id = {row}.household_id)"
)
# Two who learn together without a plan have no case; every other pair says its plan truly.
OF_PLAN = "{row}.case_id IS NULL OR {row}.plan_key = " + OF_CASE.format(column="plan_key")
CAPS = (
    Cap("records_pairing"),
    Cap("records_villagepost", helper="team_id", case="village_id", pupils="", **DATED),
    Cap("records_householdhelper", "staff_id", "household_id", kind="'helper'", pupils=AT_HOME, **DATED),
    Cap("records_householdpartner", "partner_id", "household_id", kind="'local_partner'", pupils="", **DATED),
    Cap("records_sponsorpair", helper="sponsor_id", pupils=""),
    Cap("records_peerpair", helper="partner_id", pupils="", school="{row}.school_id", holds=OF_PLAN),
)


# Rows that are only ever added: no page, no script and no hand at the SQL prompt changes or deletes one.
ONLY_ADDED = (
    "records_mandatoryreport", "records_glassopening", "records_careevent", "records_thingmove",
)  # fmt: skip


class AtLimit(Refusal):
    sentence = "人数已经到了方案里的上限，不能再加。请换一位，或先在方案里改人数。"


class MustAvoid(Refusal):
    sentence = "这一对写明了要回避，不能结对。请换一位老师。"


class Settled(Refusal):
    sentence = "结过的对不能改也不能删：换人请先结束原来的，再另结一对。"


class OtherPlan(Refusal):
    sentence = "这一对的方案和学生的帮扶对不上。请从学生的帮扶重新结对。"


class OnlyAdded(Refusal):
    sentence = "这一条只能添，不能改，也不能删。要补充，请另写一条。"


class Taken(Refusal):
    sentence = "这名学生刚刚已经有人帮了。请刷新后再看。"


SAID = {
    "bangfu:helper_full": AtLimit("这位老师带的学生已经到了方案里的上限。请换一位，或先在方案里改人数。"),
    "bangfu:case_full": AtLimit("这名学生的帮扶人数已经到了方案里的上限，不能再加一位。"),
    "bangfu:avoid": MustAvoid(),
    "bangfu:settled": Settled(),
    "bangfu:other_plan": OtherPlan(),
    "bangfu:only_added": OnlyAdded(),
    **dict.fromkeys(
        (
            "one_team_for_a_village",
            "records_villagepost.village_id",
            "one_helper_of_a_household",
            "records_householdhelper.household_id",
            "one_partner_of_a_household",
            "records_householdpartner.household_id",
        ),
        Taken("刚刚已经有人管了。请刷新后再看。"),
    ),
    "one_live_pair_of_a_place": Taken(),
    "records_pairing.case_id, records_pairing.kind, records_pairing.place": Taken(),
    **dict.fromkeys(
        (
            "one_open_avoidance_of_two",
            "records_avoidance.pupil_id",
            "one_post_in_an_area",
            "records_areastaff.area_id",
        ),
        Taken("刚刚已经写下了。请刷新后再看。"),
    ),
    **dict.fromkeys(
        ("one_sponsor_of_a_child", "records_sponsorpair.case_id, records_sponsorpair.kind"),
        Taken("这名学生刚刚已经有资助人了。请刷新后再看。"),
    ),
}


@contextmanager
def calm() -> Iterator[None]:
    """This function will turn a refusal of the database inside the block into a Refusal with its sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        said = next((said for code, said in SAID.items() if code in str(error)), None)
        if said is None:
            raise
        raise type(said)(said.sentence) from error


def _beyond(cap: Cap, column: str, most: str) -> str:
    """On some day of the new pair more rows hold than the limit allows; the new row is already among them."""
    same = " AND ".join(
        [f"{{0}}.{column} = NEW.{column}", cap.held.format(row="{0}")]
        + [f"{side.format(row='{0}')} = {side.format(row='NEW')}" for side in (cap.plan, cap.kind)]
    )
    start = f"o.{cap.since} >= NEW.{cap.since} AND o.{cap.since} < COALESCE(NEW.{cap.until}, {NO_END})"
    holding = f"p.{cap.since} <= o.{cap.since} AND (p.{cap.until} IS NULL OR p.{cap.until} > o.{cap.since})"
    at_once = f"SELECT COUNT(*) FROM {cap.table} p WHERE {same.format('p')} AND {holding}"
    return (
        f"EXISTS (SELECT 1 FROM {LIMITS} l WHERE {_limit(cap)} AND EXISTS ("
        f"SELECT 1 FROM {cap.table} o WHERE {same.format('o')} AND {start} AND ({at_once}) > l.{most}))"
    )


def _limit(cap: Cap) -> str:
    sides = {"l.school_id": cap.school, "l.plan_key": cap.plan, "l.kind": cap.kind}
    return " AND ".join(f"{left} = {right.format(row='NEW')}" for left, right in sides.items())


def _avoided(cap: Cap) -> str:
    return (
        f"EXISTS (SELECT 1 FROM records_avoidance a WHERE a.staff_id = NEW.{cap.helper} "
        f"AND a.pupil_id IN {cap.pupils.format(row='NEW')} AND a.valid_from < COALESCE(NEW.{cap.until}, {NO_END}) "
        f"AND NEW.{cap.since} < COALESCE(a.valid_to, {NO_END}))"
    )


def _sides(cap: Cap) -> list[str]:
    return [f"{{row}}.{cap.helper}", f"{{row}}.{cap.case}", cap.plan, cap.kind, f"{{row}}.{cap.since}"]


def _differs(sides: list[str]) -> str:
    pairs = [(side.format(row="OLD"), side.format(row="NEW")) for side in sides if "{row}" in side]
    return " OR ".join(f"{old} <> {new}" for old, new in pairs)


@dataclass(frozen=True, slots=True)
class Guard:
    """One trigger: when it looks, at which rows, and the (condition, code) it refuses."""

    name: str
    when: str
    table: str
    at: str
    refuses: tuple[tuple[str, str], ...]
    locks: str = ""  # PostgreSQL: the limit's row, so that two at once wait for each other


def guards(cap: Cap) -> tuple[Guard, ...]:
    """This function will give the triggers of one table of pairs."""
    held = {side: cap.held.format(row=side) for side in ("OLD", "NEW")}
    refuses = [
        (f"NOT ({cap.holds.format(row='NEW')})", "other_plan") if cap.holds else None,
        (_avoided(cap), "avoid") if cap.pupils else None,
        (_beyond(cap, cap.helper, "per_helper_max"), "helper_full"),
        (_beyond(cap, cap.case, "per_case_max"), "case_full"),
    ]
    refuses = tuple(one for one in refuses if one)
    longer = f"(OLD.{cap.until} IS NOT NULL AND COALESCE(NEW.{cap.until}, {NO_END}) > OLD.{cap.until})"  # opened again
    becomes = f"{held['NEW']} AND (NOT ({held['OLD']}) OR {_differs(_sides(cap))} OR {longer})"
    rewritten = f"({held['OLD']}) AND (NOT ({held['NEW']}) OR {_differs(_sides(cap))})"
    lock = f"PERFORM 1 FROM {LIMITS} l WHERE {_limit(cap)} FOR UPDATE;"
    return (
        Guard(f"{cap.name}_insert", "AFTER INSERT", cap.table, held["NEW"], refuses, lock),
        Guard(f"{cap.name}_update", "AFTER UPDATE", cap.table, becomes, refuses, lock),
        Guard(f"{cap.name}_rewrite", "BEFORE UPDATE", cap.table, rewritten, (("1 = 1", "settled"),)),
        Guard(f"{cap.name}_delete", "BEFORE DELETE", cap.table, held["OLD"], (("1 = 1", "settled"),)),
    )


def every_guard() -> Iterator[Guard]:
    """This function will give every trigger: those of the pairs, and of what is only ever added."""
    for cap in CAPS:
        yield from guards(cap)
    for table in ONLY_ADDED:
        for what in ("update", "delete"):
            name = f"{table.replace('records_', 'kept_', 1)}_{what}"
            yield Guard(name, f"BEFORE {what.upper()}", table, "1 = 1", (("1 = 1", "only_added"),))


def _lay(cursor, guard: Guard, vendor: str) -> None:
    if vendor != "postgresql":
        does = " ".join(f"SELECT RAISE(ABORT, 'bangfu:{code}') WHERE {that};" for that, code in guard.refuses)
        cursor.execute(
            f"CREATE TRIGGER {guard.name} {guard.when} ON {guard.table} FOR EACH ROW WHEN {guard.at} BEGIN {does} END"
        )
        return
    does = " ".join(
        f"IF {that} THEN RAISE EXCEPTION 'bangfu:{code}' USING ERRCODE = 'check_violation'; END IF;"
        for that, code in guard.refuses
    )
    gives = "OLD" if "DELETE" in guard.when else "NEW"
    cursor.execute(
        f"CREATE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$BEGIN {guard.locks} {does} RETURN {gives}; END$$"
    )
    cursor.execute(
        f"CREATE TRIGGER {guard.name} {guard.when} ON {guard.table} FOR EACH ROW WHEN ({guard.at}) "
        f"EXECUTE FUNCTION {guard.name}()"
    )


def install(*, using: str = "default", **_signal) -> None:
    """This function will lay every trigger anew, and copy the plan's key to pairs that have none yet."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if not {LIMITS, "records_avoidance", *(cap.table for cap in CAPS)} <= tables:
        return  # a migration backwards
    remove(using=using)
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE records_pairing SET plan_key = "
            "(SELECT c.plan_key FROM records_case c WHERE c.id = records_pairing.case_id) WHERE plan_key = ''"
        )
        for guard in every_guard():
            if guard.table in tables:
                _lay(cursor, guard, connection.vendor)


def remove(*, using: str = "default", **_signal) -> None:
    """This function will take every trigger away, so that tables can be rebuilt."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for guard in every_guard():
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP FUNCTION IF EXISTS {guard.name}() CASCADE")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}")
