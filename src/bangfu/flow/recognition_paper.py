"""The papers of recognition: the form blank or filled (F02), minutes (F03), notice (F04), counts (F31); xlsx and docx.

Only people of the group take a filled form or the minutes; the notice prints what hangs now and nothing after its
last day; every printing leaves a trace. No file name says anything of a child but, for a filled form, the name.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bangfu.engine.hardship import EVENTS, FACTORS, GROUPS, HOME, LEVELS, MEMBER, MEMBERS, PROMISE, WISH
from bangfu.engine.refusal import Refusal
from bangfu.exchange import form_sheet
from bangfu.exchange.form_sheet import Box, Form, Line, pairs, wide
from bangfu.exchange.paper import Column, Paper, Stamp, long_date
from bangfu.flow import (
    adopt,
    clock,
    known,
    notice,
    recognition,
    recognition_form,
    recognition_match,
)
from bangfu.flow.almanac import term_title
from bangfu.flow.register import SEX, classes_of
from bangfu.flow.report import KINDS, SEASON, WRITERS, Download, NothingToPrint, fill
from bangfu.records import audit
from bangfu.records.models import Application, Notice, Pupil, Recognition, RecognitionRound, Staff

FORMS = {"xlsx": form_sheet.write_xlsx, "docx": form_sheet.write_docx}
WIDTHS = (2, 1, 2, 2, 1, 2, 2)  # of the seven columns of family members; together the grid
TITLE = "家庭经济困难学生认定申请表"
# Room to write by hand.
COPIED = "请抄写：______________________________________________________\n签名：______________　日期：______________"
WHO = "______________　与学生关系：__________"
SIGNED = "\n签名：______________　日期：______________"
VERDICT = "□同意　□不同意，调整为：__________　理由：______________\n公示____个工作日　盖章：__________　日期：______________"
PEOPLE = {"rural": "农村", "urban": "城镇"}


class Over(Refusal):
    sentence = "公示期过了，或已经撤下，不再打印。墙上的也请取下。"


class NoSuchForm(Refusal):
    sentence = "只能打印成 Excel 或 Word。"


@dataclass(frozen=True, slots=True)
class Filling:
    """What a form is filled with: the child, what the family told and who asked, what the roll knows."""

    name: str = ""
    said: Mapping = field(default_factory=dict)
    applicant: str = ""
    on: date | None = None  # the day they asked
    roll: Mapping = field(default_factory=dict)


def _stamp(by, what: str) -> Stamp:
    now = clock.now()
    code = hashlib.sha256(f"{what}|{by.staff.pk}|{now.isoformat()}".encode()).hexdigest()[:8].upper()
    return Stamp(now, by.staff.name, f"{code[:4]}-{code[4:]}")


def _file(name: str, form: str, content: bytes) -> Download:
    return Download(f"{name}.{form}", WRITERS[form][1], content)


def _must_know(form: str) -> None:
    if form not in WRITERS:
        raise NoSuchForm


def _term_of_file(round: RecognitionRound) -> str:
    first, _, season = round.term_key.rpartition("-")
    return f"{first.split('-')[0] if season == '1' else first.split('-')[-1]}{SEASON.get(season, season)}"


def _trace(round: RecognitionRound | None, paper: str, form: str, by) -> None:
    audit.log(
        "recognition.print",
        by=by.staff,
        at=clock.now(),
        subject=round,
        changes={"paper": paper, "form": form},
    )


def blank_form(*, form: str, by) -> Download:
    """This function will print the empty F02 for families; nothing of any child stands on it."""
    _must_know(form)
    made = _form(Filling(), by)
    _trace(None, "F02", form, by)
    return _file("申请表", form, FORMS[form]([made]))


def filled_form(*, application: Application, form: str, by) -> Download:
    """This function will print an application with what the roll knows; raises NotInGroup."""
    _must_know(form)
    content, applicant = recognition_form.opened(application, by)
    pupil = application.pupil
    made = _form(
        Filling(pupil.name, content, applicant, application.applied_on, _of_roll(pupil, application, by.day)),
        by,
    )
    _trace(application.round, "F02", form, by)
    return _file(f"申请表_{pupil.name}", form, FORMS[form]([made]))


def _of_roll(pupil: Pupil, application: Application, day: date) -> dict[str, str]:
    label = classes_of([pupil.pk], day).get(pupil.pk, ("",))[0]
    told = known.newest([pupil.pk], day).get(pupil.pk, {})
    hukou = told["hukou_type"].value if "hukou_type" in told else ""
    opinion = recognition_form.round_opinions(application.round).filter(pupil=pupil).first()
    given = Recognition.objects.filter(round=application.round, pupil=pupil, ended_on__isnull=True).first()
    return {
        "class": label, "sex": SEX.get(pupil.sex, ""), "ethnicity": pupil.ethnicity,
        "born": f"{pupil.birth_on:%Y年%m月}" if pupil.birth_on else "", "hukou": PEOPLE.get(str(hukou), ""),
        "id_number": pupil.id_number.reveal() if pupil.id_number else "",
        "phone": pupil.phone.reveal() if pupil.phone else "",
        "address": pupil.address.reveal() if pupil.address else "",
        "opinion": f"建议：{opinion.level}。{opinion.note}" if opinion and opinion.level else "",
        "decision": f"认定为{given.level}。{given.because}" if given else "",
    }  # fmt: skip


def _form(filling: Filling, by) -> Form:
    """Blank where nothing is known: the same form is printed for families to fill in."""
    said, applicant = filling.said, filling.applicant

    def of(key: str) -> str:
        return filling.roll.get(key, "")

    home = {blank.key: said.get(blank.key, "") for blank in (*HOME, *EVENTS, WISH)}
    home["hukou"] = home["hukou"] or of("hukou")
    ticked = said.get("groups", ())
    ticks = "　".join(
        f"{'☑' if key in ticked else '□'}{words}"
        for key, words in recognition_match.groups(filling.on or by.day).items()
    )
    members = [*said.get("members", ()), *({} for _ in range(MEMBERS))][:MEMBERS]
    signed = "（纸上已抄写、签名）" if applicant else COPIED
    lines = (
        pairs(("姓名", filling.name), ("性别", of("sex")), ("出生年月", of("born"))),
        pairs(("班级", of("class")), ("民族", of("ethnicity")), ("籍贯", "")),
        pairs(("身份证号码", of("id_number")), ("家长手机号码", of("phone"))),
        pairs(*((HOME[at].title, home[HOME[at].key]) for at in range(3))),
        wide("详细通讯地址、邮编", of("address")),
        Line(tuple(Box(title, width, is_label=True) for (_, title, _), width in zip(MEMBER, WIDTHS, strict=True))),
        *(
            Line(tuple(Box(row.get(key, ""), width) for (key, _, _), width in zip(MEMBER, WIDTHS, strict=True)))
            for row in members
        ),
        wide(GROUPS, f"学校核对名单，有的不用填、不用交证明。自己知道的可以勾：\n{ticks}"),
        *(
            pairs(*((blank.title, home[blank.key]) for blank in EVENTS[at : at + 2]))
            for at in range(0, len(EVENTS), 2)
        ),
        wide(WISH.title, home[WISH.key]),
        wide("个人承诺", f"{PROMISE}\n{signed}", 18),
        wide("申请人", f"{applicant or WHO}　　自愿申请，评议以前随时可以撤回。"),
        wide("评议小组意见", of("opinion") or SIGNED, 18),
        wide("学校认定意见", of("decision") or VERDICT, 18),
    )  # fmt: skip
    head = f"{by.school.name}　　不填的地方空着就可以。只有评议小组、资助专干和校长看得到。"
    return Form(
        TITLE, "申请表", head, lines, "用途只是家庭情况认定；资料按规定保存，到期删除。", _stamp(by, "F02")
    )


def _paper(key: str, words: dict[str, str], rows: list[dict], by) -> Paper:
    """Fill a spec of _common/registers; a column nobody fills stays an empty cell."""
    spec = adopt.shelf().commons.registers[key]
    kinds = {
        column.key: "int" if column.key == "votes" else KINDS.get(column.kind, "text")
        for column in spec.columns
    }
    return Paper(
        title=spec.title, tab=spec.file_name.split("_")[0], school="",
        columns=tuple(Column(c.title, c.width, kinds[c.key]) for c in spec.columns),
        rows=tuple(
            tuple(at if c.key == "number" else row.get(c.key) for c in spec.columns)
            for at, row in enumerate(rows, start=1)
        ),
        stamp=_stamp(by, key), head=tuple(fill(line, words) for line in spec.subtitles),
        foot=tuple(line for one in spec.foot if (line := fill(one, words).strip())), landscape=spec.landscape,
    )  # fmt: skip


def posted(*, shown: Notice, form: str, by) -> Download:
    """This function will print a notice as it hangs now (F04); raises Over once it is gone, NotYours."""
    _must_know(form)
    if not Notice.objects.visible_to(by).filter(pk=shown.pk).exists():
        raise recognition.NotYours
    lines = notice.shown(shown, by.day)
    if not lines:
        raise Over
    words = {
        "school": by.school.name, "term": term_title(shown.round.term_key), "from": long_date(shown.posted_on),
        "until": long_date(shown.until), "days": str(shown.workdays), "contact": shown.contact,
    }  # fmt: skip
    rows = [
        {"name": one.name, "grade": one.grade, "school_class": one.school_class, "level": one.level}
        for one in lines
    ]
    content = WRITERS[form][0]([_paper("wall_notice", words, rows, by)])
    _trace(shown.round, "F04", form, by)
    return _file(f"公示_公示期至{shown.until.month}月{shown.until.day}日", form, content)


def minutes(*, round: RecognitionRound, form: str, by) -> Download:
    """This function will print the group's minutes (F03); raises NotInGroup, NothingToPrint."""
    _must_know(form)
    recognition.must_see(round, by)
    appraisal = getattr(round, "appraisal", None)
    if appraisal is None:
        raise NothingToPrint("还没有评议，所以没有记录可打。")
    names = dict(Staff.objects.filter(pk__in=appraisal.present).values_list("pk", "name"))
    words = {
        "school": by.school.name, "term": term_title(round.term_key), "present": "、".join(names.values()) or "无",
        "held_on": long_date(appraisal.held_on) if appraisal.held_on else "", "note": appraisal.note or "　",
        "recorder": appraisal.recorder.name if appraisal.recorder else "",
    }  # fmt: skip
    opinions = list(appraisal.opinions.select_related("pupil"))
    classes = classes_of([one.pupil_id for one in opinions], by.day)
    given = {one.pupil_id: one for one in round.recognitions.filter(ended_on__isnull=True)}
    factors = dict(FACTORS)
    rows = [
        {
            "class": classes[one.pupil_id][0], "name": one.pupil.name, "level": one.level, "votes": one.votes,
            "factors": "、".join(factors[key] for key in one.factors if key in factors),
            "decided": given[one.pupil_id].level if one.pupil_id in given else "", "remark": one.note,
        }
        for one in sorted(opinions, key=lambda o: (classes.get(o.pupil_id, ("", ()))[1], o.pupil.sort_key))
        if one.pupil_id in classes
    ]  # fmt: skip
    content = WRITERS[form][0]([_paper("appraisal_minutes", words, rows, by)])
    _trace(round, "F03", form, by)
    return _file(f"评议记录_{_term_of_file(round)}", form, content)


