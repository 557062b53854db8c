"""The two papers of a sponsor: the family's consent (F40) with everything said plainly, and what the sponsor gets.

The sponsor's paper is written from `sponsors.told` alone: no name, class, village, picture or reason can reach it.
"""

import hashlib

from bangfu.engine.refusal import Refusal
from bangfu.exchange import form_sheet
from bangfu.exchange.form_sheet import Form, Line, wide
from bangfu.exchange.paper import Stamp, gap, long_date
from bangfu.flow import clock, sponsors
from bangfu.flow.report import WRITERS, Download
from bangfu.records import audit
from bangfu.records.models import Case, SponsorPair

FORMS = {"xlsx": form_sheet.write_xlsx, "docx": form_sheet.write_docx}
NAMES = {"F40": "同意书", "sponsor": "资助约定"}
TOLD = "只告诉：化名、年级、需要什么。"
NEVER = "不告诉：姓名、班级、家在哪里、电话、照片、为什么需要帮助。"
FREE = (
    "不同意也完全可以，不影响别的资助和帮扶，也不用说原因。同意了，哪一天不愿意了，跟班主任说一声，当天就停。"
)
USE = "只用于找一位爱心人士一对一帮助孩子；资料留在学校，孩子离校后按规定删除。依据《个人信息保护法》第二十八至三十一条。"
SIGNED = "□同意　□不同意\n监护人签名：______________　与学生关系：__________　日期：______________"
PROMISES = (
    "一、钱物都经过学校，由学校送到，有收据；多少自愿。",
    "二、不打听孩子是谁、家在哪里，不要照片，不单独见面；想写信，交给学校转。",
    "三、不公开、不转发和孩子有关的事；不要求孩子感谢，不要求回信。",
    "四、哪一天不方便了，告诉学校就可以，不用说原因。",
)


class NothingYet(Refusal):
    sentence = "这名学生还没有资助人，约定要等定下来再打印。"


class NoSuchForm(Refusal):
    sentence = "只能打印成 Excel 或 Word。"


def consent(*, case: Case, kind: str, form: str, by) -> Download:
    """This function will print the family's consent form for one child; raises NotKeeper, NoPlan."""
    sponsors.rule_of(case.plan_key, kind, by)
    if not sponsors.cases_of(by).filter(pk=case.pk).exists():
        raise sponsors.NotKeeper
    label = sponsors.labels([case], by.day)[case.pk]
    lines = (
        wide("学生", f"{case.pupil.name}　{label}"),
        wide("什么事", "有爱心人士愿意一对一帮助一名学生。学校想先问问您愿不愿意。"),
        wide("告诉资助人", TOLD),
        wide("不告诉", NEVER),
        wide("需要什么", "可以勾：" + "　".join(f"□{one}" for one in sponsors.WISHES)),
        wide("做什么用", USE),
        wide("您可以", FREE),
        wide("家里的意见", SIGNED, 22),
    )
    made = Form(
        "一对一资助告知与同意书",
        "同意书",
        by.school.name,
        lines,
        "一式两份，家里和学校各留一份。",
        _stamp(by, "F40"),
    )
    return _made(made, "F40", form, case, by)


def letter(*, pair: SponsorPair, form: str, by) -> Download:
    """This function will print what the sponsor of a pair gets; raises NotKeeper, NothingYet."""
    if not by.holds(*sponsors.KEEPERS):
        raise sponsors.NotKeeper
    if pair.state != "confirmed" or pair.sponsor is None:
        raise NothingYet
    made = Form(
        "一对一资助约定", "约定", by.school.name, _agreed(sponsors.told(pair, by.day), pair),
        "一式两份，资助人和学校各留一份。谢谢您。", _stamp(by, "sponsor"),
    )  # fmt: skip
    return _made(made, "sponsor", form, pair, by)


def _agreed(told: sponsors.Told, pair: SponsorPair) -> tuple[Line, ...]:
    return (
        wide("资助人", pair.sponsor.name),
        wide("您帮助的孩子", f"{told.alias}（化名）　{told.grade}"),
        wide("需要什么", "、".join(told.wishes) or "由学校和家里商量"),
        wide("从哪天起", long_date(pair.valid_from)),
        wide("我们约好", "\n".join(PROMISES)),
        wide("学校会", "每学期告诉您一次：孩子在校，钱物已经送到。不用孩子写感谢信。"),
        wide("签名", f"资助人：______________　学校：______________　日期：{gap('日期')}", 18),
    )


def _stamp(by, what: str) -> Stamp:
    now = clock.now()
    code = hashlib.sha256(f"{what}|{by.staff.pk}|{now.isoformat()}".encode()).hexdigest()[:8].upper()
    return Stamp(now, by.staff.name, f"{code[:4]}-{code[4:]}")


def _made(made: Form, paper: str, form: str, subject, by) -> Download:
    if form not in FORMS:
        raise NoSuchForm
    content = FORMS[form]([made])
    changes = {"paper": paper, "form": form}
    audit.log("sponsor.print", by=by.staff, at=clock.now(), subject=subject, changes=changes)
    return Download(f"{NAMES[paper]}.{form}", WRITERS[form][1], content)
