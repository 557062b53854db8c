"""Names sort and are found as people say them, surnames first of all."""

import pytest

from bangfu.exchange.pinyin import SURNAMES, sounds


@pytest.mark.parametrize(
    "name, key, initials",
    [
        ("陈小满", "chen xiao man", "cxm"),
        ("曾雨", "zeng yu", "zy"),
        ("单文", "shan wen", "sw"),
        ("仇海", "qiu hai", "qh"),
        ("解小雨", "xie xiao yu", "xxy"),
        ("区志", "ou zhi", "oz"),
        ("查良", "zha liang", "zl"),
        ("朴正", "piao zheng", "pz"),
        ("覃芳", "qin fang", "qf"),
        ("盖丽", "ge li", "gl"),
        ("种师", "chong shi", "cs"),
        ("员江", "yun jiang", "yj"),
        ("乐毅", "yue yi", "yy"),
        ("吕绿", "lv lv", "ll"),
        ("欧阳小满", "ou yang xiao man", "oyxm"),
        ("尉迟恭", "yu chi gong", "ycg"),
        ("万俟雪", "mo qi xue", "mqx"),
        ("单于静", "chan yu jing", "cyj"),
        ("阿布都·热西提", "a bu du re xi ti", "abdrxt"),
        ("李晟", "li sheng", "ls"),
        ("", "", ""),
        ("Anna", "a n n a", "anna"),
    ],
)
def test_a_name_gives_its_sort_key_and_initials(name, key, initials):
    assert sounds(name) == (key, initials)


def test_a_surname_sounds_otherwise_only_as_a_surname():
    assert sounds("李单").sort_key == "li dan" and sounds("王乐").sort_key == "wang le"


def test_names_sort_as_a_dictionary_does():
    names = ["张三", "安宁", "曾雨", "李四", "单文", "陈小满", "陈安"]
    assert sorted(names, key=sounds) == ["安宁", "陈安", "陈小满", "李四", "单文", "曾雨", "张三"]


def test_the_table_only_holds_single_characters():
    assert all(len(name) == 1 for name in SURNAMES)


def test_rare_characters_and_symbols_never_fail():
    assert sounds("𠮷田\ue000").sort_key
