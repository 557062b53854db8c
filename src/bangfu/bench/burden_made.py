"""Builds the demo school, runs every plan of one edition in it as people would, counts; JSON on the last line of stdout."""

import json
import statistics
import sys

import django


def main(edition: str, *, quick: bool) -> dict:
    """This function will give the class teachers' medians by week under all plans of an edition."""
    django.setup()
    from django.core.management import call_command

    from bangfu.demo.people import Size
    from bangfu.demo.school import build
    from bangfu.flow import clock
    from bangfu.records.models import School

    call_command("migrate", verbosity=0, interactive=False)
    build(size=Size(classes_per_grade=1, pupils_per_class=24) if quick else Size())
    return count(School.objects.get(), clock.today(), edition)


def count(school, day, edition: str) -> dict:
    """This function will adopt, survey and pair by every plan about children, and count each class teacher's term."""
    from bangfu.flow import adopt
    from bangfu.flow.almanac import calendar_for
    from bangfu.flow.burden import burdens
    from bangfu.records.access import viewer_of
    from bangfu.records.models import AdoptedPlan, Staff

    term = calendar_for(school).term_on(day)
    principal = viewer_of(Staff.objects.filter(school=school, grants__role="principal").first(), day)
    AdoptedPlan.objects.filter(school=school).delete()  # the demo's own plan, to begin with every plan alike
    teach(school)
    texts = [text for (_, which), text in sorted(adopt.shelf().texts.items()) if which == edition]
    for text in texts:
        adopt.adopt(school=school, text=text, valid_from=term.starts_on, by=principal)
    plans = adopt.plans_in_force(school, day)
    for plan in plans:
        if plan.subject == "child":
            survey_all(plan, school, term, day)
            pair_all(plan, principal)
    teachers = Staff.objects.filter(school=school, grants__role="homeroom_teacher").distinct()
    viewers = [viewer_of(staff, day) for staff in teachers]
    return summed(burdens(school=school, plans=plans, term=term, staff=viewers).values(), len(plans))


def survey_all(plan, school, term, day) -> None:
    """This function will survey every class by the plan's rules: all who fit, or as many as the plan lets people choose."""
    from bangfu.engine import eligibility
    from bangfu.flow import adopt, identify, known
    from bangfu.records.access import viewer_of
    from bangfu.records.models import Enrolment, Staff

    if plan.selection is None:
        return
    facts = adopt.shelf().commons.facts
    for teacher in Staff.objects.filter(school=school, grants__role="homeroom_teacher").distinct():
        viewer = viewer_of(teacher, day)
        for class_id in viewer.class_ids_as("homeroom_teacher"):
            pupils = list(
                Enrolment.objects.on(day).filter(school_class=class_id).values_list("pupil_id", flat=True)
            )
            about = known.newest(pupils, day)
            advice = {pk: eligibility.judge(plan, about.get(pk, {}), facts) for pk in pupils}
            fitting = [pk for pk in pupils if advice[pk].verdict.answer]
            picked = chosen(plan, pupils, fitting)
            school_class = Enrolment.objects.on(day).filter(school_class=class_id).first().school_class
            survey = identify.open_survey(school_class=school_class, plan=plan, term_key=term.key)
            identify.fill(survey=survey, answers={}, picks=dict.fromkeys(picked, True), by=viewer)
            causes = tuple(one.key for one in plan.selection.causes[:1])
            choices = {
                pk: identify.Choice(next(iter(advice[pk].categories), first_category(plan)), causes)
                for pk in picked
            }
            identify.choose_all(survey=survey, choices=choices, by=viewer)
            identify.finish(survey=survey, plan=plan, by=viewer, exception="为了计算")


def chosen(plan, pupils: list, fitting: list) -> list:
    """This function will choose as people would: all who fit, or the plan's number, or three a class (requirements §4)."""
    if plan.selection.take == "eligible":
        return fitting
    if plan.selection.per_class:
        return [*fitting, *(pk for pk in pupils if pk not in fitting)][: plan.selection.per_class.max]
    return fitting[:10] or pupils[:3]


def teach(school) -> None:
    """This function will make class teachers and attached teachers subject teachers of their class, as they are."""
    from bangfu.records.models import RoleGrant

    minding = RoleGrant.objects.filter(
        staff__school=school, role__in=("homeroom_teacher", "class_attached_teacher"), school_class__isnull=False
    )  # fmt: skip
    RoleGrant.objects.bulk_create(
        RoleGrant(staff_id=g.staff_id, role="subject_teacher", school_class_id=g.school_class_id, valid_from=g.valid_from)
        for g in minding
    )  # fmt: skip


def first_category(plan) -> str:
    """This function will give what a child is chosen for where the facts do not say."""
    return next((one.key for one in plan.categories if not one.off), "")


def pair_all(plan, principal) -> None:
    """This function will have every child paired by every rule with an adult, as the solver proposes."""
    from bangfu.flow import pair

    for rule in pair.rules_of(plan):
        found = pair.propose(plan=plan, by=principal, kind=rule.key)
        pair.confirm(pairings=found.pairings, plan=plan, by=principal)


def summed(found, plans: int) -> dict:
    """This function will sum class teachers up by week, in acts and minutes."""
    found = list(found)

    def middle(figure) -> float:
        return statistics.median(one.weekly(figure(one)) for one in found)

    keys = {key for one in found for key in one.by_plan}
    entries = [one.weekly(one.entry) / 60 for one in found]
    return {
        "literal": middle(lambda one: one.literal),
        "merged": middle(lambda one: one.merged),
        "literal_minutes": middle(lambda one: one.literal_minutes),
        "merged_minutes": middle(lambda one: one.merged_minutes),
        "typed": middle(lambda one: one.typed) / 60,
        "entry": statistics.median(entries),
        "entries": entries,
        "most": max(entries),
        "teachers": len(found),
        "plans": plans,
        "by_plan": {key: middle(lambda one, key=key: one.by_plan.get(key, 0)) for key in sorted(keys)},
    }


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], quick=sys.argv[2] == "quick")))
