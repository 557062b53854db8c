"""Four papers: the record of a talk (F24, closed), the report of harm (F39, restricted), the family's consent (F40)
and what a family is told when somebody read. File names say nothing of why.
"""

import hashlib

from django.utils import timezone

from bangfu.engine.refusal import Refusal
from bangfu.exchange import form_sheet
from bangfu.exchange.form_sheet import Form, Line, pairs, wide
from bangfu.exchange.paper import Stamp, gap, long_date
from bangfu.flow import care, care_glass, care_notes, clock
from bangfu.flow.register import SEX, classes_of
from bangfu.flow.report import WRITERS, Download
from bangfu.records import audit
from bangfu.records.models import CareCase, Escalation, EscalationCall, GlassBreak, MandatoryReport, Pupil

FORMS = {"xlsx": form_sheet.write_xlsx, "docx": form_sheet.write_docx}
ROOM = 20.0
HARM = {
    "harm_self": "可能伤害自己", "harmed": "被别人伤害", "missing": "走失、找不到", "hurt": "受伤、急病",
    "uncared": "没有人照看",
}  # fmt: skip
TOLD = {
    "police": "公安机关", "education_bureau": "教育部门", "civil_affairs": "民政部门", "guardian": "监护人",
    "village": "村（居）委会",
}  # fmt: skip
WHOM = {
    "principal": "校长", "vice_principal": "副校长", "guardian": "家里", "homeroom_teacher": "班主任",
    "police": "110", "ambulance": "120", "hotline": "12355",
}  # fmt: skip
CLOSED = (
    "由心理老师本人保管，单独存放；不进班级档案，平时不给别人看，紧急查看要两个人同意，并书面告诉家里。"
    "有危险时按规定告诉监护人和班主任，并在此写明。"
)
KEPT = (
    "谈话的内容平时只有心理老师看得到，校长、班主任、管理员都不看。万不得已要看时，须写明原因、另一个人同意，"
    "并书面告诉您。给老师的建议只说可以怎么做，不说原因。"
)
UNLESS = "孩子或别人有危险时，会马上告诉您和校长；法律要求报告的，学校会报告。"
FREE = "不同意也完全可以，不影响别的帮助，也不用说原因。同意了，哪一天不愿意了，说一声就停。测评另外征求同意，从不勉强。"
SIGNED = "□同意　□不同意\n孩子自己：□愿意　□先不用\n监护人签名：______________　与学生关系：__________　日期：______________"


class NoSuchForm(Refusal):
    sentence = "只能打印成 Excel 或 Word。"


def record(*, case: CareCase, form: str, by) -> Download:
    """This function will print the notes of one's own case (F24), a sheet for each talk; raises NotYours."""
    told = [one for one in care_notes.read(case=case, by=by) if not (one.is_gone or one.is_old)]
    head = _head(case.pupil, by)
    made = [
        Form("心理辅导记录", f"记录{number}", by.school.name, (*head, *_talk(one)), CLOSED, _stamp(by, "F24"))
        for number, one in enumerate(reversed(told), 1)
    ]
    blank = Form("心理辅导记录", "记录", by.school.name, (*head, *_empty()), CLOSED, _stamp(by, "F24"))
    if made and (broken := _broken(case.pupil)):
        last = made[-1]
        made[-1] = Form(last.title, last.tab, last.head, (*last.lines, broken), last.foot, last.stamp)
    care.trail("print", case, by)
    return _made(made or [blank], "记录表", form)


def _talk(one: care_notes.Told) -> tuple[Line, ...]:
    said = dict(one.parts)
    first = pairs(
        ("日期", long_date(one.on)), ("方式", one.form if not one.of_group else f"小组，{one.of_group}人")
    )
    parts = tuple(wide(title, said.get(title, ""), ROOM) for _, title in care_notes.PARTS)
    return (first, *parts, wide("安全", one.safety))


def _empty() -> tuple[Line, ...]:
    first = pairs(("日期", gap("日期")), ("方式", "　".join(f"□{one}" for one in care_notes.FORMS)))
    parts = tuple(wide(title, "", ROOM) for _, title in care_notes.PARTS)
    return (first, *parts, wide("安全", "　".join(f"□{one}" for one in care_notes.SAFETY)))


def _broken(pupil: Pupil) -> Line | None:
    """To whom confidence was broken, and when."""
    calls = EscalationCall.objects.filter(alarm__in=Escalation.objects.filter(pupil=pupil), reached=True)
    said = [f"{clock_time(one.at)} {WHOM[one.whom]}" for one in calls.order_by("at")]
    return wide("为了安全告诉过谁、什么时候", "；".join(said)) if said else None


