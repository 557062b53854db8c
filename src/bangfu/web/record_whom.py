"""Whom a record sheet is about: one child, brothers and sisters, or several who wait for the same; what stays for the next.

P9-03, P9-15, R51. Names are tapped on the sheet itself, so that several cost one tap each. What a teacher did may stay
for the next child; how a child is never does (D7).
"""

from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import Http404
from django.utils.translation import gettext as _

from bangfu.flow import agenda as agendas
from bangfu.flow import record
from bangfu.records.models import Evidence, Pupil
from bangfu.web import record_form
from bangfu.web.formats import listed
from bangfu.web.place import address
from bangfu.web.record_form import as_uuid, usual

COLUMNS = ("id", "name", "sex", "school_id", "joined_on", "left_on", "household_key")
FEWEST = 2


@dataclass(frozen=True, slots=True)
class Whom:
    """The children a sheet offers and those tapped; `several` is the kind they wait for, `kinds` the others there are."""

    offered: tuple[Pupil, ...] = ()
    chosen: tuple[Pupil, ...] = ()
    several: str = ""
    kinds: tuple[tuple[str, str], ...] = ()

    @property
    def is_asked(self) -> bool:
        """Whether the sheet asks who it was; else there is only one."""
        return len(self.offered) > 1 or not self.chosen

    @property
    def choices(self) -> list[tuple]:
        """The names to tap, as chips take them."""
        return [(pupil.pk, pupil.name) for pupil in self.offered]

    @property
    def tapped(self) -> list:
        """Those tapped already."""
        return [pupil.pk for pupil in self.chosen]

    @property
    def draft(self) -> str:
        """The name under which this tab keeps what is typed."""
        return "record-" + (self.several or "-".join(sorted(str(pupil.pk)[:8] for pupil in self.chosen)))

    @property
    def title(self) -> str:
        """What stands above the sheet."""
        if self.several:
            return _("Record several at once")
        return _("Record: %(who)s") % {"who": listed(pupil.name for pupil in self.chosen or self.offered)}


def of(viewer, asked) -> Whom:
    """This function will say whom a sheet that is opened, or came back, is about; 404 where one is not the viewer's."""
    chosen = those(viewer, asked.getlist("pupil"))
    if offered := those(viewer, asked.getlist("offered")):
        return Whom(offered, chosen, asked.get("several", ""))
    if "several" in asked and not chosen:
        return _several(viewer, asked.get("several", ""))
    return Whom((*chosen, *_household(viewer, chosen)), chosen)


def those(viewer, ids) -> tuple[Pupil, ...]:
    """This function will read the children asked for, all of them or 404: no address tells whether a child is here."""
    wanted = {as_uuid(text) for text in ids}
    if not wanted:
        return ()
    if (plain := record.cared_for(wanted - {None}, by=viewer)) is not None and None not in wanted:
        return tuple(plain)
    rows = Pupil.objects.visible_to(viewer).cared_for_by(viewer).filter(pk__in=wanted - {None})
    found = tuple(rows.only(*COLUMNS).order_by("sort_key"))
    if len(found) != len(wanted):
        raise Http404
    return found


def _household(viewer, chosen) -> tuple[Pupil, ...]:
    """Brothers and sisters in the viewer's care: one visit is for all of them."""
    homes = {pupil.household_key for pupil in chosen} - {""}
    if not homes:
        return ()
    rows = Pupil.objects.visible_to(viewer).cared_for_by(viewer).on_roll(viewer.day)
    rows = rows.filter(household_key__in=homes).exclude(pk__in=[pupil.pk for pupil in chosen])
    return tuple(rows.only(*COLUMNS).order_by("sort_key"))


def _several(viewer, wish: str) -> Whom:
    waiting = _waiting(agendas.agenda(viewer))
    kinds = shared(waiting)
    kind = wish if wish in kinds else next(iter(kinds), "")
    ids = {str(child.id) for row in waiting if row.activity == kind for child in row.children}
    offered = those(viewer, ids)
    named = tuple((one, record_form.activity_names([one])) for one in kinds if one != kind)
    return Whom(offered, (), kind, named)


def _waiting(found) -> list:
    return [row for row in found.today + found.week if row.kind == "case"]


def shared(rows) -> list[str]:
    """This function will name the kinds several rows about children wait for, the usual first."""
    waiting = Counter(row.activity for row in rows if row.kind == "case")
    return sorted((kind for kind, count in waiting.items() if count >= FEWEST), key=usual)


@dataclass(frozen=True, slots=True)
class Everyone:
    """「都做了，除了」: what may be confirmed for all who wait, those tapped off excepted."""

    activity: str
    what: str
    children: tuple

    @property
    def choices(self) -> list[tuple]:
        """The names to tap off, as chips take them."""
        return [(child.id, child.name) for child in self.children]

    @property
    def tapped(self) -> list:
        """Everybody, until a name is tapped off."""
        return [child.id for child in self.children]


def confirmable(found) -> list[Everyone]:
    """This function will list what a plan lets one confirm for everybody at once (`bulk`), where it waits for several."""
    rows = [row for row in _waiting(found) if row.is_bulk]
    return [
        Everyone(
            kind,
            record_form.activity_names([kind]),
            tuple(dict.fromkeys(child for row in rows if row.activity == kind for child in row.children)),
        )
        for kind in shared(rows)
    ]


def kept(viewer, evidence_id: str) -> tuple[list[str], object]:
    """This function will give (kinds, given) of one's own record just written, for the next child."""
    rows = Evidence.objects.visible_to(viewer).current().filter(pk=as_uuid(evidence_id), author=viewer.staff)
    row = rows.values("activities", "answers").first()
    if row is None:
        return [], lambda name: ()
    return record_form.kinds_said(row["activities"]), record_form.kept_in(row)


def following(viewer, evidence, about: set, found) -> tuple[str, tuple[str, str] | None]:
    """This function will say what a record completes, and the way to the next child with the same already tapped.

    `about` are the ids of its children, `found` the viewer's day.
    """
    sentence = _("Noted.")
    if closed := found.closing.get(evidence.pk):
        sentence += _("This also completes: %(what)s.") % {"what": listed(closed)}
    others = [row for row in _waiting(found) if about.isdisjoint(child.id for child in row.children)]
    # After a talk comes the next talk: whoever goes through a class does not change the kind at every child.
    alike = [row for row in others if row.activity in evidence.activities]
    row = next(iter(alike or others), None)
    if row is None:
        return sentence, None
    ask = [("pupil", child.id) for child in row.children]
    ask.append(("again", evidence.pk) if alike else ("duty", row.duties[0]))
    label = _("Next: %(who)s →") % {"who": listed(row.names)}
    return sentence, (label, f"{address('record_new')}?{urlencode(ask)}")
