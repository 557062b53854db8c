"""The peer of `bangfu bench intake`: openpyxl, one model instance after another, full_clean and save."""

import io
from datetime import date

from django.core.exceptions import ValidationError

from bangfu.engine.identity import read_id
from bangfu.flow import clock
from bangfu.records import audit
from bangfu.records.models import Enrolment, FactStatement, Guardian, Pupil, SchoolClass
from bangfu.records.seal import blind

GRADES = "一二三四五六"
YES_NO = {
    "是否独生子女": "only_child", "是否受过学前教育": "preschool", "是否残疾人": "disabled", "是否需要申请资助": "wants_aid",
    "是否享受一补": "has_living_subsidy", "是否孤儿": "orphan", "是否随迁子女": "moved_with_parents",
}  # fmt: skip


def load(content: bytes, by, columns) -> list[str]:
    """This function will store every sound row of the workbook and give one sentence for each that is not."""
    import openpyxl

    from bangfu.exchange.pinyin import initials, sort_key

    sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
    faults = []
    for number, cells in enumerate(sheet.iter_rows(min_row=2, values_only=True), 2):
        row = dict(zip(columns, cells, strict=True))
        if not isinstance(read_id(row["身份证件号"]), str):
            faults.append(f"{number} 身份证件号")
            continue
        entry_year = 2026 - GRADES.index(row["年级"][0])
        school_class, _ = SchoolClass.objects.get_or_create(
            school=by.school, entry_year=entry_year, number=int(row["班级"].removesuffix("班"))
        )
        name = row["姓名"]
        pupil = Pupil(
            school=by.school, name=name, sort_key=sort_key(name), initials=initials(name),
            sex="1" if row["性别"] == "男" else "2", birth_on=_day(row["出生日期"]),
            ethnicity=row["民族"].partition("-")[2], id_type="1", joined_on=_day(row["入学年月"] + "01"),
            id_number=row["身份证件号"], id_number_index=blind(row["身份证件号"], "id_number"), roll_no=row["全国学籍号"],
            roll_no_index=blind(row["全国学籍号"], "roll_no"), phone=row["联系电话"], address=row["现住址"],
        )  # fmt: skip
        try:
            pupil.full_clean()
        except ValidationError as why:
            faults.append(f"{number} {why}")
            continue
        pupil.save()
        _store_rest(pupil, school_class, row, by)
    return faults


def _store_rest(pupil: Pupil, school_class: SchoolClass, row: dict, by) -> None:
    enrolment = Enrolment(
        pupil=pupil, school_class=school_class, seat_no=int(row["班内学号"]), valid_from=pupil.joined_on
    )
    enrolment.full_clean()
    enrolment.save()
    for position in (1, 2):
        phone = row[f"成员{position}联系电话"]
        guardian = Guardian(
            pupil=pupil, position=position, name=row[f"成员{position}姓名"],
            relation=row[f"成员{position}关系"].partition("-")[2], phone=phone, phone_index=blind(phone, "guardian_phone"),
        )  # fmt: skip
        guardian.full_clean(exclude=["is_guardian"])
        guardian.save()
    facts = {
        "boards": row["就读方式"].startswith("2"), "health": "good", "hukou_type": "rural",
        "left_behind_roll": int(row["是否留守儿童"]),
    }  # fmt: skip
    facts |= {key: row[title] in ("是", "1-是") for title, key in YES_NO.items()}
    statement = FactStatement(
        pupil=pupil, source="roll", stated_on=by.day, known_at=clock.now(), values=facts, by=by.staff
    )
    statement.full_clean()
    statement.save()
    audit.log(
        "enrol.pupil_added",
        by=by.staff,
        at=clock.now(),
        subject=pupil,
        changes={"class": [None, str(school_class)]},
    )


def _day(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))
