"""Certificates: 因为…… and what became better; never a number, a place or a label."""

import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

import docx as reader
import pytest

from bangfu.exchange import certificate as c

MADE_AT = datetime(2026, 12, 30, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def praised(reason, name="陈小满"):
    return c.Certificate(
        "石坎镇中心小学", "三（2）班", name, reason, "特发此状。", date(2026, 12, 30), MADE_AT
    )


@pytest.mark.parametrize(
    "reason",
    [
        "坚持每天把作业写完",
        "因为第一次主动举手讲了自己的想法",
        "十分认真地听每一节课",
        "每天读十分钟书，还和同学分享",
        "第十一次帮同桌整理图书角",
        "做一名热心的同学",
    ],
)
def test_praise_for_what_a_child_did_is_printed(reason):
    assert c.faults(praised(reason)) == []
    document = reader.Document(io.BytesIO(c.write([praised(reason)])))
    said = [paragraph.text for paragraph in document.paragraphs]
    assert said == [
        "奖　状",
        "三（2）班　陈小满 同学：",
        f"因为{reason.removeprefix('因为')}，特发此状。",
        "石坎镇中心小学",
        "2026年12月30日",
    ]


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        ("数学考了95分", "数字"),
        ("数学考了九十五分", "数字"),
        ("得了全班第一", "名次"),
        ("从第二十名进到前十名", "名次"),
        ("名次提高很多", "名次"),
        ("待优生里进步最大", "分类"),
        ("", "还没有写"),
        ("好" * 121, "放不下"),
    ],
)
def test_numbers_places_labels_and_emptiness_are_refused_with_a_sentence(reason, word):
    (fault,) = c.faults(praised(reason))
    assert word in fault.what
    assert fault.hint
    with pytest.raises(ValueError, match=fault.what[:6]):
        c.write([praised(reason)])


def test_several_children_get_a_page_each_and_the_bytes_are_stable():
    both = [praised("作业写完了"), praised("会谦让了", "林一诺")]
    document = reader.Document(io.BytesIO(c.write(both)))
    assert len(document.sections) == 2
    assert c.write(both) == c.write(both)
    assert document.core_properties.author == ""
