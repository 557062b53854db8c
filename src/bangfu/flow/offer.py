"""Which papers there are to print: a plan's registers, and those its own parts imply (F16, F17, F18, F20, F21, F22).

A plan with pairings has a list of pairs, one with monthly checks a check sheet, one with summaries a summary,
one with awards a list of them; packs needn't say so again. On screens each has a neutral name.
"""

from dataclasses import dataclass
from uuid import UUID

from bangfu.engine.period import Term
from bangfu.engine.plan import Band, Plan
from bangfu.engine.refusal import Refusal
from bangfu.engine.register import RegisterSpec
from bangfu.flow import adopt
from bangfu.flow.almanac import calendar_for
from bangfu.flow.register import Stretch


class NoSuchPaper(Refusal):
    sentence = "这张表现在没有。请回到“表册”重新选一次。"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which paper somebody asks for. An empty `case` or `helper` means everybody the viewer may see."""

    plan: str
    register: str
    term: str
    month: str = ""
    band: str = ""
    case: UUID | None = None
    helper: UUID | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """One paper of one plan. `per` is band, case, class, school or helper: how many sheets it is printed in."""

    plan: Plan
    key: str
    spec: RegisterSpec
    per: str
    bands: tuple[Band, ...] = ()
    compiled_by: tuple[str, ...] = ()
    submitted_to: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What screens and sheet tabs call it; the official title may stand only on the paper itself."""
        return self.spec.file_name.split("_")[0] or self.plan.short_title

    @property
    def has_month(self) -> bool:
        return any("{month}" in line for line in (*self.spec.subtitles, self.spec.file_name))

    @property
    def columns(self) -> frozenset[str]:
        return frozenset(column.key for column in self.spec.columns)

    def band(self, key: str) -> Band | None:
        return next((band for band in self.bands if band.key == key), None)


def offers_of(plan: Plan) -> tuple[Offer, ...]:
    """This function will list the papers of a plan: its registers first, then what its parts imply."""
    specs = adopt.shelf().commons.registers
    said = [
        Offer(plan, use.key, specs[use.spec], use.per, use.bands, use.compiled_by, use.submitted_to)
        for use in plan.registers
        if use.spec in specs
    ]
    known = {offer.key for offer in said} | {offer.spec.key for offer in said}
    implied = (
        ("pair_list", "school", plan.pairings),
        ("month_check", "school", any(review.every.unit == "month" for review in plan.reviews)),
        ("term_summary", "helper", any("summary" in duty.accepts for duty in plan.duties)),
        ("award_list", "school", plan.awards),
    )
    said += [
        Offer(plan, key, specs[key], per)
        for key, per, is_asked in implied
        if is_asked and key in specs and key not in known
    ]
    return tuple(said)


def find(wanted: Wanted, by) -> tuple[Offer, Stretch]:
    """This function will find the paper and the days that are meant; raises NoSuchPaper."""
    calendar = calendar_for(by.school)
    term = next(
        (term for term in calendar.terms if term.key == wanted.term and term.starts_on <= by.day), None
    )
    if term is None:
        raise NoSuchPaper
    offers = [
        offer
        for plan in adopt.plans_in_force(by.school, min(by.day, term.ends_on))
        if plan.key == wanted.plan
        for offer in offers_of(plan)
        if offer.key == wanted.register
    ]
    months = {period.key: period for period in calendar.periods("month")}
    month = months.get(wanted.month) if wanted.month else None
    if not offers or (wanted.month and (month is None or not offers[0].has_month)):
        raise NoSuchPaper
    if offers[0].per == "band" and offers[0].band(wanted.band) is None:
        raise NoSuchPaper
    return offers[0], Stretch(offers[0].plan, calendar, term, by, month)


def terms_begun(by) -> tuple[Term, ...]:
    """This function will list the school's terms that have begun, the latest first."""
    return tuple(term for term in reversed(calendar_for(by.school).terms) if term.starts_on <= by.day)


def stretches(by, term: Term) -> tuple[Stretch, ...]:
    """This function will give the whole term as each plan in force sees it."""
    plans = adopt.plans_in_force(by.school, min(by.day, term.ends_on))
    return tuple(Stretch(plan, calendar_for(by.school), term, by) for plan in plans)
