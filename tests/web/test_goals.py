"""目标 and 还要问的 on the pages: set, changed, reached, let go and undone without a script; nobody else finds them."""

import html
import re
from datetime import date

import pytest

from bangfu.flow import adopt, clock, goals
from bangfu.flow.goals import Draft, Wish
from bangfu.records.models import CaseGoal, FactStatement, GoalStep
from tests import factories
from tests.axe import spill, violations
from tests.cast import DAY

SOON, LATER = "2026-11-13", "2027-01-15"
FORM = {
    "dimension": "学习", "baseline": "1", "words": "我想算得快一点",
    "step.1.what": "口算 20 题对 15 题", "step.1.on": SOON, "step.1.level": "2", "step.1.need.0": "李秋月",
    "step.2.what": "口算 20 题对 18 题", "step.2.on": LATER, "step.2.level": "3", "step.2.need.0": "李秋月",
}  # fmt: skip


@pytest.fixture
def case(cast):
    factories.plan(cast.school, key="growth_plan", valid_from=date(2026, 9, 1))
    return factories.case(
        cast.pupils[0], helper=cast.homeroom, by=cast.homeroom, of=("growth_plan", "learning")
    )


def place(case, key="stages") -> str:
    return f"/cases/{case.pk}/goals/{key}"


def text(response) -> str:
    return re.sub(
        r"\s+",
        " ",
        html.unescape(re.sub(r"<(script|style).*?</\1>", "", response.content.decode(), flags=re.S)),
    )


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", text(response)))


def home(client, case):
    return client.get(f"/pupils/{case.pupil_id}")


def post_undo(client, response):
    (address,) = re.findall(
        r'<form method="post" action="([^"]+)"[^>]*>(?:(?!</form>).)*撤销', text(response)
    )[-1:]
    return client.post(address, follow=True)


def test_a_goal_is_set_on_one_short_page_and_told_in_words(signed_in, case):
    client = signed_in(case.opened_by)
    assert "还没有目标" in words(home(client, case))
    page = text(client.get(place(case)))
    assert 'name="step.2.what"' in page and 'value="李秋月"' in page and 'name="step.3.what"' not in page
    assert 'name="step.2.on" value="2027-01-22"' in page  # the term's last day, halfway before
    told = client.post(place(case), FORM, follow=True)
    assert told.status_code == 200 and "目标定下了" in words(told)
    page = words(home(client, case))
    assert "11月13日前 · 基本" in page and "口算 20 题对 15 题" in page and "2027年1月15日前 · 良好" in page
    assert "我想算得快一点" in page and "还没有目标" not in page
    assert not re.search(r"分数|名次|[1-4] ?档", page)


def test_all_faults_come_back_at_once_with_what_was_typed(signed_in, case):
    client = signed_in(case.opened_by)
    wrong = FORM | {"baseline": "", "step.1.need.0": "", "step.2.on": "2026-11-01", "step.2.level": ""}
    page = client.post(place(case), wrong)
    assert page.status_code == 422 and not CaseGoal.objects.exists()
    for said in (
        "4 处要看",
        "还没有选现在在哪一档",
        "第 1 步还没有写「负责人」",
        "第 2 步还没有选到哪一档",
        "不在上一步",
    ):
        assert said in words(page), said
    assert "口算 20 题对 18 题" in text(page) and 'value="2026-11-01"' in text(page)


def test_one_more_step_is_a_button_that_keeps_what_was_typed(signed_in, case):
    client = signed_in(case.opened_by)
    page = client.post(place(case), FORM | {"then": "more"})
    assert page.status_code == 200 and not CaseGoal.objects.exists()
    assert 'name="step.3.what"' in text(page) and "口算 20 题对 18 题" in text(page)
    full = FORM | {f"step.{at}.what": "再一步" for at in range(3, 7)}
    assert 'value="more"' not in text(client.post(place(case), full))


