"""The papers of attendance and dropout control, out of records: F25–F29, the written report, the month's report.

Columns are specs in packs/_common/registers; numbers are masked; a group stands on a paper only for those who may
read circumstances. Every printing is an event. Drafts for the township carry its name, not ours.
"""

import hashlib
import re
from collections.abc import Iterable
from uuid import UUID

from bangfu.engine import schooling as rules
from bangfu.engine.refusal import Refusal
from bangfu.exchange.paper import Column, Paper, Stamp, clean, long_date
from bangfu.flow import adopt, catchment, clock, dropout, register, report, schedule, schooling, watch
from bangfu.flow.attendance import WHY, may_call
from bangfu.records import audit
from bangfu.records.models import (
    AbsenceMark,
    DropoutFile,
    Evidence,
    Guardian,
    HomeTeaching,
    RollCall,
    SchoolClass,
)

SESSION = {"day": "全天", "morning": "上午", "afternoon": "下午"}
CAUSE = WHY | {"excused": "请了假"}
SAID = {True: "是", False: "否", None: "还不知道"}
STATE = {
    "suspected_dropout": "疑似未在校", "dropout": "未在校", "persuaded": "已劝返，等返校", "returned": "已返校",
    "home_teaching": "送教上门", "transferred": "已转学", "suspended": "休学", "abroad": "出境", "deceased": "死亡",
    "closed": "已销号",
}  # fmt: skip
REASON = {
    "poverty": "家庭经济困难", "work": "外出务工", "marriage": "婚育", "learning": "学习跟不上", "health": "身体原因",
    "family": "家庭变故", "unwilling": "不想上学", "unknown": "还不清楚", "other": "其他",
}  # fmt: skip
WAY = {
    "phone": "电话",
    "visit": "上门",
    "at_school": "来校",
    "with_village": "和村里一起上门",
    "with_township": "和镇里一起上门",
}
ATTITUDE = {
    "agrees": "愿意返校", "thinks_it_over": "再想想", "has_difficulties": "家里有难处", "does_not_agree": "暂时不同意",
    "not_met": "没见到人",
}  # fmt: skip
ANSWER = {
    "same_child": "在本校", "another_school": "在外校就读",
    "moved": "已迁走", "too_young": "还没到年龄", "finished": "已完成义务教育",
    "abroad": "在境外", "deceased": "死亡", "home_teaching": "送教上门", "suspended": "缓学或休学", "with_leave": "请假",
    "being_traced": "正在找", "opened_file": "已建档",
}  # fmt: skip
PROOF = {
    "seen_in_class": "到班核实", "plan_approved": "送教方案批复", "transfer_letter": "转学联系函", "roll_elsewhere": "外校学籍",
    "suspension_approved": "休学批复", "border_record": "出入境记录", "household_cancelled": "户籍注销",
    "death_certificate": "死亡证明",
    "other": "其他凭据",
}  # fmt: skip
LEDGERS = {
    "suspected_ledger": ("suspected_dropout",),
    "dropout_ledger": tuple(s for s in rules.SAID if s != "suspected_dropout"),
}


class NotForYou(Refusal):
    sentence = "这份表由校长、分管副校长或学籍管理员来打印。"


def _print(key: str, rows: list[dict], words: dict[str, str], *, form: str, by) -> report.Download:
    """Draw one register of our specs and note who took it."""
    if form not in report.WRITERS:
        raise report.NoSuchPaper
    spec, now = adopt.shelf().commons.registers[key], clock.now()
    code = hashlib.sha256(f"{key}|{by.staff.pk}|{now.isoformat()}".encode()).hexdigest()[:8].upper()
    stamp = Stamp(now, by.staff.name, f"{code[:4]}-{code[4:]}")
    words = {"school": by.school.name, "day": long_date(by.day)} | words
    keys = [column.key for column in spec.columns]
    paper = Paper(
        title=spec.title, tab=spec.title[:20], school="", landscape=spec.landscape, stamp=stamp,
        columns=tuple(Column(c.title, c.width, _kind(c)) for c in spec.columns),
        rows=tuple(tuple(at if k == "number" else row.get(k) for k in keys) for at, row in enumerate(rows, start=1)),
        head=tuple(report.fill(line, words) for line in spec.subtitles),
        foot=(*(report.fill(line, words) for line in spec.foot), ("填表人", ""), ("审核人", ""), ("日期", "")),
    )  # fmt: skip
    write, media_type = report.WRITERS[form]
    content = write([paper])
    changes = {"register": key, "form": form, "rows": len(rows), "page": stamp.page_id}
    audit.log("report.export", by=by.staff, at=now, changes=changes)
    name = re.sub(r"\{(\w+)\}", lambda found: words.get(found[1], ""), spec.file_name)
    return report.Download(f"{re.sub(r'[^0-9A-Za-z_一-鿿-]+', '', clean(name))}.{form}", media_type, content)


