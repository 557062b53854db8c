"""Taking a plan into use: the shipped packs, a school's adopted versions, and the plan in force on a day.

Past periods are judged by the version then in force, so a version is never changed, only followed by another.
"""

from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from django.db import transaction

from bangfu.engine import pack
from bangfu.engine.fault import Fault
from bangfu.engine.plan import Plan
from bangfu.engine.refusal import Refusal
from bangfu.engine.version import Version
from bangfu.flow import clock
from bangfu.records import audit
from bangfu.records.models import AdoptedPlan, Carer, PairingLimit
from bangfu.records.models.carers import CARING


class NotLeader(Refusal):
    sentence = "启用或停用方案要由校长或副校长来点。"


class PackFaulty(Refusal):
    """The text is no plan; `faults` lists everything at once."""

    def __init__(self, faults: list[Fault]):
        self.faults = faults
        super().__init__(f"方案文件有 {len(faults)} 处要改：{'；'.join(str(f) for f in faults[:5])}")


class AlreadyAdopted(Refusal):
    sentence = "这份方案已经在用了，内容也没有变。"


class TooEarly(Refusal):
    """A version would begin in days that another version has already judged."""


def pack_files() -> dict[str, str]:
    """This function will read the text of all shipped packs: {"weekly_support/plan.toml": text, …}."""
    found: dict[str, str] = {}
    pending = [("", files("bangfu") / "packs")]
    while pending:
        prefix, folder = pending.pop()
        for entry in folder.iterdir():
            name = f"{prefix}{entry.name}"
            if entry.is_dir():
                pending.append((f"{name}/", entry))
            elif entry.name.endswith(".toml"):
                found[name] = entry.read_text(encoding="utf-8")
    return found


@lru_cache(maxsize=1)
def shelf() -> pack.Shelf:
    """This function will give everything that is shipped: plans, facts, forms, registers; raises PackFaulty."""
    found = pack.load(pack_files())
    if found.faults:
        raise PackFaulty(found.faults)
    return found


def read(text: str) -> Plan:
    """This function will read a plan's text or raise PackFaulty with every fault at once."""
    plan, faults = pack.read(text, "plan.toml", shelf().commons)
    if faults or plan is None:
        raise PackFaulty(faults)
    return plan


@lru_cache(maxsize=256)
def _plan_with(digest: str) -> Plan:
    text = AdoptedPlan.objects.filter(digest=digest).values_list("content", flat=True).first()
    return read(text or "")


def plan_of(adopted: AdoptedPlan) -> Plan:
    """This function will give the plan of an adopted version, read once per process."""
    return _plan_with(adopted.digest)


