"""What a roll would change: its rows and the pupils of the school in, new / changed / same / gone out. Writes nothing.

A row is a pupil by ID number, else by roll number, else by name and birth date where both are unique; never by
name alone (rules R13, R14). An empty cell never erases what is known.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from bangfu.exchange.roll import CellFault, RollReading, RollRow
from bangfu.records.models import Enrolment, FactStatement, Guardian, Pupil
from bangfu.records.seal import blind

SOURCE = "roll"
PLAIN = ("name", "former_name", "sex", "birth_on", "ethnicity", "id_type")
INDEXED = ("id_number", "roll_no")  # compared by blind index, without opening the seal
SEALED = ("phone", "address")
MEMBER = ("name", "relation", "phone", "is_guardian", "id_number", "work_place")


@dataclass(slots=True)
class Known:
    """A pupil as the school has it now."""

    pupil: Pupil
    enrolment: Enrolment | None = None
    guardians: dict[int, Guardian] = field(default_factory=dict)
    facts: dict = field(default_factory=dict)


@dataclass(slots=True)
class Change:
    """A pupil whom the roll describes differently: fields maps what differs to (before, after)."""

    known: Known
    row: RollRow
    fields: dict[str, tuple[object, object]]


@dataclass(slots=True)
class Difference:
    """What loading would do.

    gone: on roll in a class of this file, but not in the file; nobody is removed for that. back: in the file, but
    left according to us; rolls lag behind, so that a person says who is really here again.
    """

    new: list[RollRow] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    same: int = 0
    gone: list[Known] = field(default_factory=list)
    back: list[Change] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)
    existing: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """The sums a person decides on."""
        return {
            "new": len(self.new),
            "changed": len(self.changed),
            "same": self.same,
            "gone": len(self.gone),
            "back": len(self.back),
        }

    @property
    def is_large(self) -> bool:
        """More than a tenth of the pupils already here would change."""
        return len(self.changed) * 10 > self.existing


def compare(reading: RollReading, *, school, day: date) -> Difference:
    """This function will say what the rows of a reading change at a school on a day; at most four queries."""
    known = _known(school, day)
    difference = Difference(existing=sum(one.enrolment is not None for one in known))
    finder = _Finder(known, reading.rows)
    met = set()
    for row in reading.rows:
        match = finder.find(row)
        if isinstance(match, CellFault):
            difference.faults.append(match)
        elif match is None:
            difference.new.append(row)
        else:
            met.add(match.pupil.pk)
            fields = _fields(match, row)
            if match.pupil.left_on is not None:
                difference.back.append(Change(match, row, fields))
            elif fields:
                difference.changed.append(Change(match, row, fields))
            else:
                difference.same += 1
    classes = {(row.entry_year, row.class_number) for row in reading.rows}
    unread = {row.name for row in (*reading.unread, *_rows_at(difference.faults, reading))}
    difference.gone = [
        one
        for one in known
        if one.enrolment
        and one.pupil.pk not in met
        and one.pupil.name not in unread
        and _class(one) in classes
    ]
    return difference


def _rows_at(faults: list[CellFault], reading: RollReading) -> Iterable[RollRow]:
    at = {(fault.sheet, fault.row) for fault in faults}
    return [row for row in reading.rows if (row.sheet, row.row) in at] if at else []


def _class(known: Known) -> tuple[int, int]:
    school_class = known.enrolment.school_class
    return school_class.entry_year, school_class.number


def _known(school, day: date) -> list[Known]:
    if school is None:  # a file can be looked at where no school lives yet, not even its tables
        return []
    known = {pupil.pk: Known(pupil) for pupil in Pupil.objects.filter(school=school)}
    if not known:
        return []
    for enrolment in Enrolment.objects.filter(pupil__school=school, valid_to__isnull=True).select_related(
        "school_class"
    ):
        known[enrolment.pupil_id].enrolment = enrolment
    for guardian in Guardian.objects.filter(pupil__school=school):
        known[guardian.pupil_id].guardians[guardian.position] = guardian
    statements = FactStatement.objects.filter(pupil__school=school, source=SOURCE, stated_on__lte=day)
    for pupil_id, values in statements.order_by("stated_on", "known_at").values_list("pupil_id", "values"):
        known[pupil_id].facts |= values
    return list(known.values())


class _Finder:
    """Finds the pupil a row means."""

    def __init__(self, known: list[Known], rows: list[RollRow]) -> None:
        self.by_id = {one.pupil.id_number_index: one for one in known if one.pupil.id_number_index}
        self.by_roll = {one.pupil.roll_no_index: one for one in known if one.pupil.roll_no_index}
        self.by_birth: dict[tuple, list[Known]] = {}
        for one in known:
            if one.pupil.birth_on:
                self.by_birth.setdefault((one.pupil.name, one.pupil.birth_on), []).append(one)
        self.in_file = Counter((row.name, row.birth_on) for row in rows) if known else Counter()
        self.any = bool(known)

    def find(self, row: RollRow) -> Known | CellFault | None:
        """Return the pupil, None for a new one, or the fault that says why nobody can tell."""
        if not self.any:
            return None
        found = self.by_id.get(blind(row.id_number, "id_number")) if row.id_number else None
        if found is None and row.roll_no:
            found = self.by_roll.get(blind(row.roll_no, "roll_no"))
        if found is not None:
            return found
        alike = self.by_birth.get((row.name, row.birth_on), [])
        if not alike:
            return None
        if len(alike) == 1 and self.in_file[row.name, row.birth_on] == 1 and _may_be(alike[0], row):
            return alike[0]
        return CellFault(
            f"{row.sheet}!{row.row}:姓名", "学校里已有同名、同一天出生的学生，号码对不上", "请核对身份证件号，或补上学籍号。",
            row.sheet, row.row, "", "姓名", True,
        )  # fmt: skip


def _may_be(one: Known, row: RollRow) -> bool:
    """Two different ID numbers are one child only where the class is the same, too: then it was a slip."""
    if not row.id_number or not one.pupil.id_number_index:
        return True
    return one.enrolment is not None and _class(one) == (row.entry_year, row.class_number)


def _fields(known: Known, row: RollRow) -> dict[str, tuple[object, object]]:
    """Return what the row says differently, empty cells aside."""
    pupil, out = known.pupil, {}
    for name in PLAIN:
        before, after = getattr(pupil, name), getattr(row, name)
        if after and before != after:
            out[name] = (before, after)
    for name in INDEXED:
        after = getattr(row, name)
        if after and getattr(pupil, name + "_index") != blind(after, name):
            out[name] = (getattr(pupil, name), after)
    for name in SEALED:
        before, after = getattr(pupil, name), getattr(row, name)
        if after and (before is None or before.reveal() != after):
            out[name] = (before, after)
    if pupil.left_on is not None:
        out["left_on"] = (pupil.left_on, None)
    if known.enrolment is None or _class(known) != (row.entry_year, row.class_number):
        before = _class(known) if known.enrolment else None
        out["school_class"] = (before, (row.entry_year, row.class_number))
    if row.seat_no is not None and (known.enrolment is None or known.enrolment.seat_no != row.seat_no):
        out["seat_no"] = (known.enrolment.seat_no if known.enrolment else None, row.seat_no)
    for position, member in enumerate(row.members, 1):
        _member_fields(out, position, known.guardians.get(position), member)
    facts = {key: value for key, value in row.facts.items() if known.facts.get(key) != value}
    if facts:
        out["facts"] = ({key: known.facts.get(key) for key in facts}, facts)
    return out


def _member_fields(out: dict, position: int, guardian: Guardian | None, member) -> None:
    for name in MEMBER:
        after = getattr(member, name)
        if after in ("", None):
            continue
        before = getattr(guardian, name) if guardian else None
        if guardian and name in ("phone", "id_number"):
            if getattr(guardian, name + "_index") == blind(after, f"guardian_{name}"):
                continue
        elif guardian and before == after:
            continue
        out[f"guardian.{position}.{name}"] = (before, after)
