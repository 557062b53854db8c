"""Rows of the first school that an address names and that take a few verbs to make, for the outsider's journey."""

from datetime import date

from bangfu.flow import adopt, goals, lists, notice
from bangfu.records.models import ListLeaver, ListMatch
from tests import factories
from tests.cast import DAY
from tests.exchange import workbooks
from tests.flow.recognition_school import Play


def list_of(cast) -> dict:
    """Return a list that waits to be loaded, with a pair and a child no longer on it."""
    content = workbooks.xlsx(("名单", [["姓名", "班级"], ["陈小满", "三年级2班"]]))
    by = cast.viewer(cast.principal)
    one, _seen = lists.check(content=content, file_name="看图说话.xlsx", key="teacher", by=by)
    match = ListMatch.objects.create(received=one, pupil=cast.pupils[0], row_key="名单!2", how="weighed")
    return {
        "list": one,
        "match": match,
        "leaver": ListLeaver.objects.create(received=one, pupil=cast.pupils[1]),
    }


def goal_of(cast):
    """Return a case of a second plan, of the last child, and a goal set in it."""
    factories.plan(cast.school, key="growth_plan", valid_from=DAY)
    growth = next(one for one in adopt.plans_in_force(cast.school, DAY) if one.key == "growth_plan")
    case = factories.case(cast.pupils[5], helper=cast.homeroom, of=("growth_plan", "learning"), opened_on=DAY)
    steps = tuple(goals.Draft(date(2026, at, 25), "看图说话五句", 2, {"负责人": "李秋月"}) for at in (11, 12))
    wish = goals.Wish("stages", steps, "学习", 1)
    return case, goals.set_goal(plan=growth, case=case, wish=wish, by=cast.viewer(cast.homeroom))


def posted_notice(cast):
    """Return a notice of a round in which a family applied, and an objection to it."""
    play = Play(cast).begin(until=date(2026, 10, 9)).apply(cast.pupils[3])
    play.appraise({cast.pupils[3]: "困难"}, day=date(2026, 10, 12)).decide(date(2026, 10, 12))
    posted = play.post(DAY)
    return posted, notice.object_to(notice=posted, text="看图说话", by=cast.viewer(cast.officer))
