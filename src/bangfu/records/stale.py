"""Triggers: whatever changes a row that a ledger is worked out from marks the kept state of its cases stale.

They stand in the database, so an import, an undo or a hand at the SQL prompt can't forget it. Migrations rebuild
tables on SQLite and would lose or trip over them: dropped before every `migrate`, laid anew after it (apps.py).
"""

from dataclasses import dataclass

from django.db import connections, transaction

KEPT = "records_keptledger"
OF_PUPIL = "case_id IN (SELECT id FROM records_case WHERE pupil_id = {row}.%s)"
OF_SCHOOL = "case_id IN (SELECT id FROM records_case WHERE school_id = {row}.%s)"
OF_RECORD = (
    "case_id IN (SELECT c.id FROM records_case c JOIN records_evidencepupil e ON e.pupil_id = c.pupil_id "
    "WHERE e.evidence_id = {row}.%s)"
)


@dataclass(frozen=True, slots=True)
class Watch:
    """A table, the columns that matter (none: all), whose kept state a row of it is behind, and which changes count."""

    table: str
    cases: str
    columns: tuple[str, ...] = ()
    when: tuple[str, ...] = ("INSERT", "UPDATE", "DELETE")

    @property
    def name(self) -> str:
        return self.table.replace("records_", "stale_", 1)


ALIKE = "case_id = {row}.case_id"
WATCHED = (
    Watch("records_case", "case_id = {row}.id", when=("UPDATE",)),
    Watch("records_pupil", OF_PUPIL % "id", ("joined_on", "left_on", "household_key", "birth_on"), ("UPDATE",)),
    Watch("records_enrolment", OF_PUPIL % "pupil_id"),
    Watch("records_absence", OF_PUPIL % "pupil_id"),
    Watch("records_factstatement", OF_PUPIL % "pupil_id"),
    Watch("records_evidencepupil", OF_PUPIL % "pupil_id"),
    Watch("records_evidence", OF_RECORD % "amends_id", when=("INSERT", "DELETE")),
    Watch("records_evidence", OF_RECORD % "id", when=("UPDATE",)),
    Watch("records_pairing", ALIKE),
    Watch("records_waiver", ALIKE),
    Watch("records_decision", ALIKE),
    Watch("records_sheetcase", ALIKE),
    Watch(
        "records_monthsheet",
        "case_id IN (SELECT case_id FROM records_sheetcase WHERE sheet_id = {row}.id)",
        ("state", "month"),
        ("UPDATE",),
    ),
    Watch(
        "records_leave", "case_id IN (SELECT case_id FROM records_pairing WHERE helper_id = {row}.staff_id)"
    ),
    Watch(
        "records_suspension",
        "case_id IN (SELECT id FROM records_case WHERE school_id = {row}.school_id AND plan_key = {row}.plan_key)",
    ),
    Watch(
        "records_adoptedplan",
        "case_id IN (SELECT id FROM records_case WHERE school_id = {row}.school_id AND plan_key = {row}.key)",
    ),
    Watch("records_term", OF_SCHOOL % "school_id"),
    Watch("records_dayoverride", OF_SCHOOL % "school_id"),
    Watch("records_school", OF_SCHOOL % "id", ("calendar_version",), ("UPDATE",)),
)
BORN = f"INSERT INTO {KEPT} (case_id, is_stale, made_by) VALUES (NEW.id, {{yes}}, '')"
FILLED = (
    f"INSERT INTO {KEPT} (case_id, is_stale, made_by) SELECT id, {{yes}}, '' FROM records_case c "
    f"WHERE NOT EXISTS (SELECT 1 FROM {KEPT} k WHERE k.case_id = c.id)"
)


def _marks(watch: Watch, change: str, yes: str) -> str:
    rows = {"INSERT": ("NEW",), "DELETE": ("OLD",), "UPDATE": ("OLD", "NEW")}[change]
    return " ".join(
        f"UPDATE {KEPT} SET is_stale = {yes} WHERE {watch.cases.format(row=row)};" for row in rows
    )


def _triggers(yes: str) -> list[tuple[str, str, str, str]]:
    """(name, when, table, what it does) of every trigger."""
    found = [("stale_case_born", "AFTER INSERT", "records_case", BORN.format(yes=yes) + ";")]
    for watch in WATCHED:
        for change in watch.when:
            of = f" OF {', '.join(watch.columns)}" if watch.columns and change == "UPDATE" else ""
            name = f"{watch.name}_{change.lower()}"
            found.append((name, f"AFTER {change}{of}", watch.table, _marks(watch, change, yes)))
    return found


def install(*, using: str = "default", **_signal) -> None:
    """This function will lay every trigger anew, and give a kept ledger to cases that have none."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if not {KEPT, *(watch.table for watch in WATCHED)} <= tables:
        return  # a migration backwards
    remove(using=using)
    is_postgres = connection.vendor == "postgresql"
    yes = "true" if is_postgres else "1"
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for name, when, table, does in _triggers(yes):
            if is_postgres:
                body = f"BEGIN {does} RETURN NULL; END"
                cursor.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$")
                does = f"EXECUTE FUNCTION {name}()"
            else:
                does = f"BEGIN {does} END"
            cursor.execute(f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW {does}")
        cursor.execute(FILLED.format(yes=yes))


def remove(*, using: str = "default", **_signal) -> None:
    """This function will take every trigger away, so that tables can be rebuilt."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for name, _, _, _ in _triggers("1"):
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
