"""Drafts of plans: each change is one line of the file, nobody's change is lost, and only leaders take one into use."""

from datetime import date

import pytest

from bangfu.engine import pack
from bangfu.exchange import plan_text
from bangfu.flow import adopt, draft
from bangfu.records.models import AdoptedPlan, Event, PlanDraft

MONDAY = date(2026, 10, 19)


@pytest.fixture
def principal(cast):
    return cast.viewer(cast.principal)


@pytest.fixture
def begun(principal):
    text = draft.text_of(key="weekly_support", of="seed", by=principal)
    return draft.start(text=text, based_on="seed", by=principal)


def was(row, address):
    return draft.seen_of(draft._slot(row.content, address))


def fill(row, by, address, **typed):
    typed = {key: [value] if isinstance(value, str) else value for key, value in typed.items()}
    return draft.fill(draft=row, address=address, typed=typed, was=was(row, address), by=by)


def tree(row):
    return plan_text.tree(row.content)


def test_a_draft_begins_from_the_shelf_or_from_a_version_in_use(principal, begun, cast):
    assert (begun.key, begun.title, begun.based_on) == ("weekly_support", "每周帮扶", "seed")
    adopted = AdoptedPlan.objects.get(school=cast.school)
    assert draft.text_of(key="weekly_support", of="v1", by=principal) == adopted.content
    for of in ("v9", "nothing", "v"):
        with pytest.raises(draft.NoSuchText):
            draft.text_of(key="weekly_support", of=of, by=principal)


def test_a_second_draft_of_the_same_plan_is_refused_with_the_name_of_the_first(principal, begun):
    with pytest.raises(draft.AlreadyBegun, match="王振华") as refusal:
        draft.start(text=begun.content, based_on="seed", by=principal)
    assert refusal.value.draft == begun


def test_a_copy_is_a_plan_of_its_own_with_a_name_of_its_own(principal, begun):
    copies = [
        draft.start(text=begun.content, based_on="weekly_support:seed", by=principal, copy_as=title)
        for title in ("五年级的帮扶", "六年级的帮扶")
    ]
    assert [one.key for one in copies] == ["weekly_support_2", "weekly_support_3"]
    assert [one.title for one in copies] == ["五年级的帮扶", "六年级的帮扶"]
    assert tree(copies[0])["key"] == "weekly_support_2"
    assert draft.faults(copies[0].content) == []


def test_a_changed_slot_is_one_changed_line_and_leaves_a_trace(principal, begun):
    after = fill(begun, principal, "duty[talk].every", n="2", unit="teaching_week")
    assert tree(after)["duty"][1]["every"] == {"unit": "teaching_week", "n": 2}
    differing = set(after.content.splitlines()) ^ set(begun.content.splitlines())
    assert differing == {'every = { unit = "teaching_week", n = 2 }'}
    assert Event.objects.filter(verb="draft.change", subject_id=begun.pk).count() == 1


def test_a_slot_nobody_wrote_yet_is_written_and_an_emptied_one_goes(principal, begun):
    row = fill(begun, principal, "duty[talk].sample", value="0.5")
    assert tree(row)["duty"][1]["sample"] == 0.5
    row = fill(row, principal, "duty[talk].sample", value="")
    assert "sample" not in tree(row)["duty"][1]
    row = fill(row, principal, "duty[tutoring].amount.at_least", value="10")
    assert tree(row)["duty"][2]["amount"] == {"at_least": 10}


