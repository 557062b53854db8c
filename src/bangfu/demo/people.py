"""The demo's people: classes, staff with roles, households with siblings, pupils with guardians. All by one seed."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from bangfu.demo import words
from bangfu.engine.identity import check_digit
from bangfu.exchange.pinyin import initials, sort_key
from bangfu.records.models import (
    Enrolment,
    FactStatement,
    Guardian,
    Pupil,
    RoleGrant,
    School,
    SchoolClass,
    Staff,
)
from bangfu.records.models.places import entry_year_of_grade, grade_of_entry_year, school_year_of
from bangfu.records.seal import blind

GRADES = 6
ON_ROLL = {
    "health": "good",
    "hukou_type": "rural",
    "only_child": False,
    "preschool": True,
    "disabled": False,
    "wants_aid": False,
    "orphan": False,
    "migrant_child": False,
}


@dataclass(frozen=True, slots=True)
class Size:
    """How large a school to invent; the default is the demo's."""

    classes_per_grade: int = 2
    pupils_per_class: int = 40
    staff: int = 38
    points: bool = True  # two teaching points away from the main campus, one of them a class of one


@dataclass
class Town:
    """What was invented so far."""

    school: School
    today: date
    size: Size
    chance: random.Random
    classes: list[SchoolClass] = field(default_factory=list)
    staff: list[Staff] = field(default_factory=list)
    homeroom: dict = field(default_factory=dict)  # class id → Staff
    attached: dict = field(default_factory=dict)
    supervisor: dict = field(default_factory=dict)  # grade → Staff
    pupils: dict = field(default_factory=dict)  # class id → [Pupil]
    grants: list = field(default_factory=list)
    children: list[Pupil] = field(default_factory=list)
    enrolments: list = field(default_factory=list)
    guardians: list = field(default_factory=list)
    statements: list = field(default_factory=list)
    circumstances: list = field(
        default_factory=list
    )  # statements too, of what lists and teachers say of homes


def invent(town: Town) -> None:
    """This function will invent classes, staff and pupils without storing them: the same for the same seed."""
    _classes(town)
    _staff(town)
    _pupils(town)


def store(town: Town) -> None:
    """This function will store what was invented."""
    SchoolClass.objects.bulk_create(town.classes)
    Staff.objects.bulk_create(town.staff)
    told = town.statements + town.circumstances
    for rows in (town.grants, town.children, town.enrolments, town.guardians, told):
        type(rows[0]).objects.bulk_create(rows, batch_size=500)


def _classes(town: Town) -> None:
    for grade in range(1, GRADES + 1):
        year = entry_year_of_grade(grade, town.today)
        for number in range(1, town.size.classes_per_grade + 1):
            town.classes.append(SchoolClass(school=town.school, entry_year=year, number=number))
    if town.size.points:
        for grade, site in ((1, "沙坪教学点"), (2, "云脚教学点")):
            year = entry_year_of_grade(grade, town.today)
            number = town.size.classes_per_grade + 1
            town.classes.append(SchoolClass(school=town.school, entry_year=year, number=number, site=site))


def _staff(town: Town) -> None:
    names = list(words.STAFF)
    while len(names) < town.size.staff:
        names.append(town.chance.choice(words.SURNAMES) + town.chance.choice(words.BOYS + words.GIRLS))
    town.staff = [
        Staff(
            school=town.school,
            name=name,
            sort_key=sort_key(name),
            initials=initials(name),
            subject=words.SUBJECTS[at % len(words.SUBJECTS)],
            phone=f"100{at:08d}",
        )
        for at, name in enumerate(names[: town.size.staff])
    ]
    town.grants = _grants(town)


def _grants(town: Town) -> list[RoleGrant]:
    principal, vice, union, officer, counsellor, director = town.staff[:6]
    since = date(school_year_of(town.today) - 1, 8, 25)
    posts = [
        (principal, "principal", None, None), (principal, "system_admin", None, None),
        (vice, "vice_principal", None, None), (union, "union_chair", None, None),
        (officer, "aid_officer", None, None), (officer, "roll_officer", None, None),
        (counsellor, "counsellor", None, None),
    ]  # fmt: skip
    for grade in range(1, GRADES + 1):
        town.supervisor[grade] = (union, union, director, director, vice, vice)[grade - 1]
        posts.append((town.supervisor[grade], "grade_supervisor", None, grade))
    teachers = iter(town.staff[6:])
    first = [c for c in town.classes if grade_of_entry_year(c.entry_year, town.today) == 3 and c.number == 2]
    ordered = first + [c for c in town.classes if c not in first]  # 李老师 keeps 三（2）班
    for role, kept in (("homeroom_teacher", town.homeroom), ("class_attached_teacher", town.attached)):
        for school_class in ordered:
            kept[school_class.pk] = teacher = next(teachers)
            posts.append((teacher, role, school_class, None))
    heads = {}
    for school_class in town.classes:
        heads.setdefault(
            grade_of_entry_year(school_class.entry_year, town.today), town.homeroom[school_class.pk]
        )
    posts += [(teacher, "grade_head", None, grade) for grade, teacher in heads.items()]
    return [
        RoleGrant(staff=staff, role=role, school_class=school_class, grade=grade, valid_from=since)
        for staff, role, school_class, grade in posts
    ]


