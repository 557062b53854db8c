"""Somebody of another school meets 404 at every address of this one, whatever is asked and posted; a stranger signs in.

Every address of the product stands in one of the two tables below: a new one without its sample fails here.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date

import pytest
from django.apps import apps
from django.db import transaction
from django.urls import get_resolver, reverse

from bangfu.flow import (
    adopt,
    clock,
    draft,
    enrol,
    exclude,
    feedback,
    identify,
    month,
    pair,
    record,
    review,
)
from bangfu.records.models import Nomination, Pairing
from tests import factories
from tests.cast import DAY
from tests.exchange import workbooks
from tests.exchange.pupils import table
from tests.journeys import away, care_rows, giving, hand_over_rows, month_rows, synced, village_rows
from tests.journeys.made_rows import goal_of, list_of, posted_notice

pytestmark = pytest.mark.django_db
TERM, MONTH = "2026-2027-1", "2026-10"
PEERS = (
    "peers_class", "peers_propose", "peers_confirm", "peers_place", "peers_stop", "peers_leave", "peers_waiting",
    "peers_slips", "peers_file",
)  # fmt: skip
# Addresses with ids of the first school: url name → where its ids come from, in the order of the address.
WITH_IDS = {
    "record": ["evidence"],
    "record_withdraw": ["evidence"],
    "record_class": ["school_class"],
    "pupil": ["pupil"],
    "survey_class": ["school_class"],
    "survey_choice": ["school_class"],
    "pair_lock": ["proposal"],
    "pair_unlock": ["proposal"],
    "pairs_lift": ["avoidance"],
    "pair_accept": ["pairing"],
    "pair_decline": ["pairing"],
    "pair_end": ["pairing"],
    "handin_sheet": [MONTH, "sheet"],
    "spot_check_child": ["check"],
    "decide": ["case"],
    "intake_one": ["intake"],
    "intake_load": ["intake"],
    "intake_undo": ["intake"],
    "intake_left": ["intake"],
    "intake_file": ["intake"],
    "list_one": ["list"],
    "list_load": ["list"],
    "list_undo": ["list"],
    "list_drop": ["list"],
    "list_file": ["list"],
    "list_pair": ["match"],
    "list_pair_undo": ["match"],
    "list_leaver": ["leaver"],
    "list_leaver_undo": ["leaver"],
    "plan_stop": ["plan"],
    "plan_take_back": ["coming"],
    "studio": ["draft"],
    "studio_trial": ["draft"],
    "studio_text": ["draft"],
    "studio_names": ["draft"],
    "award_approve": ["nomination"],
    "award_decline": ["nomination"],
    "award_certificate": ["nomination"],
    "person": ["staff"],
    "account": ["staff"],
    "departure": ["staff"],
    "role_end": ["staff", "grant"],
    "feedback_answer": ["complaint"],
    "recognition_step": ["recognition"],
    "recognition_ended": ["recognised"],
    "recognition_group": ["recognition"],
    "recognition_appraisal": ["recognition"],
    "recognition_decision": ["recognition"],
    "recognition_paper": ["recognition"],
    "applications": ["recognition"],
    "application_new": ["recognition"],
    "application": ["application"],
    "application_withdraw": ["application"],
    "application_print": ["application"],
    "notice_post": ["recognition"],
    "notice_down": ["notice"],
    "notice_print": ["notice"],
    "objections": ["notice"],
    "objection_answer": ["objection"],
    "goal_set": ["planned", "stages"],
    "goal": ["goal"],
    "goal_drop": ["goal"],
    "goal_resume": ["goal"],
    "goal_reach": ["step"],
    "goal_unreach": ["step"],
    "gaps_class": ["school_class"],
    "gaps_pupil": ["pupil"],
    "at_home": ["pupil"],
    **(away.WITH_IDS | giving.WITH_IDS),
    **hand_over_rows.WITH_IDS,
    **month_rows.WITH_IDS,
    **synced.WITH_IDS,
    **village_rows.WITH_IDS,
    **care_rows.WITH_IDS,
    **dict.fromkeys(PEERS, ["school_class"]),
    "peers_words": ["pupil"],
    "class_grid": ["school_class"],
    "coverage_class": ["school_class"],
    "coverage_exclude": ["pupil"],
    "coverage_withdraw": ["exclusion"],
}
# Addresses without ids: they may answer anything, but name nobody of the first school and touch nothing of it.
WITHOUT_IDS = dict.fromkeys(
    (
        "ending",
        "ending_renewed",
        "unmentioned",
        "setup_signals",
        "me",
        "password",
        "language",
        "text_size",
        "feedback",
        "today",
        "outbox",
        "api_duties",
        "api_pairs",
        "duties_file",
        "not_possible",
        "taken_up",
        "record_new",
        "record_school",
        "pupils",
        "survey",
        "gaps",
        "coverage",
        "coverage_file",
        "pairs",
        "peers",
        "pairs_propose",
        "pairs_confirm",
        "pairs_best",
        "pairs_place",
        "pairs_put_back",
        "pairs_avoid",
        "pairs_unrelated",
        "handin",
        "spot_check",
        "spot_check_draw",
        "decisions",
        "recognition",
        "recognition_held",
        "application_blank",
        "notices",
        "board",
        "intake",
        "lists",
        "list_pairs",
        "reports",
        "report_print",
        "report_certificates",
        "report_submit",
        "report_file",
        "plans",
        "plan_file",
        "awards",
        "award_nominate",
        "setup",
        "setup_calendar",
        "setup_classes",
        "people",
        "accounts",
        "leave",
        "absence",
        "sign_out",
        *away.WITHOUT_IDS,
        *giving.WITHOUT_IDS,
        *hand_over_rows.WITHOUT_IDS,
        *month_rows.WITHOUT_IDS,
        *synced.WITHOUT_IDS,
        *village_rows.WITHOUT_IDS,
        *care_rows.WITHOUT_IDS,
    ),
    [],
) | {  # fmt: skip
    "plan": ["weekly_support"],
    "plan_compare": ["weekly_support"],
    "plan_copy": ["weekly_support"],
    "plan_text": ["weekly_support", "seed"],
    "term_summary": [TERM],
    "handin_month": [MONTH],
    "handin_note": [MONTH],
    "handin_sheets": [MONTH],
    "handin_seal": [MONTH],
}
# Before anybody is signed in; `start` is gone once there is a school.
OPEN = {"sign_in", "sign_out", "language", "text_size", "start", "away", "worker", "manifest"}
CALM = (200, 302, 403, 404, 405, 409, 422)


class Undone(Exception):
    """Rolls back what one question changed."""


def url_names(resolver=None):
    """Return the name of every address of the product."""
    for one in (resolver or get_resolver()).url_patterns:
        if hasattr(one, "url_patterns"):
            yield from url_names(one)
        else:
            yield one.name


@dataclass
class World:
    """The first school with one row of everything an address may name."""

    cast: object
    rows: dict

    def address(self, name: str) -> str:
        wanted = (WITH_IDS | WITHOUT_IDS).get(name, [])
        return reverse(name, args=[self.rows[one].pk if one in self.rows else one for one in wanted])

    def everything(self) -> dict:
        """Return what a form of this product may carry, filled with ids of the first school."""
        ids = {key: str(row.pk) for key, row in self.rows.items()}
        return {
            "pupil": ids["pupil"], "case": ids["case"], "pair": ids["proposal"], "sheet": ids["sheet"],
            "helper": ids["staff"], "staff": ids["staff"], "deputy": ids["staff"], "guardian": ids["guardian"],
            "school_class": ids["school_class"], "plan": "weekly_support", "term": TERM, "month": MONTH,
            "register": "band_list", "band": "mid", "form": "xlsx", "duty": "talk", "period": f"{TERM}/W07",
            "reason": "pupil_away", "activities": "talk", "on": DAY.isoformat(), "note": "外校的话", "id": ids["pupil"],
            "outcome": "continue", "because": "外校的理由，写得够长。", "award": "five_star", "count": "3",
            "question": "外校的问题", "slot": "周一 课间", "remark": "外校的话", "text": "外校的话", "names": "外校新人",
            "starts_on": DAY.isoformat(), "ends_on": DAY.isoformat(), "confirmed": "1", "q": "陈",
            f"pick.{ids['pupil']}": "1", f"child.{ids['pupil']}": "1", "whole": "1", f"row.{ids['pupil']}": "1",
            "edition": "seed", "valid_from": "2026-09-01", "role": "principal", "username": "hacker", "then": "finish",
        }  # fmt: skip

    def words(self) -> list[str]:
        """Return the names nobody elsewhere may read."""
        cast = self.cast
        people = [one.name for one in (*cast.pupils, *cast.others)] + [
            self.rows["staff"].name,
            "王振华",
            "张国栋",
        ]
        return [*people, cast.school.name, "看图说话", "花名册.xlsx"]


@pytest.fixture
def world(cast) -> World:
    first, second, third = (cast.case(0), cast.case(1), factories.case(cast.pupils[2], by=cast.homeroom))
    plan = adopt.plans_in_force(cast.school, DAY)[0]
    homeroom, supervisor = cast.viewer(cast.homeroom), cast.viewer(cast.supervisor)
    entry = record.Entry(("talk",), date(2026, 10, 12), note="聊了看图说话")
    evidence = record.add(entry=entry, pupils=cast.pupils[:2], by=homeroom)
    pair.propose(plan=plan, by=supervisor)
    survey = identify.open_survey(school_class=cast.class_two, plan=plan, term_key=TERM)
    period = review.period_of_key(cast.school, MONTH)
    sheet = review.hand_in(plan=plan, period=period, by=homeroom)
    (check,) = review.draw(sheets=month.sheets_to_check(supervisor, period), count=1, by=supervisor)
    content = workbooks.xlsx(("花名册", table({})))
    intake, _seen = enrol.check(content=content, file_name="花名册.xlsx", by=cast.viewer(cast.principal))
    nomination = Nomination.objects.create(
        school=cast.school, pupil=cast.pupils[0], award_key="five_star", term_key=TERM, because="每天自己来",
        nominated_by=cast.homeroom, nominated_on=clock.today(), state="approved", decided_by=cast.principal,
        decided_on=clock.today(),
    )  # fmt: skip
    own = draft.text_of(key="weekly_support", of="v1", by=cast.viewer(cast.principal))
    begun = draft.start(text=own, based_on="v1", by=cast.viewer(cast.principal))
    coming = adopt.adopt(
        school=cast.school, text=own.replace('"weekly_support"', '"our_own"'), valid_from=date(2026, 10, 19),
        by=cast.viewer(cast.principal),
    )  # fmt: skip
    planned, row = goal_of(cast)
    posted, objection = posted_notice(cast)
    left_out = exclude.exclude(pupil=cast.pupils[3], plan_key="", reason="转学手续在办", by=homeroom)
    rows = {
        "exclusion": left_out,
        "avoidance": pair.avoid(pupil=cast.pupils[4], staff=cast.attached, why="relative", by=supervisor),
        "planned": planned, "goal": row, "step": row.steps.first(),
        "evidence": evidence, "pupil": cast.pupils[0], "school_class": cast.class_two, "survey": survey,
        "proposal": Pairing.objects.get(state="proposed"), "pairing": Pairing.objects.get(case=first), "case": second,
        "sheet": sheet, "check": check, "intake": intake, "plan": cast.school.plans.get(key="weekly_support"),
        "draft": begun, "coming": coming,
        "nomination": nomination, "complaint": feedback.leave(text="看图说话太多", page="/", by=homeroom),
        "staff": cast.homeroom, "grant": cast.homeroom.grants.get(), "guardian": cast.pupils[0].guardians.get(),
        "recognition": posted.round, "notice": posted, "objection": objection,
        "recognised": posted.round.recognitions.first(),
        "application": posted.round.applications.get(),
        "waiting": third, **village_rows.rows(cast), **care_rows.rows(cast), **list_of(cast), **away.rows(cast),
        **giving.rows(cast), **hand_over_rows.rows(cast), **synced.rows(cast),
        **month_rows.rows(cast),
    }  # fmt: skip
    return World(cast, rows)


def everything_stored() -> dict:
    """Return every row of the school's tables as it stands."""
    models = [one for one in apps.get_app_config("records").get_models() if one._meta.model_name != "user"]
    return {(one, row.pop(one._meta.pk.attname)): row for one in models for row in one.objects.values()}