def consent(*, case: CareCase, form: str, by) -> Download:
    """This function will print what the family is told and asked (F40) for one's own case; raises NotYours."""
    care.must_keep(case, by)
    lines = (
        *_head(case.pupil, by),
        wide("什么事", "学校的心理老师想和孩子定期聊一聊，每次不超过一节课，在学校里。"),
        wide("谁看得到", KEPT),
        wide("什么时候会告诉别人", UNLESS),
        wide("您可以", FREE),
        wide(
            "保管多久",
            f"孩子离校满 {care.rules(by).keep_years} 年后销毁。依据《个人信息保护法》第二十八至三十一条。",
        ),
        wide("家里的意见", SIGNED, 26),
    )
    made = Form(
        "谈话告知与同意书",
        "同意书",
        by.school.name,
        lines,
        "一式两份，家里一份，心理老师一份。",
        _stamp(by, "F40"),
    )
    care.trail("print", case, by)
    return _made([made], "同意书", form)


def harm(*, report: MandatoryReport, form: str, by) -> Download:
    """This function will print a report (F39) and what was added to it; the caller has passed `visible_to`."""
    rows = [report, *report.additions.select_related("by").order_by("at")]
    lines = [*_head(report.pupil, by)]
    for number, row in enumerate(rows):
        lines += [wide("补充" if number else "情况", HARM[row.kind])]
        lines += [pairs(("发现的日子", long_date(row.found_on)), ("写下的人", row.by.name))]
        lines += [wide("看到的、听到的", row.facts.reveal(), ROOM)]
        lines += [
            pairs(("告诉了", "、".join(TOLD[one] for one in row.told)), ("什么时候", clock_time(row.told_at)))
        ]
        lines += [wide("对方怎么说", row.answer.reveal() if row.answer else "")]
        lines += [wide("写下的时间", clock_time(row.at))]
    foot = "只限校长和写下的人查看。只添不改。依据《未成年人保护法》第十一条。"
    made = Form("强制报告记录", "记录", by.school.name, tuple(lines), foot, _stamp(by, "F39"))
    audit.log("report.harm_print", by=by.staff, at=clock.now(), changes={"paper": "F39", "form": form})
    return _made([made], "报告记录", form)


def told_family(*, glass: GlassBreak, form: str, by) -> Download:
    """This function will print what the family is told: who read, who agreed, why, when. Raises NotForYou, Over."""
    if not care_glass.may(by):
        raise care_glass.NotForYou
    if glass.state != "agreed":
        raise care_glass.Over("没有同意的，就没有查看，不用告知。")
    opened = sorted({clock_time(one.at) for one in glass.openings.all()})
    lines = (
        *_head(glass.pupil, by),
        wide("谁要看", glass.asked_by.name),
        wide("谁同意", glass.agreed_by.name),
        wide("为什么", glass.reason.reveal()),
        wide("从什么时候到什么时候", f"{clock_time(glass.agreed_at)}至{clock_time(glass.expires_at)}"),
        wide("打开的时间", "；".join(opened) or "没有打开"),
        wide("您可以", "问清楚看了什么、为什么；有意见可以向校长或教育部门提出。"),
    )
    made = Form(
        "查看告知书", "告知书", by.school.name, lines, "一式两份，家里一份，学校一份。", _stamp(by, "glass")
    )
    return _made([made], "告知书", form)


def clock_time(at) -> str:
    """This function will write a moment as people do: 2026年11月18日 10:05."""
    if at is None:
        return ""
    here = timezone.localtime(at)
    return f"{long_date(here.date())} {here:%H:%M}"


def _head(pupil: Pupil, by) -> tuple[Line, ...]:
    label = classes_of([pupil.pk], by.day).get(pupil.pk, ("",))[0]
    return (pairs(("学生", pupil.name), ("性别", SEX.get(pupil.sex, "")), ("班级", label)),)


def _stamp(by, what: str) -> Stamp:
    now = clock.now()
    code = hashlib.sha256(f"{what}|{by.staff.pk}|{now.isoformat()}".encode()).hexdigest()[:8].upper()
    return Stamp(now, by.staff.name, f"{code[:4]}-{code[4:]}")


def _made(made: list[Form], name: str, form: str) -> Download:
    if form not in FORMS:
        raise NoSuchForm
    return Download(f"{name}.{form}", WRITERS[form][1], FORMS[form](made))
