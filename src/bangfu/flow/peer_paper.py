"""The list of who learns side by side in a class: names in seat order, nothing else; it may be read by every child."""

import hashlib

from bangfu.exchange.paper import Column, Paper, Stamp, long_date
from bangfu.flow import clock, peers, report
from bangfu.flow.peer_words import check_minds
from bangfu.records import audit
from bangfu.records.models import SchoolClass

TITLE = "一起学习的同学"


def print_list(*, school_class: SchoolClass, form: str, by) -> report.Download:
    """This function will print who learns side by side in a class. Raises NotYourClass, NoSuchPaper, NothingToPrint."""
    check_minds(by, school_class)
    if form not in report.WRITERS:
        raise report.NoSuchPaper
    held = [one for one in peers.together(school_class, by) if one.state == "confirmed"]
    if not held:
        raise report.NothingToPrint("这个班还没有开始的对子和小组，所以没有名单可打。")
    now, label = clock.now(), school_class.label_on(by.day)
    code = hashlib.sha256(f"{TITLE}|{school_class.pk}|{now.isoformat()}".encode()).hexdigest()[:8].upper()
    rows = [(at, _who(one), one.since) for at, one in enumerate(held, start=1)]
    paper = Paper(
        title=TITLE, tab=TITLE, school="", landscape=False, foot=(),
        columns=(Column("序号", 12, "int"), Column("同学", 110), Column("从哪天起", 36, "date")),
        rows=tuple(rows), head=(f"{by.school.name}　{label}　{long_date(by.day)}",),
        stamp=Stamp(now, by.staff.name, f"{code[:4]}-{code[4:]}"),
    )  # fmt: skip
    write, media_type = report.WRITERS[form]
    audit.log(
        "peers.print", by=by.staff, at=now, subject=school_class, changes={"rows": len(rows), "form": form}
    )
    return report.Download(
        f"同学互助_{label}.{form}".replace("（", "").replace("）", ""), media_type, write([paper])
    )


def _who(one: peers.Together) -> str:
    names = "、".join(mate.name for mate in one.members)
    return f"第{one.number}小组：{names}" if one.number else names
