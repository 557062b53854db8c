"""What a hand does on the board: carry one name to another adult without touching the child's other seats; begin anew.

The verbs of flow/pair.py do the work and say no; here only the seat in the hand is open while the others rest.
"""

from django.db import transaction

from bangfu.engine.plan import Plan
from bangfu.flow import pair
from bangfu.records.models import Case, Pairing, Staff


@transaction.atomic
def carry(*, case: Case, helper: Staff, plan: Plan, by, kind: str = "") -> Pairing:
    """This function will propose an adult for a free seat of a child; its other proposals stay.

    Raises what flow.pair.place raises; then everything is as it was.
    """
    others = Pairing.objects.filter(case=case, kind=pair.rule_of(plan, kind).key, state="proposed")
    return _placed(others, case, helper, (plan, kind, by))


@transaction.atomic
def move(*, pairing: Pairing, helper: Staff, plan: Plan, by) -> Pairing:
    """This function will carry a proposal, kept or not, to another adult; the child's other seats stay."""
    if pairing.is_locked:
        pair.unlock(pairing=pairing, by=by)
    others = Pairing.objects.filter(case=pairing.case, kind=pairing.kind, state="proposed").exclude(
        pk=pairing.pk
    )
    return _placed(others, pairing.case, helper, (plan, pairing.kind, by))


@transaction.atomic
def begin(*, case: Case, helper: Staff, plan: Plan, by, kind: str = "") -> Pairing:
    """This function will propose an adult and put the pair in force at once; refused, no proposal is left behind."""
    row = pair.place(case=case, helper=helper, plan=plan, by=by, kind=kind)
    return pair.confirm(pairings=[row], plan=plan, by=by)[0]


def _placed(others, case: Case, helper: Staff, about: tuple) -> Pairing:
    plan, kind, by = about
    resting = list(others.filter(is_locked=False).values_list("pk", flat=True))
    Pairing.objects.filter(pk__in=resting).update(is_locked=True)
    row = pair.place(case=case, helper=helper, plan=plan, by=by, kind=kind)
    Pairing.objects.filter(pk__in=resting).exclude(pk=row.pk).update(is_locked=False)
    return row


@transaction.atomic
def best_instead(*, plan: Plan, by, kind: str = "") -> pair.Proposals:
    """This function will let go of every proposal kept by hand and propose the best there is."""
    rule = pair.rule_of(plan, kind)
    kept = Pairing.objects.filter(
        case__in=pair.decided_by(by), plan_key=plan.key, kind=rule.key, is_locked=True
    )
    for pairing in kept.filter(state="proposed"):
        pair.unlock(pairing=pairing, by=by)
    return pair.propose(plan=plan, by=by, kind=rule.key)
