"""宣传: texts made of what the school does, with round figures of the whole school and nobody in them."""

from datetime import date

import pytest

from bangfu.flow import publicity
from bangfu.flow.publicity import Wish
from bangfu.records.models import Evidence, RecognitionRound
from tests import factories
from tests.cast import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(cast):
    return cast.viewer(cast.homeroom)


def whole(texts):
    return texts.message + texts.board + texts.meeting


def test_nobody_and_no_category_stands_in_the_texts(cast, by):
    factories.plan(cast.school, key="whole_school")
    cast.case(0)
    said = whole(publicity.compose(wish=Wish(), by=by))
    assert "谈心、辅导" in said and "不公开是谁" in said and "石坎镇中心小学" in said
    people = [*cast.pupils, *cast.others, cast.homeroom, cast.principal]
    assert not [one.name for one in people if one.name in said]
    assert not [word for word in ("困难生", "留守", "单亲", "孤儿", "残疾", "帮扶对象") if word in said]


def test_a_name_in_ones_own_line_is_refused(cast, by):
    with pytest.raises(publicity.NamesSomebody):
        publicity.compose(wish=Wish(line=f"{cast.others[1].name}进步了"), by=by)
    assert "小满（化名）" in whole(publicity.compose(wish=Wish(line="小满（化名）会自己做饭了。"), by=by))
    with pytest.raises(publicity.TooLong):
        publicity.compose(wish=Wish(line="好" * 121), by=by)


def test_figures_are_round_and_small_ones_are_left_out(cast, by):
    cast.case(0)

    def talks(count):
        for _one in range(count):
            Evidence.objects.create(
                school=cast.school, author=cast.homeroom, happened_on=date(2026, 10, 9), activities=["talk"],
                written_at=factories.clock.now(),
            )  # fmt: skip

    talks(9)
    assert "这学期" not in publicity.compose(wish=Wish(), by=by).board
    talks(28)
    assert "一起做了 30 多次谈心。" in publicity.compose(wish=Wish(), by=by).board
    assert publicity.round_down(1234) == "1200 多"


def test_it_says_until_when_one_may_apply_only_while_one_may(cast, by):
    running = RecognitionRound.objects.create(
        school=cast.school, term_key="2026-2027-1", kind="yearly", state="applying", told_on=DAY,
        apply_until=date(2026, 10, 20), opened_by=cast.officer, opened_at=factories.clock.now(),
    )  # fmt: skip
    assert "10月20日前" in publicity.compose(wish=Wish(), by=by).message
    running.apply_until = DAY
    running.save()
    assert "10月15日前" in publicity.compose(wish=Wish(), by=by).message
    running.told_on, running.apply_until = date(2026, 10, 1), date(2026, 10, 14)
    running.save()
    assert "日前" not in publicity.compose(wish=Wish(), by=by).message


def test_a_text_says_only_what_was_chosen_and_how_many_messages_it_makes(cast, by):
    short = publicity.compose(wish=Wish(about=("how",), contact="教导处 0851-1234567"), by=by)
    assert "0851-1234567" in short.message and "不收费" not in short.message
    assert short.messages == 1 and len(short.message) <= 70
    assert publicity.compose(wish=Wish(line="好" * 100), by=by).messages == 3
