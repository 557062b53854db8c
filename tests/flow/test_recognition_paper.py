"""Papers of recognition: the empty form tells nothing, the notice four fields, the counts come from the files."""

import io

import docx
import openpyxl
import pytest

from bangfu.exchange.form_sheet import GRID
from bangfu.flow import notice, recognition, recognition_form, recognition_match, recognition_paper
from bangfu.records.models import Application, Event
from tests.flow.recognition_school import AFTER, POSTED, SAT, TOLD, Play, next_day, on_list

pytestmark = pytest.mark.django_db
SECRETS = ("522321", "10012345678", "低保", "dibao", "爷爷", "陈家长", "2017")


@pytest.fixture
def play(cast) -> Play:
    on_list(cast.pupils[0])
    return Play(cast).begin().apply(cast.pupils[1]).appraise({cast.pupils[1]: "一般困难"}).decide()


def words_of(made) -> str:
    """Every word of a printed file, wherever it stands."""
    if made.name.endswith("xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(made.content))
        cells = [c.value for page in book for row in page.iter_rows() for c in row if c.value is not None]
        return "\n".join(
            [*map(str, cells), *book.sheetnames, *(page.oddFooter.right.text or "" for page in book)]
        )
    document = docx.Document(io.BytesIO(made.content))
    body = "".join(node.text or "" for node in document.element.iter() if node.tag.endswith("}t"))
    return body + "".join(p.text for s in document.sections for p in s.footer.paragraphs)


@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_the_notice_prints_four_fields_its_days_and_whom_to_ask(play, form):
    made = recognition_paper.posted(shown=play.post(), form=form, by=play.by("officer", POSTED))
    said = words_of(made)
    for word in (
        "陈小满",
        "罗天佑",
        "三年级",
        "三（2）班",
        "特别困难",
        "一般困难",
        "公示期至2026年10月23日",
        "何老师",
    ):
        assert word in said
    assert not [word for word in SECRETS if word in said]
    assert made.name == f"公示_公示期至10月23日.{form}"


def test_the_notice_is_not_printed_once_it_is_over_or_down(play):
    posted = play.post()
    with pytest.raises(recognition_paper.Over):
        recognition_paper.posted(shown=posted, form="docx", by=play.by("officer", next_day(posted.until)))
    notice.take_down(notice=posted, because="写错", by=play.by("principal", POSTED))
    posted.refresh_from_db()
    with pytest.raises(recognition_paper.Over):
        recognition_paper.posted(shown=posted, form="docx", by=play.by("officer", POSTED))


@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_the_empty_form_carries_the_promise_and_no_child(play, cast, form):
    made = recognition_paper.blank_form(form=form, by=play.by("attached", TOLD))
    said = words_of(made)
    assert "本人承诺以上所填写资料真实，如有虚假，愿承担相应责任。" in said
    assert "家庭人均年收入" in said and "与学生关系" in said and "最低生活保障家庭" in said
    assert not [one.name for one in (*cast.pupils, *cast.others) if one.name in said]
    assert made.name == f"申请表.{form}"


@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_a_filled_form_holds_what_was_told_and_only_the_group_prints_it(play, form):
    application = Application.objects.get()
    said = words_of(
        recognition_paper.filled_form(application=application, form=form, by=play.by("homeroom", SAT))
    )
    for word in (
        "罗天佑",
        "三（2）班",
        "爷爷看病欠了钱",
        "陈大山",
        "奶奶",
        "建议：一般困难",
        "认定为一般困难",
    ):
        assert word in said
    with pytest.raises(recognition.NotInGroup):
        recognition_paper.filled_form(application=application, form=form, by=play.by("attached", SAT))


def test_what_a_family_ticked_is_ticked_on_paper_and_matches_nobody(cast):
    play = Play(cast).begin()
    told = recognition_form.Told("奶奶", True, {"groups": ["dibao", "orphan", "dibao", "made_up"]})
    by = play.by("officer", TOLD)
    application = recognition_form.take(round=play.round, pupil=cast.pupils[0], told=told, by=by)
    assert recognition_form.content_of(application)[0] == {"groups": ["dibao", "orphan"]}
    said = words_of(recognition_paper.filled_form(application=application, form="docx", by=by))
    assert "☑最低生活保障家庭" in said and "□残疾学生" in said and said.count("☑") == 2
    assert recognition_match.matched([cast.pupils[0].pk], TOLD) == {}, "a tick is no certificate"


@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_the_minutes_say_who_sat_who_wrote_and_what_was_proposed(play, form):
    said = words_of(recognition_paper.minutes(round=play.round, form=form, by=play.by("officer", SAT)))
    for word in ("罗天佑", "收入、负债、突发变故", "一般困难", "何文", "李秋月", "2026年10月15日"):
        assert word in said
    with pytest.raises(recognition.NotInGroup):
        recognition_paper.minutes(round=play.round, form=form, by=play.by("attached", SAT))


def test_counts_come_from_the_files_and_a_child_with_two_kinds_is_one_child(play, cast):
    on_list(cast.pupils[0], "disabled")
    assert recognition_paper.count_rows(play.round, play.by("officer", SAT)) == []
    recognition.go_back(round=play.round, because="名单又来了一份", by=play.by("officer", SAT))
    play.decide().post()
    play.archive()
    rows = recognition_paper.count_rows(play.round, play.by("officer", AFTER))
    told = [(row["class"], row["category"], row["most"], row["least"], row["all"]) for row in rows]
    assert told == [
        ("三（2）班", "学校评议", 0, 1, 1),
        ("三（2）班", "最低生活保障家庭", 1, 0, 1),
        ("三（2）班", "残疾学生", 1, 0, 1),
        ("三（2）班", "合计", 1, 1, 2),
        ("全校", "合计", 1, 1, 2),
    ]
    made = recognition_paper.counts(round=play.round, form="xlsx", by=play.by("officer", AFTER))
    assert "陈小满" not in words_of(made) and made.name == "认定人数_2026秋.xlsx"


def test_every_printing_is_traced_without_a_name(play):
    recognition_paper.blank_form(form="docx", by=play.by("officer", TOLD))
    recognition_paper.posted(shown=play.post(), form="xlsx", by=play.by("officer", POSTED))
    found = list(Event.objects.filter(verb="recognition.print").values_list("changes", flat=True))
    assert found == [{"paper": "F02", "form": "docx"}, {"paper": "F04", "form": "xlsx"}]


def test_nothing_else_is_printed(play):
    with pytest.raises(recognition_paper.NoSuchForm):
        recognition_paper.blank_form(form="pdf", by=play.by("officer", TOLD))


def test_the_boxes_of_the_form_fill_its_grid(play):
    by = play.by("officer", TOLD)
    form = recognition_paper._form(recognition_paper.Filling(), by)
    assert {sum(box.span for box in line.boxes) for line in form.lines} == {GRID}
