"""The append-only trail: every change is an Event that says who, when, what before and after, and how it forgets."""

from bangfu.records.models.audit import Event
from bangfu.records.models.people import Pupil, Staff
from bangfu.records.seal import Sealed

# Every verb there is, and what happens to its `changes` when a child's data is erased:
# "keep" = no personal data inside; "erase" = the changes are blanked, the fact that something happened stays.
VERBS = {
    "enrol.load": "keep",
    "enrol.undo": "keep",
    "enrol.pupil_added": "erase",
    "enrol.pupil_changed": "erase",
    "enrol.pupil_left": "erase",
    "enrol.school": "keep",
    "enrol.class": "keep",
    "enrol.staff": "erase",
    "enrol.grant": "keep",
    "enrol.calendar": "keep",
    "lists.load": "keep",
    "lists.undo": "keep",
    "lists.drop": "keep",
    "lists.columns": "keep",
    "lists.decide": "erase",
    "lists.undecide": "erase",
    "lists.leaver": "erase",
    "adopt.plan": "keep",
    "adopt.stop": "keep",
    "adopt.take_back": "keep",
    "draft.start": "keep",
    "draft.change": "keep",
    "draft.drop": "keep",
    "identify.answer": "erase",
    "identify.finish": "keep",
    "identify.open_case": "erase",
    "identify.close_case": "erase",
    "identify.decide": "erase",
    "coverage.answer": "erase",
    "coverage.exclude": "erase",
    "coverage.withdraw": "keep",
    "goals.set": "erase",
    "goals.adjust": "erase",
    "goals.reach": "erase",
    "goals.unreach": "keep",
    "goals.drop": "erase",
    "goals.resume": "keep",
    "gaps.state": "erase",
    "ending.renew": "erase",
    "signals.switch": "keep",
    "pair.propose": "keep",
    "pair.confirm": "keep",
    "pair.accept": "keep",
    "pair.decline": "keep",
    "pair.end": "keep",
    "pair.place": "keep",
    "pair.keep": "keep",
    "pair.avoid": "erase",
    "pair.avoid_no_more": "keep",
    "pair.load": "keep",
    "peers.say": "erase",
    "peers.propose": "keep",
    "peers.confirm": "keep",
    "peers.stop": "keep",
    "peers.print": "keep",
    "pair.follow": "keep",
    "pair.hand_over": "keep",
    "pair.note": "erase",
    "sponsor.answer": "keep",
    "sponsor.take_back": "keep",
    "sponsor.welcome": "keep",
    "sponsor.stop": "keep",
    "sponsor.confirm": "keep",
    "sponsor.end": "keep",
    "sponsor.print": "keep",
    "company.switch": "keep",
    "visit.print": "keep",
    "schedule.waive": "erase",
    "schedule.unwaive": "erase",
    "schedule.leave": "keep",
    "schedule.leave_back": "keep",
    "schedule.suspend": "erase",
    "schedule.suspend_back": "erase",
    "schedule.go_on": "keep",
    "schedule.appoint": "keep",
    "inspect.open": "keep",
    "inspect.admit": "keep",
    "schedule.absence": "erase",
    "record.add": "erase",
    "record.amend": "erase",
    "record.withdraw": "keep",
    "review.hand_in": "keep",
    "review.ask": "keep",
    "review.draw": "keep",
    "review.check": "erase",
    "review.seal": "keep",
    "review.amend": "erase",
    "review.summary": "erase",
    "review.file": "keep",
    "award.nominate": "erase",
    "award.approve": "keep",
    "award.decline": "keep",
    "report.export": "keep",
    "report.harm": "keep",
    "report.harm_print": "keep",
    "recognition.open": "keep",
    "recognition.member": "keep",
    "recognition.step": "keep",
    "recognition.apply": "keep",
    "recognition.withdraw": "keep",
    "recognition.read": "keep",
    "recognition.appraise": "keep",
    "recognition.decide": "keep",
    "recognition.post": "keep",
    "recognition.take_down": "keep",
    "recognition.object": "keep",
    "recognition.answer": "keep",
    "recognition.print": "keep",
    "recognition.end": "keep",
    "feedback.leave": "erase",
    "feedback.answer": "keep",
    "account.password": "keep",
    "attendance.call": "keep",
    "attendance.explain": "erase",
    "attendance.take_back": "keep",
    "dropout.open": "erase",
    "dropout.move": "erase",
    "dropout.talk": "erase",
    "dropout.home_teaching": "keep",
    "catchment.take": "keep",
    "catchment.take_back": "keep",
    "catchment.link_again": "keep",
    "catchment.answer": "erase",
    "schooling.confirm": "keep",
    "areas.area": "keep",
    "areas.assign": "keep",
    "areas.end": "keep",
    "areas.village": "keep",
    "areas.home_ground": "keep",
    "teams.form": "keep",
    "teams.disband": "keep",
    "teams.assign": "keep",
    "teams.end": "keep",
    "homes.gather": "keep",
    "homes.accompany": "keep",
    "homes.leave": "keep",
    "homes.settle": "keep",
    "homes.partner": "keep",
    "households.assign": "keep",
    "households.accept": "keep",
    "households.end": "keep",
    "account.reveal": "keep",
    "calls.configure": "keep",
    "calls.arrange": "keep",
    "calls.tell": "keep",
    "calls.take_back": "keep",
    "calls.cancel": "keep",
    "contacts.note": "keep",
    "contacts.take_back": "keep",
    "rounds.verify": "erase",
    "rounds.stand": "keep",
    "rounds.take": "keep",
    "rounds.give_back": "keep",
    "rounds.visit": "keep",
    "rounds.withdraw": "keep",
    "rounds.card": "keep",
    "hardship.flag": "keep",
    "hardship.take_back": "keep",
    "hardship.answer": "keep",
    "alarm.take_back": "keep",
    "channel.choose": "keep",
    "channel.stop": "keep",
    "facility.open": "keep",
    "facility.change": "keep",
    "facility.close": "keep",
    "facility.move": "keep",
    "carry.phones": "keep",
    "sync.hold": "keep",
    "sync.keep": "keep",
    "sync.hand": "keep",
    "sync.drop": "keep",
    "sync.load": "keep",
    "profile.change": "erase",
    "profile.conflict": "keep",
    "profile.choose": "erase",
}