def test_what_is_reached_changed_or_let_go_can_be_undone_or_read(signed_in, case):
    client = signed_in(case.opened_by)
    client.post(place(case), FORM)
    row = CaseGoal.objects.get()
    first = row.steps.get(due_on=SOON)
    told = client.post(f"/goals/steps/{first.pk}/reached", {"note": "自己订正的"}, follow=True)
    assert "做到了，也记好了" in words(told) and "走过的步子" in words(told)
    assert "这一步又接着做" in words(post_undo(client, told))
    assert GoalStep.objects.get(pk=first.pk).state == "open"
    page = text(client.get(f"/goals/{row.pk}"))
    assert "口算 20 题对 15 题" in page and "为什么调整" in page
    changed = FORM | {"step.2.what": "口算 20 题对 16 题", "because": "先少一点"}
    assert "调整好了" in words(client.post(f"/goals/{row.pk}", changed, follow=True))
    page = words(home(client, case))
    assert "改过" in page and "口算 20 题对 18 题" in page and "先少一点" in page
    told = client.post(f"/goals/{row.pk}/drop", follow=True)
    assert "先放下了" in words(told) and "以前的目标" in words(told)
    assert "口算 20 题对 18 题" in words(client.get(f"/goals/{row.pk}"))
    assert "又拿起来了" in words(post_undo(client, told))


def test_a_goal_that_is_over_is_only_read(signed_in, case):
    client = signed_in(case.opened_by)
    client.post(place(case), FORM)
    row = CaseGoal.objects.get()
    client.post(f"/goals/{row.pk}/drop")
    assert 'name="step.1.what"' not in text(client.get(f"/goals/{row.pk}"))
    assert client.post(f"/goals/{row.pk}", FORM).status_code == 422
    assert "已经结束" in words(client.post(f"/goals/steps/{row.steps.first().pk}/reached", follow=True))


@pytest.mark.parametrize("who", ["neighbour", "officer", "outsider"])
def test_somebody_without_this_child_finds_no_goal(signed_in, cast, case, who):
    client = signed_in(cast.homeroom)
    client.post(place(case), FORM)
    row = CaseGoal.objects.get()
    client = signed_in(getattr(cast, who))
    step = row.steps.first()
    for address in (place(case), f"/goals/{row.pk}"):
        assert client.get(address).status_code == 404
    for address in (f"/goals/{row.pk}/drop", f"/goals/{row.pk}/again", f"/goals/steps/{step.pk}/reached"):
        assert client.post(address).status_code == 404
    assert "口算" not in home(client, case).content.decode()


def test_who_only_checks_reads_the_goal_and_has_no_button(signed_in, cast, case):
    signed_in(cast.homeroom).post(place(case), FORM)
    client = signed_in(cast.supervisor)
    page = text(home(client, case))
    assert "口算 20 题对 15 题" in page and "/reached" not in page and place(case) not in page
    assert client.get(place(case)).status_code == 403
    assert 'name="step.1.what"' not in text(client.get(f"/goals/{CaseGoal.objects.get().pk}"))


def test_a_plan_without_goals_or_files_adds_nothing_to_the_child_s_page(signed_in, cast):
    one = cast.case(1)
    page = text(home(signed_in(cast.homeroom), one))
    assert 'id="goals"' not in page and "还要问的" in page  # who might be taken in is asked about all the same
    assert signed_in(cast.homeroom).get(place(one)).status_code == 404


def test_what_is_missing_stands_on_the_file_and_is_said_in_one_form(signed_in, cast, case):
    client = signed_in(cast.homeroom)
    page = words(home(client, case))
    assert "还要问的 学习情况、行为习惯、主要原因、作业层次" in page
    address = f"/pupils/{case.pupil_id}/facts"
    form = text(client.get(address))
    assert "有点吃力" in form and 'name="fact.keeping_up"' in form
    told = client.post(
        address, {"fact.keeping_up": "1", "fact.main_cause": "基础没打牢", "fact.conduct": ""}, follow=True
    )
    assert "每份方案都用得上" in words(told) and "还要问的 行为习惯、作业层次" in words(told)
    assert FactStatement.objects.get().values == {"keeping_up": "有点吃力", "main_cause": "基础没打牢"}
    assert 'name="fact.keeping_up"' not in text(client.get(address))
    assert re.search(r'name="fact.keeping_up" value="1" checked', text(client.get(f"{address}?all")))
    client.post(address, {"fact.conduct": "0", "fact.homework_tier": "0"})
    assert "档案要的都知道了" in words(home(client, case))


