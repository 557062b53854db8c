"""What a teacher's phone takes along for two weeks: today, own pupils with phone numbers, own last records. Never needs.

In: a viewer. Out: plain values, at most 200 pupils. Others' notes, causes and categories are never fetched. Which
numbers went along is noted once a day. The key that shuts them on the device is worked out, never stored.
"""

import base64
from datetime import timedelta
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from bangfu.flow import calling, clock, company
from bangfu.records import audit
from bangfu.records.models import Enrolment, Event, EvidencePupil, Guardian, Pupil
from bangfu.records.models.places import class_label

MOST = 200
KEPT = timedelta(days=14)
OWN, BRIGHT = 5, 3
BRIGHT_SINCE = timedelta(days=366)


def key_of(*, staff_id: UUID, device: UUID, key_id: str = "") -> tuple[str, bytes]:
    """This function will give (key id, 32 bytes) for one person on one device; the same each time, stored nowhere."""
    key_id = key_id or settings.SEAL_KEY
    _cipher, secret = settings.SEAL_KEYS[key_id]
    about = f"bangfu outbox|{staff_id}|{device}".encode()
    return key_id, HKDF(algorithm=SHA256(), length=32, salt=None, info=about).derive(secret)


def keys_text(*, staff_id: UUID, device: UUID) -> tuple[str, str, list[str]]:
    """This function will give (key id, the key in base64, those of the seals the school used before)."""
    ids = sorted(settings.SEAL_KEYS, key=lambda key_id: key_id != settings.SEAL_KEY)
    keys = [key_of(staff_id=staff_id, device=device, key_id=key_id)[1] for key_id in ids]
    now, *older = (base64.b64encode(key).decode() for key in keys)
    return ids[0], now, older


def pupils(viewer, helped) -> list[dict]:
    """This function will tell of the pupils to take along: those one helps first, then one's own class, 200 at most.

    `helped` are dossiers (flow.agenda). A fixed number of queries, however many pupils.
    """
    ids = _whose(viewer, helped)
    rows = Pupil.objects.filter(pk__in=ids).only("id", "name", "sex", "sort_key")
    enrolled = _enrolled(viewer, ids)
    bright, own = _bright(viewer, ids), _own(viewer, ids)
    phones = _phones(viewer, ids)
    helps: dict[UUID, dict[str, None]] = {}
    for dossier in helped:
        for standing in dossier.standings:
            helps.setdefault(dossier.pupil_id, {})[standing.expectation.title] = None
    by_id = {row.pk: row for row in rows}
    along = _along(viewer, [row for row in rows if row.pk in helps])
    return [
        {
            "id": pk,
            "name": by_id[pk].name,
            "class": enrolled.get(pk, ("", None))[0],
            "no": enrolled.get(pk, ("", None))[1],
            "sex": by_id[pk].sex,
            "bright_spots": bright.get(pk, []),
            "helps": list(helps.get(pk, ())),
            "phones": phones.get(pk, []),
            "last": own.get(pk, []),
            "mates": along if by_id[pk].sex == company.GIRL else [],
        }
        for pk in ids
        if pk in by_id
    ]


def _along(viewer, helped) -> list[dict]:
    """Who could come along to a girl's home: asked once for all the girls one helps, as the sheet offers them."""
    girls = [pupil for pupil in helped if pupil.sex == company.GIRL]
    if not company.is_for(girls, viewer):
        return []
    return [{"id": mate.id, "name": mate.name} for mate in company.mates([one.pk for one in girls], viewer)]


def _whose(viewer, helped) -> list[UUID]:
    ids = list(dict.fromkeys(dossier.pupil_id for dossier in helped))[:MOST]
    if viewer.minded_class_ids and len(ids) < MOST:
        mine = Enrolment.objects.on(viewer.day).filter(school_class__in=viewer.minded_class_ids)
        some = mine.order_by("seat_no", "pupil__sort_key").values_list("pupil_id", flat=True)[: MOST * 2]
        ids = list(dict.fromkeys([*ids, *some]))[:MOST]
    return ids


def _enrolled(viewer, ids) -> dict[UUID, tuple[str, int | None]]:
    rows = Enrolment.objects.on(viewer.day).filter(pupil__in=ids)
    columns = ("pupil_id", "school_class__entry_year", "school_class__number", "seat_no")
    return {
        pk: (class_label(year, number, viewer.day), seat)
        for pk, year, number, seat in rows.values_list(*columns)
    }


def _told(ids) -> list:
    about = EvidencePupil.objects.filter(
        pupil__in=ids, evidence__amended_by__isnull=True, evidence__is_withdrawn=False
    )
    return about.order_by("-happened_on", "-evidence__written_at")


def _bright(viewer, ids) -> dict[UUID, list[str]]:
    """The last bright spots, whoever saw them: they are there to be read before a talk."""
    found: dict[UUID, list[str]] = {}
    since = viewer.day - BRIGHT_SINCE  # a file of many years is not read through each time
    rows = _told(ids).filter(happened_on__gte=since).exclude(evidence__bright_spot="")
    for pk, words in rows.values_list("pupil_id", "evidence__bright_spot").iterator():
        if len(found.setdefault(pk, [])) < BRIGHT:
            found[pk].append(words)
    return found


def _own(viewer, ids) -> dict[UUID, list[dict]]:
    found: dict[UUID, list[dict]] = {}
    since = viewer.day - timedelta(days=120)
    rows = _told(ids).filter(evidence__author=viewer.staff, happened_on__gte=since)
    columns = ("pupil_id", "happened_on", "evidence__activities", "evidence__note")
    for pk, on, activities, note in rows.values_list(*columns).iterator():
        if len(found.setdefault(pk, [])) < OWN:
            found[pk].append({"on": on, "activities": activities, "note": note})
    return found


def _phones(viewer, ids) -> dict[UUID, list[dict]]:
    """Numbers to call from the road; that they went along is noted once a day for the same pupils."""
    found: dict[UUID, list[dict]] = {}
    for one in Guardian.objects.filter(pupil__in=ids).filter(phone__isnull=False).order_by("position"):
        found.setdefault(one.pupil_id, []).append(
            {"who": one.relation or one.name, "tel": one.phone.reveal()}
        )
    _note(viewer, "pupils", found)
    return found


def _note(viewer, of: str, ids) -> None:
    """Whose numbers went along: an event a day, and another one only when somebody new is among them."""
    now, whose = clock.now(), sorted(str(pk) for pk in ids)
    noted = Event.objects.filter(by=viewer.staff, verb="carry.phones", at__date=now.date())
    before = {
        pk for changes in noted.values_list("changes", flat=True) for pk in changes.get(of, (None, ()))[1]
    }
    if not before.issuperset(whose):
        audit.log("carry.phones", by=viewer.staff, at=now, subject=viewer.staff, changes={of: [None, whose]})


def principals(viewer) -> list[dict]:
    """This function will give whom to call at once when a child is in danger; their numbers are noted, too."""
    rows = [one for _role, one in calling.leaders(viewer)]
    _note(viewer, "staff", [one.pk for one in rows if one.phone])
    return [{"who": one.name, "tel": one.phone.reveal() if one.phone else ""} for one in rows]