def counts(*, round: RecognitionRound, form: str, by) -> Download:
    """This function will print the counts by class, category and level (F31), from the files; raises NotInGroup."""
    _must_know(form)
    recognition.must_see(round, by)
    rows = count_rows(round, by)
    if not rows:
        raise NothingToPrint("现在没有认定在有效期里的学生，所以没有人数可数。")
    words = {"school": by.school.name, "term": term_title(round.term_key), "day": long_date(by.day)}
    content = WRITERS[form][0]([_paper("recognition_counts", words, rows, by)])
    _trace(round, "F31", form, by)
    return _file(f"认定人数_{_term_of_file(round)}", form, content)


def count_rows(round: RecognitionRound, by) -> list[dict]:
    """This function will count who is recognised today: per class each category, then the class, then the school."""
    here = Pupil.objects.filter(school_id=by.school_id).on_roll(by.day)
    rows = list(Recognition.objects.in_force(by.day).filter(pupil__in=here))
    pupils = [one.pupil_id for one in rows]
    classes, told = classes_of(pupils, by.day), known.newest(pupils, by.day)
    boards = {pk for pk in pupils if "boards" in told.get(pk, {}) and told[pk]["boards"].value is True}
    titles = recognition_match.certified_facts(by.day)
    by_class: dict[tuple, dict[str, list]] = defaultdict(lambda: defaultdict(list))
    for one in rows:
        label, order = classes[one.pupil_id]
        for fact in one.certified or [""]:
            by_class[order, label][titles.get(fact, "学校评议")].append(one)
    found = []
    for (_, label), categories in sorted(by_class.items()):
        found += [_counted(label, name, ones, boards) for name, ones in sorted(categories.items())]
        everybody = {one.pk: one for ones in categories.values() for one in ones}
        found.append(_counted(label, "合计", list(everybody.values()), boards))
    return [*found, _counted("全校", "合计", rows, boards)] if found else []


def _counted(label: str, category: str, ones: list[Recognition], boards: set) -> dict:
    levels = [one.level for one in ones]
    most, middle, least = (levels.count(level) for level in LEVELS)
    return {
        "class": label, "category": category, "most": most, "middle": middle, "least": least, "all": len(ones),
        "boards": sum(one.pupil_id in boards for one in ones),
    }  # fmt: skip