@pytest.mark.parametrize(
    ("address", "typed", "refusal"),
    [
        ("duty[nobody].minutes", {"value": "1"}, draft.NotHere),
        ("duty[talk].minutes", {"value": "许多"}, draft.NotAValue),
        ("key", {"value": "other"}, draft.NotAValue),
        ("duty[talk].whatever", {"value": "x"}, draft.NotAValue),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(principal, begun, address, typed, refusal):
    with pytest.raises(refusal):
        draft.fill(
            draft=begun, address=address, typed={k: [v] for k, v in typed.items()}, was="", by=principal
        )
    assert PlanDraft.objects.get().content == begun.content


def test_a_faulty_draft_is_kept_told_and_not_adopted(principal, begun):
    row = fill(begun, principal, "selection.per_class", min="5", max="4")
    assert any("5" in fault.what and "4" in fault.what for fault in draft.faults(row.content))
    with pytest.raises(adopt.PackFaulty):
        draft.adopt(draft=row, valid_from=MONDAY, was=pack.digest(row.content), by=principal)
    assert PlanDraft.objects.exists()


def test_two_people_at_different_places_both_keep_their_change(cast, principal, begun):
    other = cast.viewer(cast.supervisor)
    mine, theirs = was(begun, "duty[talk].minutes"), was(begun, "duty[tutoring].minutes")
    draft.fill(draft=begun, address="duty[talk].minutes", typed={"value": ["15"]}, was=mine, by=principal)
    row = draft.fill(
        draft=begun, address="duty[tutoring].minutes", typed={"value": ["25"]}, was=theirs, by=other
    )
    assert [duty["minutes"] for duty in tree(row)["duty"][1:3]] == [15, 25]


def test_at_the_same_place_the_second_gets_a_sentence_and_the_first_keeps_theirs(cast, principal, begun):
    seen = was(begun, "duty[talk].minutes")
    draft.fill(draft=begun, address="duty[talk].minutes", typed={"value": ["15"]}, was=seen, by=principal)
    with pytest.raises(draft.ChangedMeanwhile, match="王振华"):
        draft.fill(
            draft=begun,
            address="duty[talk].minutes",
            typed={"value": ["25"]},
            was=seen,
            by=cast.viewer(cast.supervisor),
        )
    assert tree(PlanDraft.objects.get())["duty"][1]["minutes"] == 15


def test_changes_are_taken_back_one_by_one_to_the_beginning(principal, begun):
    start = begun.content
    first = fill(begun, principal, "duty[talk].minutes", value="15")
    second = draft.remove(
        draft=begun, address="duty[tutoring]", was=was(first, "duty[tutoring]"), by=principal
    )
    assert "tutoring" not in [duty["key"] for duty in tree(second)["duty"]]
    row = draft.undo(draft=begun, was=pack.digest(second.content), by=principal)
    assert row.content == first.content
    with pytest.raises(draft.ChangedMeanwhile):
        draft.undo(draft=begun, was="what I saw long ago", by=principal)
    row = draft.undo(draft=begun, was=pack.digest(row.content), by=principal)
    assert row.content == start
    with pytest.raises(draft.NothingToUndo):
        draft.undo(draft=begun, was=pack.digest(row.content), by=principal)


def test_an_adopted_draft_is_the_next_version_and_the_draft_is_gone(principal, begun, cast):
    row = fill(begun, principal, "duty[talk].every", n="2", unit="teaching_week")
    with pytest.raises(draft.ChangedMeanwhile):
        draft.adopt(draft=row, valid_from=MONDAY, was="another text", by=principal)
    adopted = draft.adopt(draft=row, valid_from=MONDAY, was=pack.digest(row.content), by=principal)
    assert (adopted.version, adopted.valid_from) == (2, MONDAY)
    assert adopt.plan_of(adopted).duty("talk").every.n == 2
    assert not PlanDraft.objects.exists()


def test_an_adoption_is_taken_back_before_it_begins_and_not_after(cast, principal, begun):
    row = fill(begun, principal, "duty[talk].minutes", value="15")
    adopted = draft.adopt(draft=row, valid_from=MONDAY, was=pack.digest(row.content), by=principal)
    with pytest.raises(adopt.NotLeader):
        draft.take_back(adopted=adopted, by=cast.viewer(cast.supervisor))
    with pytest.raises(draft.Begun):
        draft.take_back(adopted=adopted, by=cast.viewer(cast.principal, MONDAY))
    again = draft.take_back(adopted=adopted, by=principal)
    assert again.content == row.content
    (only,) = AdoptedPlan.objects.filter(school=cast.school)
    assert (only.version, only.valid_to) == (1, None)
    assert [one.key for one in adopt.plans_in_force(cast.school, MONDAY)] == ["weekly_support"]
    with pytest.raises(draft.Begun):
        draft.take_back(adopted=only, by=principal)


def test_who_may_edit_and_who_may_adopt(cast, principal, begun):
    supervisor, teacher = cast.viewer(cast.supervisor), cast.viewer(cast.homeroom)
    row = fill(begun, supervisor, "duty[talk].minutes", value="15")
    with pytest.raises(adopt.NotLeader):
        draft.adopt(draft=row, valid_from=MONDAY, was=pack.digest(row.content), by=supervisor)
    with pytest.raises(draft.NotEditor):
        fill(row, teacher, "duty[talk].minutes", value="20")
    with pytest.raises(draft.NotEditor):
        draft.drop(draft=row, by=teacher)
    draft.drop(draft=row, by=supervisor)
    assert not PlanDraft.objects.exists()
    with pytest.raises(draft.NotHere):
        draft.drop(draft=row, by=supervisor)


def test_a_text_that_is_no_plan_cannot_begin_a_draft(principal):
    with pytest.raises(adopt.PackFaulty):
        draft.start(text="key = ", based_on="file", by=principal)
    for text in ("", "key = 3", 'key = "Große"'):
        with pytest.raises(draft.NoKey):
            draft.start(text=text, based_on="file", by=principal)


BOOK = {
    "way": ["every"], "title.value": ["一起读一本书"], "who.value": ["helper"], "every.unit": ["month"], "every.n": ["1"],
    "times.value": ["2"], "accepts.value": ["talk"], "minutes.value": ["15"],
}  # fmt: skip


def test_a_duty_added_on_the_page_is_a_duty_of_the_file_and_twenty_steps_lead_back(principal, begun):
    before = begun.content
    row = draft.add(draft=begun, typed=BOOK, by=principal)
    added = {"key": "talk_2", "title": "一起读一本书", "who": ["helper"], "every": {"unit": "month"}, "times": 2,
             "accepts": ["talk"], "minutes": 15}  # fmt: skip
    assert tree(row)["duty"] == [*plan_text.tree(before)["duty"], added]
    assert draft.faults(row.content) == []
    for n in range(PlanDraft.KEPT - 1):
        row = draft.add(draft=row, typed=BOOK | {"title.value": [f"读第{n}本书"]}, by=principal)
    assert len({duty["key"] for duty in tree(row)["duty"]}) == len(tree(row)["duty"])
    for _ in range(PlanDraft.KEPT):
        row = draft.undo(draft=row, was=pack.digest(row.content), by=principal)
    assert row.content == before


@pytest.mark.parametrize(
    ("way", "given"),
    [
        ({"way": ["once"], "once.after": ["term_start"], "once.n": ["3"], "once.unit": ["teaching_week"]},
         {"once": {"after": "term_start", "n": 3, "unit": "teaching_week"}}),
        ({"way": ["on"], "on.event": ["absence"], "on.after": ["0"], "on.days": ["2"], "on.unit": ["day"]},
         {"on": {"event": "absence", "unit": "day", "days": 2}}),
    ],
)  # fmt: skip
def test_an_added_duty_may_be_owed_once_or_upon_something(principal, begun, way, given):
    row = draft.add(draft=begun, typed=BOOK | way, by=principal)
    duty = tree(row)["duty"][-1]
    assert {key: duty[key] for key in duty if key in draft.WAYS} == given
    assert draft.faults(row.content) == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "请写上叫什么；请写上由谁做；请写上多久一次；请写上记下哪样算做到。"),
        (BOOK | {"title.value": ["每周谈心"]}, "已经有一件“每周谈心”，改那一件就行。"),
        (BOOK | {"times.value": ["60"]}, "几次：一个周期里要 60 次，做不到。"),
        (BOOK | {"minutes.value": ["一刻"]}, "分钟：这里要写整数。"),
        (BOOK | {"accepts.value": ["reading"]}, "记下哪样算做到：没有「reading」这种记录。"),
        (BOOK | {"way": ["on"]}, "请写上多久一次。"),
    ],
)
def test_what_an_added_duty_lacks_is_said_at_once_and_nothing_is_written(principal, begun, typed, sentence):
    with pytest.raises(draft.NotAValue, match=sentence):
        draft.add(draft=begun, typed=typed, by=principal)
    begun.refresh_from_db()
    assert "一起读一本书" not in begun.content and begun.before == []


def test_a_teacher_adds_no_duty(cast, principal, begun):
    with pytest.raises(draft.NotEditor):
        draft.add(draft=begun, typed=BOOK, by=cast.viewer(cast.homeroom))
