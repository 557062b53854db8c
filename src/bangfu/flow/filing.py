"""A band's list on its way: submitted by the grade head who collected it, filed by the grade supervisor (P9-19).

The digest of what stood on the list is kept, so a list that changed after it was submitted says so.
"""

import hashlib
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from bangfu.engine.plan import Band
from bangfu.engine.refusal import Refusal
from bangfu.flow import clock, register, schedule
from bangfu.flow.offer import Offer, Wanted, find
from bangfu.flow.register import Stretch
from bangfu.records import audit
from bangfu.records.models import Filing
from bangfu.records.models.places import entry_year_of_grade


class NotYoursToFile(Refusal):
    sentence = "一览表由年级组长收齐后上交，由包级领导备案。"


class NothingSubmitted(Refusal):
    sentence = "这一段还没有交上来，先请年级组长交，再备案。"


@transaction.atomic
def submit(*, wanted: Wanted, by) -> Filing:
    """This function will hand a band's list to the supervisor; the same list twice is one. Raises NotYoursToFile."""
    offer, stretch = find(wanted, by)
    band = offer.band(wanted.band)
    if band is None or not may(by, band, offer.compiled_by):
        raise NotYoursToFile
    digest = band_digests(offer, stretch)[band.key]
    known = Filing.objects.select_for_update().filter(**_identity(wanted, by)).first()
    if known is not None and known.digest == digest:
        return known
    filing, _ = Filing.objects.update_or_create(
        **_identity(wanted, by),
        defaults={
            "state": "submitted", "digest": digest, "submitted_by": by.staff, "submitted_at": clock.now(),
            "filed_by": None, "filed_at": None,
        },
    )  # fmt: skip
    state = [known.state if known else None, "submitted"]
    audit.log(
        "review.file", by=by.staff, at=clock.now(), subject=filing, changes={"state": state, "band": band.key}
    )
    return filing


@transaction.atomic
def file(*, wanted: Wanted, by) -> Filing:
    """This function will put a submitted list on file; done twice it stays. Raises NotYoursToFile, NothingSubmitted."""
    offer, _ = find(wanted, by)
    band = offer.band(wanted.band)
    if band is None or not may(by, band, offer.submitted_to):
        raise NotYoursToFile
    filing = Filing.objects.select_for_update().filter(**_identity(wanted, by)).first()
    if filing is None:
        raise NothingSubmitted
    if filing.state != "filed":
        filing.state, filing.filed_by, filing.filed_at = "filed", by.staff, clock.now()
        filing.save(update_fields=["state", "filed_by", "filed_at"])
        changes = {"state": ["submitted", "filed"], "band": band.key}
        audit.log("review.file", by=by.staff, at=filing.filed_at, subject=filing, changes=changes)
    return filing


def _identity(wanted: Wanted, by) -> dict:
    return {
        "school": by.school, "plan_key": wanted.plan, "register_key": wanted.register,
        "band": wanted.band, "term_key": wanted.term,
    }  # fmt: skip


def may(by, band: Band, roles: tuple[str, ...]) -> bool:
    """This function will say whether the viewer holds one of the roles for a grade of the band, or leads the school."""
    years = {entry_year_of_grade(grade, by.day) for grade in band.grades}
    return by.is_leader or bool(years & by.entry_years_as(*roles))


def band_digests(offer: Offer, stretch: Stretch) -> dict[str, str]:
    """This function will name the content of each band's list, whoever looks: who stands on it, why, with whom."""
    found = register.children(stretch, everybody=True)
    digests = {}
    for band in offer.bands:
        lines = [
            f"{child.case.pk}|{child.cells['class']}|{child.cells['kind']}|{child.cells['causes']}|{child.helpers}"
            for child in found
            if child.grade_on(stretch.on) in band.grades
        ]
        digests[band.key] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return digests


@dataclass(frozen=True, slots=True)
class BandState:
    """Where a band's list is: collecting, submitted or filed; `is_changed` if it differs from what was submitted."""

    band: Band
    count: int
    state: str
    is_changed: bool
    submitted_on: date | None
    filed_on: date | None
    may_submit: bool
    may_file: bool


def states(offer: Offer, stretch: Stretch, found: list[register.Child]) -> tuple[BandState, ...]:
    """This function will say where the lists of the bands are that hold children the viewer sees (`found`)."""
    rows = Filing.objects.filter(
        school=stretch.by.school, plan_key=offer.plan.key, register_key=offer.key, term_key=stretch.term.key
    )
    filings = {row.band: row for row in rows}
    digests = band_digests(offer, stretch)
    told = []
    for band in offer.bands:
        count = sum(child.grade_on(stretch.on) in band.grades for child in found)
        if count:
            filing = filings.get(band.key)
            is_changed = filing is not None and filing.digest != digests[band.key]
            hands = may(stretch.by, band, offer.compiled_by), may(stretch.by, band, offer.submitted_to)
            told.append(_state(band, count, filing, is_changed, hands))
    return tuple(told)


def _state(
    band: Band, count: int, filing: Filing | None, is_changed: bool, may_next: tuple[bool, bool]
) -> BandState:
    state = filing.state if filing else "collecting"
    compiles, files = may_next
    return BandState(
        band=band,
        count=count,
        state=state,
        is_changed=is_changed,
        submitted_on=schedule.local_day(filing.submitted_at) if filing else None,
        filed_on=schedule.local_day(filing.filed_at) if filing and filing.filed_at else None,
        may_submit=(state == "collecting" or is_changed) and compiles,
        may_file=state == "submitted" and files,
    )
