"""A plan read as a paragraph: what it asks, of whom, how often, in the reader's language. The page of plans asks for it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from bangfu.engine.cadence import Duty
from bangfu.engine.plan import Plan
from bangfu.web.formats import chinese, listed
from bangfu.web.me import ROLES

PEOPLE = ROLES | {"helper": N_("Helper"), "deputy": N_("Deputy")}
EVERY = {
    "school_day": N_("every school day"),
    "teaching_week": N_("every week"),
    "month": N_("every month"),
    "term": N_("every term"),
    "school_year": N_("every school year"),
}
EVERY_N = {
    "school_day": N_("every %(n)s school days"),
    "teaching_week": N_("every %(n)s weeks"),
    "month": N_("every %(n)s months"),
    "term": N_("every %(n)s terms"),
    "school_year": N_("every %(n)s school years"),
}
AFTER = {
    "term_start": {
        "teaching_week": N_("within %(n)s weeks of the start of term"),
        "school_day": N_("within %(n)s school days of the start of term"),
        "day": N_("within %(n)s days of the start of term"),
    },
    "case_opened": {
        "teaching_week": N_("within %(n)s weeks of being chosen"),
        "school_day": N_("within %(n)s school days of being chosen"),
        "day": N_("within %(n)s days of being chosen"),
    },
    "joined": {
        "teaching_week": N_("within %(n)s weeks of joining"),
        "school_day": N_("within %(n)s school days of joining"),
        "day": N_("within %(n)s days of joining"),
    },
}
EVENTS = {"guardian_uncooperative": N_("when the family finds it hard")}


def _comma() -> str:
    return "，" if chinese() else ", "


def _semicolon() -> str:
    return "；" if chinese() else "; "


def people(roles) -> str:
    """This function will join roles as people say them."""
    return listed(_(PEOPLE.get(role, role)) for role in roles)


def cadence(duty: Duty) -> str:
    """This function will say how often something is owed: 每周；每月，30日前；开学后 5 周内."""
    if duty.once:
        words = [_(AFTER[duty.once.after][duty.once.unit]) % {"n": duty.once.n}]
    elif duty.on:
        event = _(EVENTS.get(duty.on.event, duty.on.event))
        words = [event, _("within %(n)s days") % {"n": duty.on.days}]
    else:
        every = duty.every
        words = [_(EVERY[every.unit]) if every.n == 1 else _(EVERY_N[every.unit]) % {"n": every.n}]
    if duty.times > 1:
        words.append(_("%(n)s times") % {"n": duty.times})
    if duty.due_day:
        words.append(_("until the %(n)sth") % {"n": duty.due_day})
    if duty.last_workdays:
        words.append(_("in the last %(n)s school days") % {"n": duty.last_workdays})
    if duty.sample < 1:
        words.append(_("%(n)s in ten are drawn") % {"n": round(duty.sample * 10)})
    if duty.new_pupil:
        words.append(_("new pupils within %(n)s days") % {"n": duty.new_pupil.days})
    return _comma().join(words)


def sections(plan: Plan) -> list[tuple[str, list[tuple[str, str]]]]:
    """This function will tell a plan in sections: [(heading, [(sentence, more)])]; empty sections are left out."""
    told = [
        (_("Whom"), _whom(plan)),
        (_("Who helps"), _helpers(plan)),
        (_("What is done, and when"), [_duty(duty) for duty in plan.duties if duty.times]),
        (_("How it is looked at"), [_review(review) for review in plan.reviews]),
        (_("Papers that come out"), [_register(one) for one in plan.registers]),
        (_("Praise"), [_award(award) for award in plan.awards]),
    ]
    return [(heading, lines) for heading, lines in told if lines]


def _whom(plan: Plan) -> list[tuple[str, str]]:
    lines = []
    if plan.selection and plan.selection.per_class:
        among = {"least": plan.selection.per_class.min, "most": plan.selection.per_class.max}
        chosen = _("%(who)s choose %(least)s to %(most)s pupils in each class and write down the causes.")
        lines.append((chosen % {"who": people(plan.selection.by), **among}, ""))
    return lines + [(category.title, category.meaning) for category in plan.categories]


def _helpers(plan: Plan) -> list[tuple[str, str]]:
    within = {"class": _("of the class"), "grade": _("of the grade"), "school": _("of the school")}
    return [
        (
            _("%(who)s %(where)s; %(adults)s for each pupil, %(least)s to %(most)s pupils each.")
            % {
                "who": people(rule.roles),
                "where": within[rule.within],
                "adults": ngettext("one adult", "%(n)s adults", rule.per_case.max) % {"n": rule.per_case.max},
                "least": rule.per_helper.min,
                "most": rule.per_helper.max,
            },
            _("Proposed by the system, confirmed by the grade supervisor, accepted by the teacher."),
        )
        for rule in plan.pairings
    ]


def _duty(duty: Duty) -> tuple[str, str]:
    words = [cadence(duty), people(duty.who)]
    if duty.minutes:
        words.append(
            ngettext("about %(n)s minute", "about %(n)s minutes", duty.minutes) % {"n": duty.minutes}
        )
    return duty.title, _semicolon().join(words)


def _review(review) -> tuple[str, str]:
    every = _(EVERY[review.every.unit])
    checks = listed(check.title for check in review.checks)
    return review.title, _semicolon().join(part for part in (every, people(review.by), checks) if part)


def _register(one) -> tuple[str, str]:
    to = _("goes to %(who)s") % {"who": people(one.submitted_to)} if one.submitted_to else ""
    return f"《{one.title}》", to


def _award(award) -> tuple[str, str]:
    said = _("nominated by %(who)s, approved by %(whom)s")
    return award.title, said % {"who": people(award.nominate_by), "whom": people(award.approve_by)}
