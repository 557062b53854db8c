"""Official papers out of records: composed and printed as .xlsx or .docx (P9-19, P9-21, P9-38, P9-39, P9-41).

Only children the viewer may see stand on a paper, and every printing is an event that says who took what.
Titles such as the plans use stand inside the documents only, never in a file name.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from bangfu.engine.plan import Band
from bangfu.engine.refusal import Refusal
from bangfu.exchange import certificate, docx, xlsx
from bangfu.exchange.paper import Cell, Column, Paper, Stamp, clean, gap, long_date
from bangfu.flow import adopt, chronicle, clock, register
from bangfu.flow.offer import NoSuchPaper, Offer, Wanted, find
from bangfu.flow.register import Cells, Child, Stretch
from bangfu.records import audit
from bangfu.records.models import Case, Nomination, RoleGrant
from bangfu.records.valid import valid_on

MOST_SHEETS = 60
SEASON = {"1": "秋", "2": "春"}
WRITERS = {
    "xlsx": (xlsx.write, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "docx": (docx.write, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}
KINDS = {"number": "int", "date": "date"}
DAY_WORDS = {"day", "checked_on"}
FREE_WORDS = {"reflection", "finding"}


class NothingToPrint(Refusal):
    sentence = "这里还没有可以打印的内容。"


class TooMany(Refusal):
    sentence = f"一份文件最多放 {MOST_SHEETS} 张表。请先选一名学生，再打印。"


class NotForAWall(Refusal):
    """A certificate holds a number, a place or a label."""


@dataclass(frozen=True, slots=True)
class Download:
    """A finished file: its name, what it is, its bytes."""

    name: str
    media_type: str
    content: bytes


def export(*, wanted: Wanted, form: str, by) -> Download:
    """This function will print a paper as `form` (xlsx or docx) and note who took it.

    Drawn without holding a transaction: a long paper must not make others wait to write.
    Raises NoSuchPaper, NothingToPrint, TooMany.
    """
    if form not in WRITERS:
        raise NoSuchPaper
    offer, stretch = find(wanted, by)
    now = clock.now()
    stamp = Stamp(now, by.staff.name, _page_id(wanted, by, now))
    sheets = _sheets(offer, stretch, wanted)
    write, media_type = WRITERS[form]
    content = write([_paper(offer, stretch, one, stamp) for one in sheets])
    changes = {
        "plan": wanted.plan, "register": wanted.register, "term": wanted.term, "month": wanted.month,
        "band": wanted.band, "form": form, "sheets": len(sheets), "page": stamp.page_id,
        "digest": hashlib.sha256(content).hexdigest(),
    }  # fmt: skip
    subject = Case.objects.visible_to(by).filter(pk=wanted.case).first() if wanted.case else None
    audit.log("report.export", by=by.staff, at=now, subject=subject, changes=changes)
    return Download(f"{_file_name(offer, stretch, sheets)}.{form}", media_type, content)


@dataclass(frozen=True, slots=True)
class _Filled:
    """The rows of one sheet and the words of its head, foot and file name."""

    rows: tuple[Cells, ...]
    words: dict[str, str]


def _sheets(offer: Offer, stretch: Stretch, wanted: Wanted) -> list[_Filled]:
    """Cut what is asked for into sheets, and read the rows of each."""
    if "award" in offer.columns:
        if not (praised := register.praised(stretch)):
            raise NothingToPrint("这学期还没有批准的表彰，所以没有名单可打。")
        return [_Filled(tuple(praised), {})]
    cases = Case.objects.filter(pk=wanted.case) if wanted.case and offer.per == "case" else None
    found = register.children(stretch, cases)
    band = offer.band(wanted.band)
    if band:
        found = [child for child in found if child.grade_on(stretch.on) in band.grades]
    if not found:
        raise NothingToPrint(
            f"{band.title if band else '这里'}在这段时间没有您能看到的帮扶学生，所以没有表可打。"
        )
    if offer.per == "helper":
        sheets = _by_helper(found, stretch, wanted.helper)
    elif offer.per == "case":
        sheets = _by_child(offer, found, stretch)
    elif offer.per == "class":
        labels = dict.fromkeys(child.cells["class"] for child in found)
        sheets = [_list(offer, [c for c in found if c.cells["class"] == label], stretch) for label in labels]
    else:
        sheets = [_list(offer, found, stretch, band)]
    if len(sheets) > MOST_SHEETS:
        raise TooMany
    return sheets


def _list(offer: Offer, found: list[Child], stretch: Stretch, band: Band | None = None) -> _Filled:
    """One row a child."""
    if offer.columns & {"situation", "measures", "phone"}:
        register.add_findings(found, stretch)
    register.add_facts(found, stretch, offer.columns)
    words = {"class": str(found[0].cells["class"])} if offer.per == "class" else {}
    if offer.columns & {"records", "fulfilment", "finding", "interviewed_on"}:
        register.add_checks(found, stretch)
        words["checker"] = "、".join(
            dict.fromkeys(str(c.cells["checker"]) for c in found if c.cells.get("checker"))
        )
    if band:
        words |= {"band": band.title, **_heads(band, stretch)}
    return _Filled(tuple(child.cells for child in found), words)


def _heads(band: Band, stretch: Stretch) -> dict[str, str]:
    on = stretch.on
    grants = RoleGrant.objects.filter(
        valid_on(on), staff__school=stretch.by.school,
        role__in=("grade_head", "grade_supervisor"), grade__in=band.grades,
    )  # fmt: skip
    names: dict[str, dict] = {"grade_head": {}, "grade_supervisor": {}}
    for role, name in grants.order_by("grade", "staff__sort_key").values_list("role", "staff__name"):
        names[role][name] = None
    return {"grade_head": "、".join(names["grade_head"]), "supervisor": "、".join(names["grade_supervisor"])}


def _by_child(offer: Offer, found: list[Child], stretch: Stretch) -> list[_Filled]:
    """One sheet a child, one row a record."""
    if len(found) > MOST_SHEETS:
        raise TooMany
    register.add_checks(found, stretch)
    told = chronicle.told_about(found, stretch)
    return [
        _Filled(
            tuple(chronicle.lines(child, told.get(child.case.pupil_id, []), stretch)),
            {key: _word(child.cells.get(key)) for key in ("name", "class", "helper", "checker", "checked_on")}
            | {
                "finding": "，".join(
                    str(child.cells[k]) for k in ("fulfilment", "finding") if child.cells.get(k)
                )
            },
        )
        for child in found
    ]


def _by_helper(found: list[Child], stretch: Stretch, wanted: UUID | None) -> list[_Filled]:
    """One sheet a helper, one row a figure; teachers have their own, leaders and grade heads all of theirs."""
    helpers: dict[UUID, tuple[str, list[Child]]] = {}
    for child in found:
        for pk, name in child.helpers:
            if wanted in (None, pk) and sums_up(stretch.by, pk):
                helpers.setdefault(pk, (name, []))[1].append(child)
    if not helpers:
        raise NothingToPrint("这段时间没有您能看到的结对，所以没有总结可打。")
    return [
        _Filled(tuple(chronicle.figures(pk, mine, stretch)), {"helper": name})
        for pk, (name, mine) in sorted(helpers.items(), key=lambda item: item[1][0])
    ]


def sums_up(by, helper_id: UUID) -> bool:
    """This function will say whether the viewer may print the summary of a helper."""
    return helper_id == by.staff.pk or by.is_leader or bool(by.entry_years)


def _paper(offer: Offer, stretch: Stretch, filled: _Filled, stamp: Stamp) -> Paper:
    spec = offer.spec
    words = {
        "school": stretch.by.school.name,
        "term": stretch.term.title,
        "month": stretch.month.title if stretch.month else "全学期",
        "day": long_date(stamp.printed_at.date()),
        **filled.words,
    }
    keys = [column.key for column in spec.columns]
    return Paper(
        title=spec.title,
        tab="_".join(part for part in (offer.title, words.get("name") or words.get("helper") or "") if part),
        school="",
        columns=tuple(Column(c.title, c.width, _kind(c.key, c.kind)) for c in spec.columns),
        rows=tuple(_row(keys, cells, at) for at, cells in enumerate(filled.rows, start=1)),
        stamp=stamp,
        head=tuple(fill(line, words) for line in spec.subtitles),
        foot=(*(fill(line, words) for line in spec.foot), ("填表人", ""), ("审核人", ""), ("日期", "")),
        landscape=spec.landscape,
    )


def _kind(key: str, kind: str) -> str:
    return "sign" if key == "signature" else KINDS.get(kind, "text")


def _row(keys: list[str], cells: Cells, at: int) -> tuple[Cell, ...]:
    return tuple(at if key == "number" else cells.get(key) for key in keys)


def _word(value) -> str:
    return long_date(value) if isinstance(value, date) else str(value or "")


def fill(line: str, words: dict[str, str]) -> str:
    """This function will put words into a line of a spec; a word that is not known leaves room to write it."""

    def word(found: re.Match) -> str:
        key = found[1]
        return words.get(key) or gap("日期" if key in DAY_WORDS else "") * (3 if key in FREE_WORDS else 1)

    return re.sub(r"\{(\w+)\}", word, line)


def _file_name(offer: Offer, stretch: Stretch, sheets: Iterable[_Filled]) -> str:
    sheets = list(sheets)
    first, _, season = stretch.term.key.rpartition("-")
    year = first.split("-")[0] if season == "1" else first.split("-")[-1]
    words = {
        "term": f"{year}{SEASON.get(season, season)}",
        "month": stretch.month.title if stretch.month else "全学期",
    }
    for key in ("name", "helper", "band", "class"):
        said = list(dict.fromkeys(one.words.get(key, "") for one in sheets))
        words[key] = said[0] if len(said) == 1 else f"{len(sheets)}张"
    name = re.sub(r"\{(\w+)\}", lambda found: words.get(found[1], ""), offer.spec.file_name or offer.key)
    return re.sub(r'[\\/:*?"<>|\s]+', "", clean(name)).strip("_.") or offer.key


def _page_id(wanted: Wanted, by, now: datetime) -> str:
    code = hashlib.sha256(f"{wanted}|{by.staff.pk}|{now.isoformat()}".encode()).hexdigest()[:8].upper()
    return f"{code[:4]}-{code[4:]}"


def certificates(*, term_key: str, by, nominations: Iterable[UUID] = ()) -> Download:
    """This function will print the certificates of approved awards of a term, all or some. Raises NothingToPrint,
    NotForAWall."""
    rows = (
        Nomination.objects.visible_to(by).filter(term_key=term_key, state="approved").select_related("pupil")
    )
    if wanted := list(nominations):
        rows = rows.filter(pk__in=wanted)
    rows = list(rows.order_by("pupil__sort_key", "award_key"))
    if not rows:
        raise NothingToPrint("还没有批准的表彰，所以没有奖状可打。")
    titles = {
        award.key: award.title for plan in adopt.plans_in_force(by.school, by.day) for award in plan.awards
    }
    classes = register.classes_of([row.pupil_id for row in rows], by.day)
    now = clock.now()
    made = [
        certificate.Certificate(
            by.school.name, classes.get(row.pupil_id, ("",))[0], row.pupil.name, row.because,
            _praise(titles.get(row.award_key, "")), row.decided_on or by.day, now,
        )
        for row in rows
    ]  # fmt: skip
    if faults := [fault for one in made for fault in certificate.faults(one, one.name)]:
        raise NotForAWall("；".join(str(fault) for fault in faults[:5]))
    audit.log(
        "report.export",
        by=by.staff,
        at=now,
        changes={"register": "certificate", "term": term_key, "sheets": len(made)},
    )
    name = f"奖状_{made[0].name if len(made) == 1 else f'{len(made)}张'}.docx"
    return Download(name, WRITERS["docx"][1], certificate.write(made))


def _praise(title: str) -> str:
    # 破格 tells that the child once was on a list; on a wall only the honour stands.
    honour = re.sub(r"（.*?）", "", title)
    return f"评为“{honour}”，特发此状。" if honour else "特发此状。"