class InForce(NamedTuple):
    """When a version of a plan was in force, the last day excluded; `digest` names its text."""

    key: str
    digest: str
    valid_from: date
    valid_to: date | None

    def holds(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def versions_of(school, *, anew: bool = False) -> tuple[InForce, ...]:
    """This function will list all versions of a school's plans, oldest first; one query for each School object.

    A page asks which plans are in force (`anew`) and then many times which version a window belongs to.
    """
    found = None if anew else school.__dict__.get("_plan_versions")
    if found is None:
        rows = AdoptedPlan.objects.filter(school=school).order_by("key", "valid_from", "version")
        found = tuple(InForce(*row) for row in rows.values_list("key", "digest", "valid_from", "valid_to"))
        school.__dict__["_plan_versions"] = found
    return found


def versions_of_plan(school, key: str) -> tuple[Version, ...]:
    """This function will give the versions of one plan of a school with their days, oldest first."""
    found = [one for one in versions_of(school) if one.key == key]
    return tuple(Version(_plan_with(one.digest), one.valid_from, one.valid_to) for one in found)


def latest_plans(school) -> dict[str, Plan]:
    """This function will give every plan a school ever used as it was last, by key: what is stopped still has a name."""
    return {one.key: _plan_with(one.digest) for one in versions_of(school)}


def plans_in_force(school, day: date) -> tuple[Plan, ...]:
    """This function will give the plans a school runs on a day, the one it began with first; one query."""
    versions, began = versions_of(school, anew=True), {}
    for one in versions:  # of a plan the oldest first
        began.setdefault(one.key, one.valid_from)
    held = sorted((one for one in versions if one.holds(day)), key=lambda one: began[one.key])
    return tuple(_plan_with(one.digest) for one in held)


@transaction.atomic
def keep_limits(*, school, day: date) -> None:
    """This function will write down how many at most by each pairing, from the versions in force, for the triggers.

    Before the first version begins the first one counts; after the last has ended the last one.
    """
    _keep_carers(school)
    latest: dict[str, InForce] = {}
    for version in versions_of(school, anew=True):
        if version.key not in latest or version.valid_from <= day:
            latest[version.key] = version
    said = {
        (key, rule.key): (rule.per_case.max, rule.per_helper.max)
        for key, version in latest.items()
        for rule in _plan_with(version.digest).pairings
    }
    known = {(row.plan_key, row.kind): row for row in PairingLimit.objects.filter(school=school)}
    for (key, kind), (per_case, per_helper) in said.items():
        row = known.get((key, kind))
        if row is None or (row.per_case_max, row.per_helper_max) != (per_case, per_helper):
            PairingLimit.objects.update_or_create(
                school=school,
                plan_key=key,
                kind=kind,
                defaults={"per_case_max": per_case, "per_helper_max": per_helper},
            )


def _keep_carers(school) -> None:
    """Which roles of the whole school the plans name to look after every class, with the days of each version."""
    said = {
        (one.key, role, one.valid_from, one.valid_to)
        for one in versions_of(school, anew=True)
        for organ in _plan_with(one.digest).organs
        if "every_class" in organ.covers
        for role in CARING
        if role in (*organ.head, *organ.members)
    }
    rows = Carer.objects.filter(school=school)
    if set(rows.values_list("plan_key", "role", "valid_from", "valid_to")) != said:
        rows.delete()
        Carer.objects.bulk_create(
            Carer(school=school, plan_key=key, role=role, valid_from=since, valid_to=until)
            for key, role, since, until in said
        )


@transaction.atomic
def adopt(*, school, text: str, valid_from: date, by) -> AdoptedPlan:
    """This function will put a plan (TOML text) in force from a day, ending the version before it.

    Raises NotLeader, PackFaulty, AlreadyAdopted, TooEarly.
    """
    if not by.holds("principal", "vice_principal"):
        raise NotLeader
    plan = read(text)
    digest = pack.digest(text)
    versions = AdoptedPlan.objects.select_for_update().filter(school=school, key=plan.key)
    current = versions.filter(valid_to__isnull=True).first()
    if current is not None and current.digest == digest:
        raise AlreadyAdopted
    last = versions.order_by("-version").first()
    if last is not None:  # past periods keep the version then in force
        first = max(by.day, last.valid_from if last.valid_to is None else last.valid_to)
        if valid_from < first:
            raise TooEarly(f"新的一版最早从{first.month}月{first.day}日起，过去的日子按原来那一版算。")
    if current is not None:
        AdoptedPlan.objects.filter(pk=current.pk).update(valid_to=max(valid_from, current.valid_from))
    adopted = AdoptedPlan.objects.create(
        school=school,
        key=plan.key,
        edition=plan.edition,
        version=last.version + 1 if last else 1,
        content=text,
        digest=digest,
        valid_from=valid_from,
        adopted_by=by.staff,
        adopted_at=clock.now(),
    )
    keep_limits(school=school, day=by.day)
    audit.log(
        "adopt.plan",
        by=by.staff,
        at=clock.now(),
        subject=adopted,
        changes={"version": [None, adopted.version]},
    )
    return adopted


@transaction.atomic
def stop(*, adopted: AdoptedPlan, by) -> None:
    """This function will end a plan from today on; records and past sheets stay."""
    if not by.holds("principal", "vice_principal"):
        raise NotLeader
    ends_on = max(by.day, adopted.valid_from)
    if AdoptedPlan.objects.filter(pk=adopted.pk, valid_to__isnull=True).update(valid_to=ends_on):
        keep_limits(school=by.school, day=by.day)
        audit.log(
            "adopt.stop",
            by=by.staff,
            at=clock.now(),
            subject=adopted,
            changes={"valid_to": [None, str(ends_on)]},
        )
