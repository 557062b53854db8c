"""Early warning of one child, in words, for its class teacher and the leaders; off until the principal switches it on.

Worked out when a file is opened, kept nowhere, in no list and in no figure.
"""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from bangfu.engine import signal
from bangfu.engine.refusal import Refusal
from bangfu.flow import adopt, clock, known, schedule
from bangfu.flow.acts import acts_about
from bangfu.flow.almanac import calendar_for
from bangfu.records import audit
from bangfu.records.models import Absence, Pupil, School

READERS = frozenset({"homeroom_teacher", "principal", "vice_principal"})


class NotPrincipal(Refusal):
    sentence = "开不开这一项，由校长定。"


def of_child(viewer, pupil_id: UUID, roles: frozenset[str]) -> tuple[str, ...]:
    """This function will say what may be worth another look: three reasons at most; none while it is off or not yours."""
    if not viewer.school.watches_signals or roles.isdisjoint(READERS):
        return ()
    commons = adopt.shelf().commons
    day, begin = viewer.day, viewer.day - timedelta(days=commons.signals.back)
    told = acts_about([pupil_id], since=begin, until=day).get(pupil_id, [])
    events: dict[str, list] = {}
    for act, kinds in told:
        for kind in kinds:
            events.setdefault(kind, []).append(act.on)
    seen = signal.Seen(
        day=day,
        away=_away(viewer, pupil_id, begin),
        facts=known.statements([pupil_id], until=day).get(pupil_id, {}),
        events=events,
        heard_on=schedule.last_heard([pupil_id], day).get(pupil_id),
        known_since=Pupil.objects.filter(pk=pupil_id).values_list("joined_on", flat=True).first(),
    )
    return signal.reasons(commons.signals, seen, commons.facts)


def _away(viewer, pupil_id: UUID, begin) -> list:
    """A day said in advance and seen at the roll call is one day."""
    calendar, days = calendar_for(viewer.school), set()
    for first, last in Absence.objects.filter(pupil=pupil_id).values_list("starts_on", "ends_on"):
        days.update(calendar.school_days(max(first, begin), min(last or viewer.day, viewer.day)))
    return sorted(days)


@transaction.atomic
def switch(*, is_on: bool, by) -> None:
    """This function will switch the early warning of a school on or off; raises NotPrincipal."""
    if not by.holds("principal"):
        raise NotPrincipal
    if not School.objects.filter(pk=by.school_id, watches_signals=not is_on).update(watches_signals=is_on):
        return
    audit.log(
        "signals.switch",
        by=by.staff,
        at=clock.now(),
        subject=by.school,
        changes={"watches_signals": [not is_on, is_on]},
    )