def test_every_address_has_a_sample():
    known = WITH_IDS.keys() | WITHOUT_IDS.keys() | OPEN
    assert set(url_names()) == known, set(url_names()) ^ known


def test_an_outsider_finds_and_changes_nothing(client, world):
    client.force_login(world.cast.outsider.user, backend="bangfu.records.access.ViewerBackend")
    before, wrong = everything_stored(), {}
    for name in sorted(WITH_IDS.keys() | WITHOUT_IDS.keys()):
        with suppress(Undone), transaction.atomic():
            if said := told_or_touched(client, world, name, before):
                wrong[name] = said
            raise Undone  # each address meets the schools as they were
        client.force_login(world.cast.outsider.user, backend="bangfu.records.access.ViewerBackend")
    assert not wrong


def told_or_touched(client, world: World, name: str, before: dict) -> list[str]:
    """Return what an address told an outsider or changed for one, in words; empty is right."""
    said, looked = [], client.get(address := world.address(name), follow=True)
    posted = client.post(address, world.everything(), follow=True)
    if name in WITH_IDS and (looked.status_code not in (404, 405) or posted.status_code != 404):
        said.append(f"answered {looked.status_code} and {posted.status_code}, not 404")
    for answer in (looked, posted):
        page = answer.content.decode(errors="replace")
        said += [f"broke: {answer.status_code}"] if answer.status_code not in CALM else []
        said += [f"told: {word}" for word in world.words() if word in page]
    after, there = everything_stored(), world.cast.outsider.school_id
    # A school may set up itself.
    said += [f"changed: {key}" for key, row in before.items() if key[1] != there and after.get(key) != row]
    new = {key: row for key, row in after.items() if key not in before}
    return said + [f"wrote: {key}" for key, row in new.items() if row.get("school_id", there) != there]


def test_the_samples_are_real_for_people_of_the_school(client, world):
    """A 404 for the outsider says something only because the same address opens for somebody here."""
    found = dict.fromkeys(WITH_IDS.keys() - {"intake_left"}, False)  # that one names its child in the form
    for who in (world.cast.principal, world.cast.homeroom, world.rows["care_case"].counsellor):
        client.force_login(who.user, backend="bangfu.records.access.ViewerBackend")
        for name in found:
            with suppress(Undone), transaction.atomic():
                got = client.get(world.address(name))
                got = client.post(world.address(name)) if got.status_code == 405 else got
                found[name] |= got.status_code != 404
                raise Undone  # each address meets the school as it was
    assert all(found.values()), [name for name, is_there in found.items() if not is_there]


def test_a_stranger_is_sent_to_sign_in(client, world):
    let_in = []
    for name in (WITH_IDS.keys() | WITHOUT_IDS.keys()) - OPEN:
        address = world.address(name)
        for answer in (client.get(address), client.post(address, world.everything())):
            if name in synced.FOR_PROGRAMS and answer.status_code == 401:
                continue
            if answer.status_code != 302 or not answer["Location"].startswith("/sign-in"):
                let_in.append((name, answer.status_code))
    assert not let_in
