"""What the children of a class say about learning side by side: willing or not, with whom, and the family's word.

Everybody is asked alike, so no answer shows who is helped. Said anew, the earlier row closes and stays (P2-07, P7A-07).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from bangfu.engine.refusal import Refusal
from bangfu.flow import clock
from bangfu.records import audit
from bangfu.records.models import Enrolment, PeerOffer, PeerWish, Pupil, SchoolClass

MOST_WISHES = 3
MOST_PARTNERS = 3
SAID = ("is_willing", "at_most", "family_agrees", "family_word")


class NotYourClass(Refusal):
    sentence = "同学互助由班主任、包班教师、包级领导或校长来安排。"


class NotClassmates(Refusal):
    sentence = "只能选本班的同学，也不能选自己。名单可能刚刚变了，请刷新后再选。"


class TooManyWishes(Refusal):
    sentence = f"最多选 {MOST_WISHES} 位同学，按想的先后。"


@dataclass(frozen=True, slots=True)
class Word:
    """What one child and the family say; None: not asked yet."""

    is_willing: bool | None = None
    at_most: int = 1
    family_agrees: bool | None = None
    family_word: str = ""


@dataclass(frozen=True, slots=True)
class Mate:
    """One child of a class with its word and wishes; the same for everybody."""

    id: UUID
    name: str
    seat_no: int | None
    sex: str
    word: Word
    wishes: tuple[UUID, ...] = ()


def may_mind(viewer, school_class: SchoolClass) -> bool:
    """This function will say whether the viewer looks after the pairs of a class."""
    if school_class.school_id != viewer.school_id:
        return False
    if viewer.holds("principal", "vice_principal") or school_class.pk in viewer.minded_class_ids:
        return True
    return school_class.entry_year in viewer.entry_years_as("grade_supervisor")


def check_minds(viewer, school_class: SchoolClass) -> None:
    """This function will raise NotYourClass where the viewer does not look after the pairs of a class."""
    if not may_mind(viewer, school_class):
        raise NotYourClass


def mates(school_class: SchoolClass, day) -> dict[UUID, Mate]:
    """This function will give the children of a class on a day in seat order, with what they said; three queries."""
    rows = Enrolment.objects.on(day).filter(school_class=school_class).select_related("pupil")
    rows = sorted(rows, key=lambda row: (row.seat_no or 999, row.pupil.sort_key, str(row.pupil_id)))
    ids = [row.pupil_id for row in rows]
    words = {
        pupil: Word(*said)
        for pupil, *said in PeerOffer.objects.standing().filter(pupil__in=ids).values_list("pupil_id", *SAID)
    }
    wishes = defaultdict(list)
    for pupil, wanted in (
        PeerWish.objects.standing()
        .filter(pupil__in=ids, wanted__in=ids)
        .order_by("place")
        .values_list("pupil_id", "wanted_id")
    ):
        wishes[pupil].append(wanted)
    same = Counter(row.pupil.name for row in rows)
    return {
        row.pupil_id: Mate(
            row.pupil_id, _told(row, same[row.pupil.name] > 1), row.seat_no, row.pupil.sex, words.get(row.pupil_id, Word()),
            tuple(wishes[row.pupil_id]),
        )
        for row in rows
    }  # fmt: skip


def _told(row: Enrolment, is_shared: bool) -> str:
    """Two of one name are told apart by their seat."""
    return f"{row.pupil.name}（{row.seat_no}号）" if is_shared and row.seat_no else row.pupil.name


def class_of(pupil: Pupil, day) -> SchoolClass:
    """This function will give the class a child is in on a day; raises NotClassmates where it is in none."""
    row = Enrolment.objects.on(day).filter(pupil=pupil).select_related("school_class").first()
    if row is None:
        raise NotClassmates
    return row.school_class


@transaction.atomic
def say(*, pupil: Pupil, word: Word, wishes: Iterable[UUID], by) -> None:
    """This function will note what a child and its family say now; the same said again changes nothing.

    Raises NotYourClass, NotClassmates, TooManyWishes.
    """
    school_class = class_of(pupil, by.day)
    check_minds(by, school_class)
    SchoolClass.objects.select_for_update().get(pk=school_class.pk)
    wishes = list(dict.fromkeys(wishes))
    here = mates(school_class, by.day)
    if len(wishes) > MOST_WISHES:
        raise TooManyWishes
    if pupil.pk in wishes or not here.keys() >= set(wishes):
        raise NotClassmates
    before = here[pupil.pk]
    changes = _offer(pupil, before.word, word, by) | _wishes(pupil, before.wishes, tuple(wishes), by)
    if changes:
        audit.log("peers.say", by=by.staff, at=clock.now(), subject=pupil, changes=changes)


def _offer(pupil: Pupil, before: Word, word: Word, by) -> dict:
    word = Word(
        word.is_willing,
        min(max(word.at_most, 1), MOST_PARTNERS),
        word.family_agrees,
        word.family_word.strip()[:60],
    )
    changes = audit.changed({k: getattr(before, k) for k in SAID}, {k: getattr(word, k) for k in SAID})
    if changes:
        PeerOffer.objects.standing().filter(pupil=pupil).update(valid_to=by.day)
        said = {key: getattr(word, key) for key in SAID}
        PeerOffer.objects.create(pupil=pupil, valid_from=by.day, by=by.staff, **said)
    return changes


def _wishes(pupil: Pupil, before: tuple[UUID, ...], wishes: tuple[UUID, ...], by) -> dict:
    if before == wishes:
        return {}
    PeerWish.objects.standing().filter(pupil=pupil).update(valid_to=by.day)
    PeerWish.objects.bulk_create(
        PeerWish(pupil=pupil, wanted_id=wanted, place=at, valid_from=by.day, by=by.staff)
        for at, wanted in enumerate(wishes, start=1)
    )
    return {"wishes": [[str(one) for one in before], [str(one) for one in wishes]]}
