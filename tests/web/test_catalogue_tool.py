"""script/words.py: adds words safely, drafts traditional characters, and says what is wrong."""

import importlib.util
from pathlib import Path

import pytest
from babel.messages.catalog import Message

SCRIPT = Path(__file__).parents[2] / "script" / "words.py"


@pytest.fixture
def words(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("words", SCRIPT)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    root = tmp_path / "bangfu"
    (root / "web" / "templates").mkdir(parents=True)
    (root / "locale").mkdir()
    (root / "locale" / "traditional.toml").write_text('[words]\n"登錄" = "登入"\n', encoding="utf-8")
    (root / "web" / "templates" / "page.html").write_text(
        '{{ _("Sign in") }} {{ ngettext("%(n)s day", "%(n)s days", 3) }}', encoding="utf-8"
    )
    monkeypatch.setattr(tool, "ROOT", root)
    monkeypatch.setattr(tool, "LOCALE", root / "locale")
    return tool


def table(tmp_path, text):
    path = tmp_path / "words.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def said(tool, language):
    return {tool.single(entry): tool.said(entry) for entry in tool.load(language) if entry.id}


def test_words_added_before_their_page_exists_wait_and_are_not_lost(words, tmp_path, capsys):
    assert words.add([table(tmp_path, "Sign in\t登录\nLater\t以后\n%(n)s day\t%(n)s 天\n")]) == 0
    assert words.extract() == 0 and words.fill() == 0
    assert said(words, "zh_Hans") == {"Sign in": "登录", "%(n)s day": "%(n)s 天"}
    assert said(words, "zh_Hant") == {"Sign in": "登入", "%(n)s day": "%(n)s 天"}
    page = words.ROOT / "web" / "templates" / "page.html"
    page.write_text('{{ _("Later") }}', encoding="utf-8")
    words.extract()
    assert said(words, "zh_Hans") == {"Later": "以后"}
    assert words.check() == 1  # zh_Hant of "Later" is not drafted yet
    words.fill()
    assert words.check() == 0


def test_a_changed_word_is_drafted_anew_in_traditional_characters(words, tmp_path):
    words.add([table(tmp_path, "Sign in\t登录\n%(n)s day\t%(n)s 天\n")])
    words.extract()
    words.fill()
    words.add([table(tmp_path, "Sign in\t进来\n")])
    assert said(words, "zh_Hant")["Sign in"] == ""
    words.fill()
    assert said(words, "zh_Hant") == {"Sign in": "進來", "%(n)s day": "%(n)s 天"}
    words.add([table(tmp_path, "Sign in\t进来\t請進\n")])
    words.add([table(tmp_path, "Sign in\t进来\n")])
    assert said(words, "zh_Hant")["Sign in"] == "請進"


def test_a_translation_that_loses_a_gap_is_not_taken(words, tmp_path, capsys):
    assert words.add([table(tmp_path, "%(n)s day\t天\n")]) == 1
    assert "placeholder" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("language", "text", "fault"),
    [
        ("zh_Hans", "", "not translated"),
        ("zh_Hans", "已记下,谢谢", "punctuation"),
        ("zh_Hans", "已记下 。", "punctuation"),
        ("zh_Hans", "三(2)班的(学生)", "punctuation"),
        ("zh_Hans", "已经逾期", "no screen uses"),  # words-check: refused
        ("zh_Hant", "登录", "simplified"),
    ],
)
def test_what_is_wrong_with_a_translation_is_said(words, language, text, fault):
    faults = words.faults_of(language, Message("Done", text))
    assert any(fault in line for line in faults), faults


@pytest.mark.parametrize("text", ["3 件事，约 10 分钟。", "第%(n)s周", "三（2）班", "记一次，处处用"])
def test_what_is_right_is_left_alone(words, text):
    assert words.faults_of("zh_Hans", Message("%(n)s" if "%(n)s" in text else "Done", text)) == []