def _kind(column) -> str:
    return "sign" if column.key == "signature" else {"number": "int", "date": "date"}.get(column.kind, "text")


def absences(*, month: str, form: str, by) -> report.Download:
    """This function will print a month's absences of the classes the viewer may call (F25); raises NothingToPrint."""
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", month):
        raise report.NothingToPrint
    year, number = (int(part) for part in month.split("-"))
    mine = [one.pk for one in SchoolClass.objects.visible_to(by) if may_call(by, one)]
    calls = RollCall.objects.standing().filter(school_class__in=mine, day__year=year, day__month=number)
    marks = AbsenceMark.objects.filter(roll_call__in=calls).select_related(
        "pupil", "by", "roll_call__school_class"
    )
    rows = [
        {
            "day": mark.day, "class": mark.roll_call.school_class.label_on(mark.day), "name": mark.pupil.name,
            "session": SESSION[mark.roll_call.session], "explained": SAID[mark.is_explained],
            "reason": "，".join(part for part in (CAUSE.get(mark.cause, ""), mark.said.reveal() if mark.said else "") if part),
            "called": f"{mark.called_whom} {mark.called_at:%H:%M}".strip() if mark.called_at else "", "by": mark.by.name,
        }
        for mark in marks.order_by("day", "roll_call__school_class__number", "pupil__sort_key")
    ]  # fmt: skip
    if not calls.exists():
        raise report.NothingToPrint("这个月还没有点过名，所以没有登记表可打。")
    return _print("absence_register", rows, {"month": f"{year}年{number}月"}, form=form, by=by)


def ledger(*, key: str, form: str, by) -> report.Download:
    """This function will print one of the three ledgers (F26), children to look after first; raises NotForYou."""
    if not schooling.may_look(by):
        raise NotForYou
    if key == "school_age_ledger":
        return _school_age(form, by)
    if key not in LEDGERS:
        raise report.NoSuchPaper
    files = DropoutFile.objects.visible_to(by).filter(state__in=LEDGERS[key])
    return _print(key, rows_of(files, by), {}, form=form, by=by)


def rows_of(files, by) -> list[dict]:
    """This function will give the cells of files, one each: children to look after first, then by day."""
    files = list(
        files.select_related("pupil", "catchment_child", "minder").prefetch_related("steps", "persuasions")
    )
    pupils = [file.pupil_id for file in files if file.pupil_id]
    groups, tells = watch.groups(pupils, by.day), watch.may_read(by)
    classes = register.classes_of(pupils, by.day)
    family: dict[UUID, Guardian] = {}
    for guardian in Guardian.objects.filter(pupil__in=pupils).order_by("-position"):
        family[guardian.pupil_id] = guardian
    files.sort(key=lambda file: (not groups.get(file.pupil_id), file.left_on))
    return [
        _cells(file, family.get(file.pupil_id), classes.get(file.pupil_id, ("",))[0])
        | {"group": "、".join(groups.get(file.pupil_id, ())) if tells else ""}
        for file in files
    ]