def test_a_no_is_an_answer_and_nonsense_is_none(signed_in, cast):
    factories.plan(cast.school, key="mentors", valid_from=date(2026, 9, 1))
    case = factories.case(cast.pupils[1], helper=cast.homeroom, of=("mentors", "struggling"))
    client, address = signed_in(cast.homeroom), f"/pupils/{case.pupil_id}/facts"
    page = client.post(address, {"fact.orphan": "maybe", "fact.weak_subjects": "数学"})
    assert page.status_code == 422 and "选“是”或“不是”" in words(page) and 'value="数学"' in text(page)
    client.post(address, {"fact.orphan": "0"})
    assert FactStatement.objects.get().values == {"orphan": False}
    assert client.post(address, {}).status_code == 422


def test_the_class_list_counts_what_is_complete_and_says_no_label(signed_in, cast, case):
    factories.case(cast.pupils[1], helper=cast.homeroom, of=("growth_plan", "behaviour"))
    full = {"keeping_up": "跟得上", "conduct": "挺好", "main_cause": "在家没人陪", "homework_tier": "一般"}
    say(cast.pupils[1], full)
    client = signed_in(cast.homeroom)
    assert "齐了 0 / 6" in words(client.get("/gaps"))  # whom a plan may take in is asked about too
    page = words(client.get(f"/gaps/{cast.class_two.pk}"))
    assert "资料齐了 0 / 6" in page and "陈小满 学习情况、行为习惯、主要原因、作业层次" in page
    for label in ("个人档案", "跟得上", "再帮一把", "behaviour", "learning"):
        assert label not in page
    assert client.get(f"/gaps/{cast.class_one.pk}").status_code == 404
    union = factories.staff(cast.school, "周明", "zhou", ("union_chair", None))
    for who, may in ((cast.homeroom, True), (cast.principal, True), (union, False)):
        page = text(signed_in(who).get(f"/gaps/{cast.class_two.pk}"))
        assert ("/facts" in page) is may and "陈小满" in page
        assert (signed_in(who).get(f"/pupils/{case.pupil_id}/facts").status_code == 200) is may
    assert "齐了 0 / 6" in words(signed_in(cast.principal).get("/gaps"))
    for who in (cast.attached, cast.supervisor, cast.officer, cast.outsider):
        assert signed_in(who).get(f"/gaps/{cast.class_two.pk}").status_code == 404
        assert "陈小满" not in text(signed_in(who).get("/gaps"))


def say(pupil, values):
    FactStatement.objects.create(
        pupil=pupil, source="roll", stated_on=date(2026, 9, 10), known_at=clock.now(), values=values
    )


@pytest.mark.parametrize("who", ["neighbour", "outsider", "officer", "supervisor"])
def test_who_may_not_say_it_finds_no_form(signed_in, cast, case, who):
    assert signed_in(getattr(cast, who)).get(f"/pupils/{case.pupil_id}/facts").status_code == 404


@pytest.mark.browser
def test_the_pages_are_accessible_and_fit_desk_and_phone(enter, cast, case, page, phone, live_server):
    for at in (1, 2):
        factories.case(cast.pupils[at], helper=cast.homeroom, of=("growth_plan", "learning"))
    steps = tuple(
        Draft(date.fromisoformat(on), f"口算 20 题对 {n} 题", level, {"负责人": "李秋月"})
        for on, n, level in ((SOON, 15, 2), (LATER, 18, 3))
    )
    plan = next(one for one in adopt.plans_in_force(cast.school, DAY) if one.key == "growth_plan")
    row = goals.set_goal(
        plan=plan,
        case=case,
        wish=Wish("stages", steps, "学习", 1, "我想算得快一点"),
        by=cast.viewer(cast.homeroom),
    )
    goals.reach(plan=plan, step=row.steps.get(due_on=SOON), by=cast.viewer(cast.homeroom), note="自己订正的")
    addresses = [
        f"/pupils/{case.pupil_id}", place(case), f"/goals/{row.pk}", f"/pupils/{case.pupil_id}/facts", "/gaps",
        f"/gaps/{cast.class_two.pk}", "/survey",
    ]  # fmt: skip
    for window in (page, phone):
        enter(window, cast.homeroom, then="/me")
        for address in addresses:
            window.goto(live_server.url + address)
            assert violations(window) == [], address
            assert spill(window) == 0, address
