"""The official kinds of hardship: dated words, what a word in a list means, and questions instead of guesses."""

from datetime import date

import pytest

from bangfu.engine.category import CodeList
from bangfu.flow import adopt

THEN, BETWEEN, NOW = date(2019, 5, 1), date(2023, 5, 1), date(2026, 9, 10)


@pytest.fixture(scope="module")
def codes() -> CodeList:
    return adopt.shelf().commons.code_list


def meant(codes, word, day):
    found = codes.read_word(word, day)
    return found.code if found else "?" if codes.question(word, day) else ""


@pytest.mark.parametrize(
    ("word", "then", "between", "now"),
    [
        ("贫困户", "exited_poor", "?", "?"),
        ("建档立卡", "exited_poor", "exited_poor", "exited_poor"),
        (" 建档立卡贫困家庭学生 ", "exited_poor", "exited_poor", "exited_poor"),
        ("脱贫户", "exited_poor", "exited_poor", "exited_poor"),
        ("监测户", "", "monitored", "?"),
        ("边缘易致贫户", "monitored_marginal", "monitored_marginal", "?"),
        ("脱贫不稳定家庭", "monitored_unstable", "monitored_unstable", "?"),
        ("防止返贫致贫对象", "relapse_risk", "relapse_risk", "relapse_risk"),
        ("低保家庭学生", "dibao", "dibao", "dibao"),
        ("农村低保户", "dibao_rural", "dibao_rural", "dibao_rural"),
        ("低保边缘户", "dibao_margin", "dibao_margin", "dibao_margin"),
        ("残疾学生", "disabled_student", "disabled_student", "disabled_student"),
        ("残疾人子女", "child_of_disabled", "child_of_disabled", "child_of_disabled"),
        ("残疾户", "?", "?", "?"),
        ("困难户", "?", "?", "?"),
        ("否", "", "", ""),
        ("", "", "", ""),
        ("无", "", "", ""),
    ],
)
def test_a_word_means_what_it_meant_in_the_year_of_the_list(codes, word, then, between, now):
    assert [meant(codes, word, day) for day in (THEN, BETWEEN, NOW)] == [then, between, now]


def test_a_question_says_what_to_ask_and_among_what(codes):
    asked = codes.question("贫困户", NOW)
    assert asked and "不再有“贫困户”" in asked.ask
    assert {one.code for one in asked.among} >= {"exited_poor", "dibao", "other_hard"}
    assert codes.question("低保", NOW) is None


def test_a_category_is_called_what_it_was_called_on_the_day(codes):
    poor = codes.get("archived_poor")
    assert poor is codes.get("exited_poor")
    assert [poor.title_on(day) for day in (THEN, BETWEEN, NOW)] == [
        "建档立卡贫困家庭",
        "脱贫家庭",
        "脱贫家庭",
    ]
    assert poor.worded(THEN).code == "archived_poor" and poor.ends_on is None
    assert codes.get("monitored_sudden").ends_on == date(2026, 1, 1)
    assert codes.get("monitored_sudden").title_on(NOW) == "突发严重困难家庭"


def test_every_code_of_the_reference_is_there_with_a_fact_and_whoever_certifies_it(codes):
    wanted = {
        "archived_poor", "exited_poor", "monitored_unstable", "monitored_marginal", "monitored_sudden", "relapse_risk",
        "dibao", "dibao_rural", "dibao_margin", "rigid_expense", "tekun", "orphan", "defacto_unattended",
        "disabled_student", "child_of_disabled", "martyr_child", "sudden_event", "other_hard",
    }  # fmt: skip
    assert all(codes.get(code) for code in wanted)
    facts = adopt.shelf().commons.facts
    assert all(one.fact in facts and one.certified_by and one.proof for one in codes.categories)
    assert {one.code for one in codes.categories if not one.is_certified} == {"sudden_event", "other_hard"}


def test_an_age_limit_is_said_by_the_fact_and_read_from_the_category(codes):
    assert (codes.get("orphan").until_age, codes.get("dibao").until_age) == (18, None)


def test_a_list_of_words_that_guesses_or_names_nothing_is_refused():
    one = {"code": "a", "fact": "a", "certified_by": "民政部门", "group": "certified"}
    one["word"] = [{"code": "a", "title": "甲类"}]
    for wrong in (
        {"category": [one], "alias": [{"heard": ["甲"], "means": ["b"]}]},
        {"category": [one, one]},
        {"category": [one], "alias": [{"heard": ["甲"], "means": ["a"], "ask": "是哪一种？"}]},
        {"category": [one], "alias": [{"heard": ["甲"], "means": ["a", "a"]}]},
    ):
        with pytest.raises(ValueError):  # noqa: PT011 - pydantic says all of it
            CodeList.model_validate(wrong)