def _cells(file: DropoutFile, guardian: Guardian | None, label: str) -> dict:
    pupil, child = file.pupil, file.catchment_child
    steps = list(file.steps.all())
    closing = steps[-1] if steps and steps[-1].state == "closed" else None
    where = [step.said.reveal() for step in steps if step.state in rules.ACCOUNTED and step.said]
    back = [step.on for step in steps if step.state in ("returned", "closed")]
    if pupil:
        who = {
            "name": pupil.name, "id_number": _masked(pupil.id_number), "roll_no": _masked(pupil.roll_no), "class": label,
            "guardian": guardian.name if guardian else "", "phone": _masked(guardian.phone if guardian else None),
        }  # fmt: skip
    else:
        who = {
            "name": child.name.reveal(), "id_number": _masked(child.id_number), "roll_no": "", "class": "未入学",
            "guardian": child.guardian.reveal() if child.guardian else "", "phone": _masked(child.phone),
            "home": child.village,
        }  # fmt: skip
    partner = file.partner.reveal() if file.partner else ""
    return who | {
        "left_on": file.left_on, "reason": REASON[file.reason], "where": "；".join(where),
        "minders": "、".join(part for part in (file.minder.name, partner) if part), "talks": len(file.persuasions.all()),
        "state": STATE[file.state], "back_on": back[-1] if back else None,
        "proof": f"{PROOF.get(closing.proof_kind, '')}：{closing.proof.reveal()}" if closing else "",
    }  # fmt: skip


def _masked(sealed) -> str:
    return sealed.masked() if sealed else ""


def _school_age(form: str, by) -> report.Download:
    if not dropout.keeps(by):
        raise NotForYou
    seen = catchment.compared(by)
    if seen.listed is None:
        raise report.NothingToPrint("还没有导入适龄儿童名单，所以没有台账可打。")
    missing = {one.subject_id: one for one in seen.never_enrolled}
    rows = []
    for child in seen.listed.children.order_by("at_row"):
        one = missing.get(child.pk)
        said = one.answer if one else None
        if one is None:
            state = "在本校"
        else:
            state = "已建档" if one.file_id else ANSWER[said.answer] if said else "还没有答复"
        rows.append({
            "name": child.name.reveal(), "birth_on": child.birth_on, "id_number": _masked(child.id_number),
            "guardian": child.guardian.reveal() if child.guardian else "", "phone": _masked(child.phone),
            "village": child.village, "state": state, "where": said.said.reveal() if said and said.said else "",
            "answered": f"{said.by.name} {long_date(schedule.local_day(said.at))}" if said else "",
        })  # fmt: skip
    words = {"listed_on": long_date(seen.listed.listed_on), "source": seen.listed.source or "村镇"}
    return _print("school_age_ledger", rows, words, form=form, by=by)


def of_file(*, file: DropoutFile, key: str, form: str, by) -> report.Download:
    """This function will print a paper about one child: persuasion_log, dropout_report or return_notice."""
    if not dropout.may_write(by, file.pupil):
        raise NotForYou
    cells = rows_of(DropoutFile.objects.filter(pk=file.pk), by)[0]
    words = {"name": str(cells["name"]), "class": str(cells["class"])}
    if key == "persuasion_log":
        rows = [_talk(one) for one in file.persuasions.all()]
    elif key in ("dropout_report", "return_notice"):
        rows = _facts(file, cells, key, by)
    else:
        raise report.NoSuchPaper
    return _print(key, rows, words, form=form, by=by)


def _talk(one) -> dict:
    return {
        "on": one.on, "way": WAY[one.way], "who": one.who.reveal() if one.who else "",
        "talked_with": one.talked_with.reveal() if one.talked_with else "", "attitude": ATTITUDE[one.attitude],
        "result": one.result.reveal() if one.result else "", "next_step": one.next_step.reveal() if one.next_step else "",
    }  # fmt: skip


