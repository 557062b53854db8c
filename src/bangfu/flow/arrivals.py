"""Writing what a roll brings: new pupils at once in bulk, changed ones field by field, one Event for each child.

Called by the verb `enrol.load` inside its transaction; what stood there before goes into the Event, sealed values
sealed, so that `undo` can put it back.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from bangfu.exchange.pinyin import sounds
from bangfu.exchange.roll import Member, RollRow
from bangfu.flow.difference import INDEXED, PLAIN, SEALED, SOURCE, Change
from bangfu.records import audit
from bangfu.records.models import (
    Enrolment,
    Event,
    FactStatement,
    Guardian,
    Intake,
    Pupil,
    School,
    SchoolClass,
    Staff,
)
from bangfu.records.models.places import school_year_of
from bangfu.records.seal import blind, seal

FIRST_WEEKS_END = (9, 30)  # who is in grade 1 and arrives by then, came on the first day of the school year


@dataclass(slots=True)
class Arrival:
    """One load on its way into the tables: rows are gathered here, then stored table by table."""

    school: School
    intake: Intake
    by: Staff | None
    day: date
    now: datetime
    is_first: bool  # the school had no pupils: the roll tells when each child came
    classes: dict[tuple[int, int], SchoolClass] = field(default_factory=dict)
    pupils: list[Pupil] = field(default_factory=list)
    enrolments: list[Enrolment] = field(default_factory=list)
    guardians: list[Guardian] = field(default_factory=list)
    statements: list[FactStatement] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def open_classes(self, wanted: set[tuple[int, int]]) -> list[str]:
        """Make the classes that are missing; return the ids of the new ones."""
        self.classes = {(c.entry_year, c.number): c for c in SchoolClass.objects.filter(school=self.school)}
        missing = [
            SchoolClass(school=self.school, entry_year=year, number=number)
            for year, number in sorted(wanted - self.classes.keys())
        ]
        SchoolClass.objects.bulk_create(missing)
        self.classes |= {(c.entry_year, c.number): c for c in missing}
        for row in missing:
            self._event("enrol.class", row, {"class": [None, str(row)]})
        return [str(row.pk) for row in missing]

    def add(self, row: RollRow) -> None:
        """Gather a new pupil with class, family and facts."""
        joined_on = self._joined_on(row)
        sort_key, initials = sounds(row.name)
        pupil = Pupil(
            school=self.school, name=row.name, former_name=row.former_name, sort_key=sort_key, initials=initials,
            sex=row.sex, birth_on=row.birth_on, ethnicity=row.ethnicity, id_type=row.id_type, joined_on=joined_on,
            arrived_with=self.intake,
        )  # fmt: skip
        for name in INDEXED:
            _seal_indexed(pupil, name, getattr(row, name))
        for name in SEALED:
            _seal(pupil, name, getattr(row, name))
        self.pupils.append(pupil)
        self.enrolments.append(Enrolment(
            pupil=pupil, school_class=self.classes[row.entry_year, row.class_number], seat_no=row.seat_no,
            valid_from=joined_on,
        ))  # fmt: skip
        for position, member in enumerate(row.members, 1):
            self.guardians.append(_guardian(pupil, position, member))
        if row.facts:
            self._state(pupil, row.facts)
        self._event("enrol.pupil_added", pupil, {"class": [None, f"{row.entry_year}-{row.class_number}"]})

    def _joined_on(self, row: RollRow) -> date:
        first_day = date(row.entry_year, 9, 1)
        if self.is_first:
            told = (
                date(int(row.enrol_month[:4]), int(row.enrol_month[5:]), 1) if row.enrol_month else first_day
            )
            return min(told, self.day)
        is_beginner = (
            row.entry_year == school_year_of(self.day) and (self.day.month, self.day.day) <= FIRST_WEEKS_END
        )
        return min(first_day, self.day) if is_beginner else self.day

    def change(self, change: Change) -> None:
        """Store what differs of a pupil who is here already (or back), and gather the Event that says so."""
        pupil, row = change.known.pupil, change.row
        changes: dict[str, list] = {}
        columns = []
        for name in PLAIN + SEALED + INDEXED:
            if name not in change.fields:
                continue
            before = getattr(pupil, name)
            if name in PLAIN:
                setattr(pupil, name, getattr(row, name))
            elif name in SEALED:
                _seal(pupil, name, getattr(row, name))
            else:
                _seal_indexed(pupil, name, getattr(row, name))
                columns.append(name + "_index")
            columns.append(name)
            changes[name] = [audit.plain(before), audit.plain(getattr(pupil, name))]
        if "name" in change.fields:
            for column, sound in zip(("sort_key", "initials"), sounds(pupil.name), strict=True):
                changes[column] = [getattr(pupil, column), sound]
                setattr(pupil, column, sound)
            columns += ["sort_key", "initials"]
        if "left_on" in change.fields:
            changes["left_on"] = [str(pupil.left_on), None]
            changes["left_because"] = [pupil.left_because, ""]
            pupil.left_on, pupil.left_because = None, ""
            columns += ["left_on", "left_because"]
        if columns:
            pupil.save(update_fields=columns)
        self._move(change, changes)
        self._change_family(change, changes)
        if "facts" in change.fields:
            self._state(pupil, change.fields["facts"][1])
            changes["facts"] = list(change.fields["facts"])
        self._event("enrol.pupil_changed", pupil, changes)

    def _move(self, change: Change, changes: dict) -> None:
        """Change class or seat: a new class is a new enrolment from today, a new seat is a correction."""
        if not {"school_class", "seat_no"} & change.fields.keys():
            return
        now_in, row = change.known.enrolment, change.row
        seat_no = row.seat_no if row.seat_no is not None or now_in is None else now_in.seat_no
        if "school_class" in change.fields:
            if now_in:
                now_in.valid_to = max(self.day, now_in.valid_from)
                now_in.save(update_fields=["valid_to"])
            made = Enrolment.objects.create(
                pupil=change.known.pupil, school_class=self.classes[row.entry_year, row.class_number],
                seat_no=seat_no, valid_from=self.day,
            )  # fmt: skip
            changes["enrolment"] = [str(now_in.pk) if now_in else None, str(made.pk)]
            changes["school_class"] = [
                f"{now_in.school_class.entry_year}-{now_in.school_class.number}" if now_in else None,
                f"{row.entry_year}-{row.class_number}",
            ]
        else:
            changes["seat_no"] = [now_in.seat_no, seat_no]
            now_in.seat_no = seat_no
            now_in.save(update_fields=["seat_no"])

    def _change_family(self, change: Change, changes: dict) -> None:
        positions = {int(name.split(".")[1]) for name in change.fields if name.startswith("guardian.")}
        for position in sorted(positions):
            member, guardian = change.row.members[position - 1], change.known.guardians.get(position)
            if guardian is None:
                guardian = _guardian(change.known.pupil, position, member)
                guardian.save(force_insert=True)
                changes[f"guardian.{position}"] = [None, str(guardian.pk)]
                continue
            columns = []
            for name in Member._fields:
                if f"guardian.{position}.{name}" not in change.fields:
                    continue
                before = getattr(guardian, name)
                _set_member(guardian, name, getattr(member, name))
                columns += [name, name + "_index"] if name in ("phone", "id_number") else [name]
                changes[f"guardian.{position}.{name}"] = [
                    audit.plain(before),
                    audit.plain(getattr(guardian, name)),
                ]
            guardian.save(update_fields=columns)

    def _state(self, pupil: Pupil, facts) -> None:
        self.statements.append(FactStatement(
            pupil=pupil, source=SOURCE, stated_on=self.day, known_at=self.now, values=facts, by=self.by,
            intake=self.intake,
        ))  # fmt: skip

    def _event(self, verb: str, subject, changes: dict) -> None:
        event = audit.event(verb, by=self.by, at=self.now, subject=subject, changes=changes)
        event.intake, event.school_id = self.intake, self.school.pk
        self.events.append(event)

    def store(self) -> None:
        """Write everything gathered: one statement a table and batch."""
        Pupil.objects.bulk_create(self.pupils, batch_size=500)
        Enrolment.objects.bulk_create(self.enrolments, batch_size=500)
        Guardian.objects.bulk_create(self.guardians, batch_size=500)
        FactStatement.objects.bulk_create(self.statements, batch_size=500)
        audit.store(self.events)


@cache
def _field(model: type, name: str):
    return model._meta.get_field(name)


def _seal(row, name: str, text: str) -> None:
    # Sealed here once, so that the Event and the column hold the same envelope.
    setattr(row, name, seal(text, _field(type(row), name).bound_to(row)) if text else None)


def _seal_indexed(pupil: Pupil, name: str, text: str) -> None:
    _seal(pupil, name, text)
    setattr(pupil, name + "_index", blind(text, name) if text else "")


def _set_member(guardian: Guardian, name: str, value) -> None:
    if name not in ("phone", "id_number"):
        setattr(guardian, name, value)
        return
    _seal(guardian, name, value)
    setattr(guardian, name + "_index", blind(value, f"guardian_{name}") if value else "")


def _guardian(pupil: Pupil, position: int, member: Member) -> Guardian:
    guardian = Guardian(
        pupil=pupil, position=position, name=member.name, relation=member.relation[:20],
        is_guardian=member.is_guardian, work_place=member.work_place[:80],
    )  # fmt: skip
    _set_member(guardian, "phone", member.phone)
    _set_member(guardian, "id_number", member.id_number)
    return guardian
