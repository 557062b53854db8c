"""What somebody finds on the page of papers: terms, months, children and the papers that hold something to print.

It only reads; report.py prints what is chosen here (every register of the plan in force, P9-19 to P9-41).
"""

from dataclasses import dataclass
from uuid import UUID

from bangfu.flow import filing, register, report
from bangfu.flow.offer import Offer, offers_of, stretches, terms_begun
from bangfu.flow.register import Child, Stretch
from bangfu.records.models import Nomination

Named = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Shown:
    """One paper on the page. `helpers` is filled where a sheet is one helper's, `bands` where it is one band's."""

    key: str
    title: str
    per: str
    has_month: bool
    bands: tuple[filing.BandState, ...] = ()
    helpers: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything the page needs; lists of (key, words). `papers` is empty where nothing can be printed."""

    terms: tuple[Named, ...] = ()
    term: str = ""
    plans: tuple[Named, ...] = ()
    plan: str = ""
    months: tuple[Named, ...] = ()
    children: tuple[Named, ...] = ()
    papers: tuple[Shown, ...] = ()
    praised: int = 0


def choices(*, by, term_key: str = "", plan_key: str = "") -> Choices:
    """This function will gather what the viewer may print of a term (the present one unless said otherwise)."""
    terms = terms_begun(by)
    if not terms:
        return Choices()
    term = next((term for term in terms if term.key == term_key), terms[0])
    found = stretches(by, term)
    named = tuple((one.key, one.title) for one in terms)
    if not found:
        return Choices(named, term.key)
    stretch = next((one for one in found if one.plan.key == plan_key), found[0])
    children = register.children(stretch)
    praised = Nomination.objects.visible_to(by).filter(
        term_key=term.key, state="approved", award_key__in=[award.key for award in stretch.plan.awards]
    )
    count = praised.count()
    return Choices(
        terms=named,
        term=term.key,
        plans=tuple((one.plan.key, one.plan.short_title) for one in found),
        plan=stretch.plan.key,
        months=_months(stretch),
        children=tuple((str(c.case.pk), f"{c.cells['class']} {c.cells['name']}") for c in children),
        papers=tuple(
            _shown(offer, stretch, children)
            for offer in offers_of(stretch.plan)
            if _holds(offer, children, count)
        ),
        praised=count,
    )


def _months(stretch: Stretch) -> tuple[Named, ...]:
    """The months begun, the latest first."""
    return tuple(
        (period.key, period.title)
        for period in reversed(stretch.calendar.periods("month"))
        if stretch.term.starts_on <= period.opens_on <= min(stretch.by.day, stretch.term.ends_on)
    )


def _holds(offer: Offer, children: list[Child], praised: int) -> bool:
    return bool(praised) if "award" in offer.columns else bool(children)


def _shown(offer: Offer, stretch: Stretch, children: list[Child]) -> Shown:
    bands = filing.states(offer, stretch, children) if offer.per == "band" else ()
    helpers: dict[UUID, str] = {}
    if offer.per == "helper":
        for child in children:
            helpers |= {pk: name for pk, name in child.helpers if report.sums_up(stretch.by, pk)}
    listed = tuple((str(pk), name) for pk, name in sorted(helpers.items(), key=lambda item: item[1]))
    return Shown(offer.key, offer.title, offer.per, offer.has_month, bands, listed)