def plain(value):
    """This function will turn a column value into JSON: sealed values stay sealed, dates become text."""
    if isinstance(value, Sealed):
        return str.__str__(value.envelope())
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return str(value)


def changed(before: dict, after: dict) -> dict:
    """This function will give {field: [before, after]} for the fields that differ."""
    keys = before.keys() | after.keys()
    return {
        key: [plain(before.get(key)), plain(after.get(key))]
        for key in sorted(keys)
        if plain(before.get(key)) != plain(after.get(key))
    }


def event(verb: str, *, by: Staff | None, at, subject=None, changes: dict | None = None) -> Event:
    """This function will build (not store) the Event of one change. `subject` is a row; raises KeyError on an unknown verb."""
    VERBS[verb]
    return Event(
        school_id=_school_of(by, subject),
        at=at,
        by=by,
        verb=verb,
        subject_type=subject._meta.model_name if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        pupil_id=subject.pk if isinstance(subject, Pupil) else getattr(subject, "pupil_id", None),
        changes=changes or {},
    )


def log(verb: str, *, by: Staff | None, at, subject=None, changes: dict | None = None) -> Event:
    """This function will store the Event of one change."""
    entry = event(verb, by=by, at=at, subject=subject, changes=changes)
    entry.save(force_insert=True)
    return entry


def store(entries: list[Event]) -> None:
    """This function will store many events at once."""
    Event.objects.bulk_create(entries, batch_size=500)


def _school_of(by, subject):
    if by is not None:
        return by.school_id
    if subject is not None and subject._meta.model_name == "school":
        return subject.pk
    return getattr(subject, "school_id", None)