def _facts(file: DropoutFile, cells: dict, key: str, by) -> list[dict]:
    talks = list(file.persuasions.all())
    log = (
        "\n".join(f"{long_date(t.on)}　{WAY[t.way]}：{ATTITUDE[t.attitude]}" for t in talks)
        or "还没有劝返记录"
    )
    told = [
        ("学生", f"{cells['name']}　{cells['class']}"),
        ("监护人", f"{cells['guardian']}"),
        ("事实", f"自{long_date(file.left_on)}起没有到校上课。原因：{cells['reason']}。"),
        ("学校做过的", log),
    ]
    if key == "return_notice":
        told += [("要求", "请于______年____月____日前送孩子返校。有难处，请和学校、镇里说，一起想办法。"),
                 ("签发机关", "____________人民政府（章）"), ("送达日期", "______年____月____日")]  # fmt: skip
    else:
        told += [("目前情况", cells["state"]), ("请求", "学校已多次联系，仍未返校，请依法处理，并和学校一起做工作。"),
                 ("报告单位、日期", f"{by.school.name}　{long_date(by.day)}")]  # fmt: skip
    return [{"item": item, "content": content} for item, content in told]


def home_teaching(*, row: HomeTeaching, form: str, by) -> report.Download:
    """This function will print the visits of one plan of teaching at home (F29)."""
    visits = visits_of(row)
    words = {"name": row.pupil.name, "teacher": row.teacher.name, "planned": str(row.lessons_a_year),
             "given": str(sum(lessons for *_, lessons in visits))}  # fmt: skip
    rows = [
        {
            "on": one.happened_on, "lessons": f"{lessons}", "content": "、".join(_many(one.answers.get("content"))),
            "reaction": "、".join(_many(one.answers.get("reaction"))), "note": one.note, "by": one.author.name,
        }
        for one, lessons in visits
    ]  # fmt: skip
    return _print("home_teaching_log", rows, words, form=form, by=by)


def visits_of(row: HomeTeaching) -> list[tuple[Evidence, int]]:
    """This function will give the visits of a plan and how many lessons each was; a visit that says nothing is one."""
    rows = Evidence.objects.current().filter(about__pupil=row.pupil_id, happened_on__gte=row.starts_on)
    if row.ends_on:
        rows = rows.filter(happened_on__lte=row.ends_on)
    visits = [
        one
        for one in rows.select_related("author").order_by("happened_on", "written_at")
        if "home_teaching" in one.activities
    ]
    return [(one, _lessons(one.answers)) for one in visits]


def _lessons(answers: dict) -> int:
    inside = answers.get("home_teaching") if isinstance(answers.get("home_teaching"), dict) else answers
    said = "".join(_many(inside.get("lessons")))
    return int(said[0]) if said[:1].isdigit() else 1


def _many(value) -> Iterable[str]:
    return [value] if isinstance(value, str) else value or []


def monthly(*, month: str, form: str, by) -> report.Download:
    """This function will print a month's report as confirmed, or as it stands; "nobody" is written out (R82)."""
    if not schooling.may_look(by):
        raise NotForYou
    one = next((one for one in schooling.months(by) if one.key == month), None)
    if one is None:
        raise schooling.NoSuchMonth
    content = one.report.content if one.report else schooling.compiled(by, one.period)
    files = DropoutFile.objects.visible_to(by).filter(
        pk__in=[f["file"] for f in content["files"] if f["state"] in rules.GONE]
    )
    listed = "\n".join(f"{c['name']}　{c['class']}　{c['state']}　{c['reason']}" for c in rows_of(files, by))
    who = (
        f"{one.report.confirmed_by.name}　{long_date(schedule.local_day(one.report.confirmed_at))}"
        if one.report
        else "还没有确认"
    )
    rows = [
        ("在籍学生", f"{content['roll']} 人"),
        ("疑似、未在校学生", listed or "无"),
        ("本月新建档、返校、销号", f"{content['opened']}、{content['returned']}、{content['closed']}"),
        ("连续没到校、正在跟的", f"{content['away']} 人" if content["away"] else "无"),
        ("点名", f"应点 {content['to_look']} 班次，点了 {content['looked']} 班次"),
        (
            "适龄儿童入学",
            f"{content['enrolled']} / {content['of_age']}" if content["of_age"] else "还没有适龄儿童名单",
        ),
        ("没有答复的差别", f"{content['differences']} 处" if content["differences"] else "无"),
        ("确认", who),
    ]
    cells = [{"item": item, "content": words} for item, words in rows]
    return _print("schooling_report", cells, {"month": one.period.title}, form=form, by=by)
