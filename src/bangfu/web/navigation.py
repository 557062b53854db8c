"""Which pages a person is offered, in which order: the desktop rail in three groups, the phone bar of at most five."""

from dataclasses import dataclass
from functools import lru_cache

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from bangfu.records.access import CLASS_ROLES as TEACHERS
from bangfu.records.access import GRADE_ROLES as GRADES
from bangfu.records.access import LEADER_ROLES as LEADERS
from bangfu.records.access import MINDER_ROLES as MINDERS
from bangfu.records.access import OFFICE_ROLES as OFFICE

CHECKERS = frozenset({"principal", "vice_principal", "grade_supervisor"})
AIDING = frozenset({"principal", "vice_principal", "aid_officer"})
GUEST = frozenset({"inspector"})  # for some days, read only
HELPING = frozenset({"helper"})  # no role of its own, but perhaps a child to help
EVERYONE = LEADERS | GRADES | TEACHERS | OFFICE | HELPING | {"counsellor"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One page in the navigation: the name of its address, its words, its icon, its group, and who is offered it."""

    name: str
    label: str
    icon: str
    group: str
    roles: frozenset
    short: str = ""
    under: str = ""  # the page that leads here; whoever is offered that one finds this one there


@dataclass(frozen=True, slots=True)
class Link:
    """An entry for this person on this page."""

    href: str
    label: str
    icon: str
    current: bool
    name: str


GROUPS = (("work", N_("Work")), ("books", N_("Registers")), ("other", N_("Other")))
ENTRIES = (
    Entry("today", N_("To do today"), "today", "work", EVERYONE, N_("Today")),
    Entry("record_new", N_("Record"), "plus", "work", EVERYONE - OFFICE, N_("Record")),
    Entry("pupils", N_("Pupils"), "pupils", "work", EVERYONE, N_("Pupils")),
    Entry("attendance", N_("Attendance"), "clock", "work", LEADERS | MINDERS | {"roll_officer"}),
    Entry("inbox", N_("Records to look at"), "tick", "work", LEADERS | GRADES | MINDERS | {"roll_officer"}),
    Entry("survey", N_("Survey"), "survey", "work", LEADERS | GRADES | {"homeroom_teacher"}),
    Entry(
        "coverage",
        N_("Nobody missed"),
        "tick",
        "work",
        LEADERS | GRADES | {"homeroom_teacher", "class_attached_teacher"},
    ),
    Entry("pairs", N_("Pairing"), "pairs", "work", LEADERS | GRADES | TEACHERS, N_("Pairing")),
    Entry("rearrange", N_("Change helpers"), "turn", "work", CHECKERS, under="pairs"),
    Entry("sponsors", N_("Sponsors"), "pairs", "work", AIDING | {"homeroom_teacher"}, under="pairs"),
    Entry("care", N_("Care"), "talk", "work", EVERYONE, N_("Care")),
    Entry(
        "care_group", N_("Groups"), "pupils", "work", frozenset({"counsellor"}), N_("Groups"), under="care"
    ),
    Entry("peers", N_("Classmates together"), "pupils", "work", CHECKERS | MINDERS),
    Entry("handin", N_("Hand in this month"), "handin", "books", LEADERS | GRADES | TEACHERS, N_("Month")),
    Entry("spot_check", N_("Spot check"), "check", "books", CHECKERS),
    Entry(
        "decisions", N_("Decide again each term"), "turn", "books", LEADERS | GRADES | {"homeroom_teacher"}
    ),
    Entry(
        "recognition",
        N_("Recognition"),
        "home",
        "work",
        AIDING | {"homeroom_teacher", "class_attached_teacher"},
    ),
    Entry("notices", N_("Public notice"), "paper", "books", AIDING),
    Entry(
        "ending",
        N_("Ending soon"),
        "clock",
        "books",
        LEADERS | {"homeroom_teacher", "aid_officer"},
        under="coverage",
    ),
    Entry(
        "unmentioned",
        N_("Not mentioned lately"),
        "pupil",
        "books",
        LEADERS | GRADES | {"homeroom_teacher"},
        under="coverage",
    ),
    Entry(
        "schooling",
        N_("Everybody at school?"),
        "book",
        "books",
        LEADERS | {"roll_officer"},
        under="attendance",
    ),
    Entry("inspection", N_("To be shown"), "check", "books", CHECKERS | GUEST, N_("Files")),
    Entry("board", N_("Board"), "board", "books", LEADERS | GRADES | TEACHERS, N_("Board")),
    Entry("reports", N_("Reports"), "paper", "books", EVERYONE, N_("Reports")),
    Entry("publicity", N_("Publicity"), "talk", "books", LEADERS | MINDERS | {"aid_officer"}),
    Entry("awards", N_("Awards"), "star", "books", LEADERS | GRADES | TEACHERS),
    Entry("areas", N_("Areas"), "home", "other", EVERYONE),
    Entry(
        "administrators", N_("Administrators of classes"), "pupils", "other", LEADERS | GRADES, under="areas"
    ),
    Entry("villages", N_("Villages and teams"), "home", "other", EVERYONE, under="areas"),
    Entry("households", N_("Households"), "home", "other", EVERYONE, under="areas"),
    Entry("rounds", N_("Going round"), "home", "other", EVERYONE, under="areas"),
    Entry("calls", N_("Calls home"), "phone", "work", LEADERS | MINDERS),
    Entry("facilities", N_("Places"), "home", "other", EVERYONE, under="areas"),
    Entry("plans", N_("Plans"), "plan", "other", LEADERS | GRADES | {"aid_officer"}),
    Entry("pauses", N_("What rests"), "clock", "other", LEADERS | GRADES, under="plans"),
    Entry("intake", N_("Import"), "intake", "other", LEADERS | OFFICE, N_("Import")),
    Entry("lists", N_("Lists"), "paper", "other", LEADERS | OFFICE, N_("Lists")),
    Entry("setup", N_("Settings"), "settings", "other", LEADERS | {"system_admin", "roll_officer"}),
    Entry("feedback", N_("Complaints and ideas"), "talk", "other", LEADERS),
    Entry("me", N_("Me"), "me", "other", EVERYONE | GUEST, N_("Me")),
)
BY_NAME = {entry.name: entry for entry in ENTRIES}
# First bar whose roles the viewer holds. The class teacher's bar comes before the leader's: who teaches, records.
BARS = (
    (TEACHERS | GRADES, ("today", "pupils", "record_new", "board", "me")),
    (LEADERS, ("board", "pupils", "pairs", "reports", "me")),
    (OFFICE, ("today", "pupils", "intake", "reports", "me")),
    (frozenset({"counsellor"}), ("today", "care", "record_new", "care_group", "me")),
    (EVERYONE, ("today", "pupils", "record_new", "reports", "me")),
    (GUEST, ("inspection", "me")),
)


@lru_cache(maxsize=64)
def _href(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@dataclass(frozen=True, slots=True)
class Navigation:
    """The rail as (group, links) and the bar as links; both empty for somebody who is not signed in."""

    rail: tuple
    bar: tuple

    @classmethod
    def of(cls, viewer, path: str) -> "Navigation":
        """This function will give the navigation of `viewer` (or None) on the page at `path`."""
        if viewer is None:
            return cls((), ())
        roles = viewer.roles
        if roles.isdisjoint(
            EVERYONE | GUEST
        ):  # a role without pages of its own: what whoever helps a child is offered
            roles |= HELPING
        offered = [entry for entry in ENTRIES if _href(entry.name) and not entry.roles.isdisjoint(roles)]
        names = {entry.name for entry in offered}
        here = _current(offered, path)
        if here and BY_NAME[here].under in names:
            here = BY_NAME[here].under
        rail = tuple(
            (
                _(title),
                tuple(_link(e, e.label, here) for e in offered if e.group == group and e.under not in names),
            )
            for group, title in GROUPS
        )
        names = next(names for who, names in BARS if not who.isdisjoint(roles))
        bar = tuple(_link(BY_NAME[n], BY_NAME[n].short, here) for n in names if BY_NAME[n] in offered)
        return cls(tuple(group for group in rail if group[1]), bar)


def near(name: str, viewer) -> list[tuple[str, str]]:
    """This function will give (address, words) of the pages that a page leads to, for whoever is offered them."""
    roles = viewer.roles or frozenset()
    found = (one for one in ENTRIES if one.under == name and not one.roles.isdisjoint(roles))
    return [(_href(one.name), _(one.label)) for one in found]


def title(path: str) -> str:
    """This function will name the page of the navigation that a path belongs to, never the row in it; "" if none."""
    name = _current(ENTRIES, path) if path != "/" else "today"
    return _(BY_NAME[name].label) if name else ""


def _link(entry: Entry, label: str, here: str) -> Link:
    return Link(_href(entry.name), _(label), entry.icon, entry.name == here, entry.name)


def _current(offered, path: str) -> str:
    # The longest address that starts this path; "/" only stands for itself.
    found = [
        e
        for e in offered
        if path == _href(e.name) or (_href(e.name) != "/" and path.startswith(_stem(e.name)))
    ]
    return max(found, key=lambda e: len(_href(e.name))).name if found else ""


def _stem(name: str) -> str:
    return _href(name).rstrip("/") + "/"
