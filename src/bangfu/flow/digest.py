"""What one working day's reminder says: how many things, how many minutes; never a name, a category or a sum.

In: the viewer and what they were told in the last days. Out: sentences and the keyed hashes of what they count, so
that nothing is told a second time within a week. The page says the rest.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from bangfu.flow import adopt, agenda, overview
from bangfu.records.models import Hardship, Pairing, Referral, SyncItem
from bangfu.records.seal import blind

QUIET = timedelta(days=7)  # 同一件事七天内不再提醒
SOON = timedelta(days=3)
TO_DECIDE = ("unhelped", "away", "sheets", "nominations", "differs")  # the rest can wait for whoever looks
OPEN_IT = "点开看看。"
URGENT = "有一件要紧的事，请现在打开看一看；情况急，先打电话。"


@dataclass(frozen=True, slots=True)
class Said:
    """A digest: its sentence, "" where there is nothing new to say, and what it counted."""

    sentence: str = ""
    told: tuple[str, ...] = ()


def compose(viewer, told: Collection[str] = ()) -> Said:
    """This function will say in a few short sentences, one a kind, what is new for this viewer today."""
    found = agenda.agenda(viewer, adopt.plans_in_force(viewer.school, viewer.day))
    rows = {key: row for row in found.today if (key := _hash(_row(row))) not in told}
    papers = {
        key: one
        for one in found.month
        if _is_time(one, viewer.day) and (key := _hash(_paper(one))) not in told
    }
    asked = {key for one in _asking(viewer) if (key := _hash(one)) not in told}
    parts = []
    if rows:
        minutes = max(5, -(-sum(row.minutes for row in rows.values()) // 5) * 5)
        parts.append(f"今天 {len(rows)} 件事，约 {minutes} 分钟。")
    parts += list(dict.fromkeys(_paper_sentence(one) for one in papers.values()))
    if asked:
        parts.append(f"有 {len(asked)} 件事需要您过问。")
    return Said("".join([*parts, OPEN_IT]) if parts else "", tuple(sorted({*rows, *papers, *asked})))


def _hash(text: str) -> str:
    return blind(text, "digest")[:16]


def _row(row) -> str:
    return f"{row.kind} {row.period} {row.class_of} {row.place} {' '.join(row.duties)} {' '.join(row.cells)}"


def _paper(one) -> str:
    return f"{one.kind} {one.period} {one.is_asked}"


def _is_time(one, day: date) -> bool:
    """A paper is worth a word when it is asked about, when it is complete, or when its days run out."""
    return one.opens_on <= day and (one.is_asked or not one.missing or one.due_on <= day + SOON)


def _paper_sentence(one) -> str:
    if one.is_asked:
        return "有 1 份记录请补一句。"
    if one.kind != "hand_in":
        return "学期总结可以写了，内容已经排好。"
    month = f"{int(one.period[5:7])} 月记录"
    return f"{month}还差一点，有空时看一眼。" if one.missing else f"{month}已经够了，有空时点一下交上去。"


def _asking(viewer) -> list[str]:
    """What waits for this viewer's word: pairs, what phones sent late, hardships, referrals, what stands on the board."""
    waiting = {
        "pair": Pairing.objects.unanswered_by(viewer),
        "sent": SyncItem.objects.visible_to(viewer).waiting().exclude(author=viewer.staff),
        "hardship": Hardship.objects.visible_to(viewer).open(),
        "referral": Referral.objects.visible_to(viewer).filter(state="waiting").exclude(by=viewer.staff),
    }
    found = [f"{kind} {pk}" for kind, rows in waiting.items() for pk in rows.values_list("pk", flat=True)]
    if viewer.holds(*overview.LEADS, "grade_supervisor"):
        matters = overview.board(viewer).matters
        found += [f"{one.kind} {one.subject}" for one in matters if one.kind in TO_DECIDE]
    return found
