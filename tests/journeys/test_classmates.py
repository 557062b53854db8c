"""A class is asked, two who chose each other begin, one of them stops: on a phone, without JavaScript."""

import pytest

from bangfu.records.models import PeerPair
from tests.cast import PASSWORD
from tests.flow.class_talk import Talk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_two_who_chose_each_other_learn_together_until_one_of_them_stops(cast, stage):
    Talk(cast, ("subject_class", "seed")).helped(0, plan="subject_class")
    one, other = cast.pupils[0].name, cast.pupils[1].name
    who = stage.signs_in("li", PASSWORD, java_script_enabled=False)
    for name, friend in ((one, other), (other, one)):
        who.go("/peers")
        who.opens(who.link(name, exact=True))
        who.page.locator("label.chip", has_text="是").first.click()
        who.page.select_option("[name='wish.1']", label=friend)
        who.opens(who.button("保存"))
    who.opens(who.button("帮我配一配"))
    who.reads("建议了 1 对", "互相选的")
    who.opens(who.button(f"确认：{one}、{other}"))
    who.reads("从今天开始")
    assert PeerPair.objects.get().state == "confirmed"
    who.page.locator("details.ending summary").click()
    who.opens(who.button("今天起停下"))
    who.reads("不用说为什么")
    assert PeerPair.objects.get().state == "ended"