def _pupils(town: Town) -> None:
    for school_class in town.classes:
        count = town.size.pupils_per_class + town.chance.randint(-1, 1)
        if school_class.site:
            count = 1 if "云脚" in school_class.site else 6
        town.pupils[school_class.pk] = []
        for seat in range(1, count + 1):
            pupil = _pupil(town, school_class, len(town.children), seat)
            town.children.append(pupil)
            town.pupils[school_class.pk].append(pupil)
            town.enrolments.append(
                Enrolment(pupil=pupil, school_class=school_class, seat_no=seat, valid_from=pupil.joined_on)
            )
            town.guardians += _guardians(town, pupil, len(town.children))
            town.statements.append(_statement(town, pupil))
            asked = _circumstances(pupil, town.statements[-1], len(town.children), town.today)
            asked.by = town.homeroom.get(school_class.pk)
            town.circumstances.append(asked)


def _pupil(town: Town, school_class: SchoolClass, at: int, seat: int) -> Pupil:
    chance = town.chance
    sex = chance.choice("12")
    name = chance.choice(words.SURNAMES) + chance.choice(words.BOYS if sex == "1" else words.GIRLS)
    if school_class.entry_year == entry_year_of_grade(3, town.today) and school_class.number == 2:
        name, sex = {1: ("陈小满", "2"), 2: ("罗天佑", "1"), 3: ("王浩宇", "1"), 4: ("王浩宇", "1")}.get(
            seat, (name, sex)
        )
    born = date(school_class.entry_year - 6, 1, 1) - timedelta(days=chance.randint(-240, 120))
    number = id_number(born, at, sex)
    return Pupil(
        school=town.school,
        name=name,
        sort_key=sort_key(name),
        initials=initials(name),
        sex=sex,
        birth_on=born,
        ethnicity=chance.choice(("汉族", "汉族", "苗族", "布依族", "侗族")),
        id_type="1",
        id_number=number,
        id_number_index=blind(number, "id_number"),
        roll_no=f"G{number}",
        roll_no_index=blind(f"G{number}", "roll_no"),
        phone=f"1001{at:07d}",
        address=f"{chance.choice(words.VILLAGES)}{chance.randint(1, 8)}组",
        household_key=blind(f"household {at // 2 if at % 9 == 1 else at * 10}", "household"),
        joined_on=date(school_class.entry_year, 9, 1),
    )


def id_number(born: date, at: int, sex: str) -> str:
    """This function will invent an ID number: well formed, but of a division (99…) that no person comes from."""
    running = (at % 500) * 2 + (1 if sex == "1" else 0)
    first = f"99{at // 500:04d}{born:%Y%m%d}{running % 1000:03d}"
    return first + check_digit(first)


def _guardians(town: Town, pupil: Pupil, at: int) -> list[Guardian]:
    kin = town.chance.sample(("祖母", "祖父", "母亲", "父亲", "外祖母"), 2)
    return [_guardian(pupil, at, position, relation) for position, relation in enumerate(kin, 1)]


def _guardian(pupil: Pupil, at: int, position: int, relation: str) -> Guardian:
    phone = f"100{position}{at:07d}"
    return Guardian(
        pupil=pupil,
        position=position,
        name=f"{pupil.name[0]}{'桂英明建秀'[at % 5]}{'芳国兰军珍'[(at + position) % 5]}",
        relation=relation,
        is_guardian=position == 1,
        phone=phone,
        phone_index=blind(phone, "guardian_phone"),
    )


def _statement(town: Town, pupil: Pupil) -> FactStatement:
    away = town.chance.choices((0, 1, 2), weights=(6, 1, 2))[0]
    return FactStatement(
        pupil=pupil,
        source="roll",
        stated_on=pupil.joined_on,
        known_at=afternoon(pupil.joined_on),
        values={**ON_ROLL, "left_behind_roll": away, "boards": town.chance.random() < 0.35},
    )


def _circumstances(pupil: Pupil, roll: FactStatement, at: int, today: date) -> FactStatement:
    """What lists and class teachers say of a home; for some children a cell is blank, as in every real school."""
    chance = random.Random(at)  # noqa: S311 - invented; a source of its own, so that nothing else shifts
    away = roll.values["left_behind_roll"]
    values = {
        "left_behind": away == 2 or (away == 1 and chance.random() < 0.3),
        "exited_poor": chance.random() < 0.08,
        "monitored": chance.random() < 0.02,
        "dibao": chance.random() < 0.05,
        "single_parent": chance.random() < 0.06,
        "defacto_unattended": chance.random() < 0.005,
        "guardian_at_home": away == 0,
        "hardship_level": "",
    }
    hard = values["dibao"] or values["monitored"] or values["exited_poor"]
    if hard:
        values["hardship_level"] = chance.choice(("一般困难", "困难", "特别困难"))
    blank = {key for key in values if chance.random() < 0.03}
    # Asked again each school year; of the few on an old list nobody has asked yet, so that something has ended.
    autumn = min(date(school_year_of(today), 9, 14), today)
    on = pupil.joined_on if values["monitored"] else max(pupil.joined_on, autumn)
    return FactStatement(
        pupil=pupil,
        source="survey",
        stated_on=on,
        known_at=afternoon(on),
        values={key: value for key, value in values.items() if key not in blank and value != ""},
    )


def afternoon(day: date) -> datetime:
    """This function will give half past four on a day, when teachers write things down."""
    return timezone.make_aware(datetime.combine(day, time(16, 30)))
