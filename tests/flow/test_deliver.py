"""One sentence to one person: through a real mail server and real web hooks on this machine, and why it did not go."""

import pytest

from bangfu.flow import deliver
from tests.flow import posts

SENTENCE = "今天 3 件事，约 10 分钟。点开看看。"
PATHS = {
    "wecom": "/cgi-bin/webhook/send?key=abc-123",
    "dingtalk": "/robot/send?access_token=abc123",
    "feishu": "/open-apis/bot/v2/hook/abc-123",
    "webhook": "/hooks/mine?token=abc",
}


def text_of(kind, body):
    return {
        "wecom": lambda: body["text"]["content"],
        "dingtalk": lambda: body["text"]["content"],
        "feishu": lambda: body["content"]["text"],
        "webhook": lambda: body["message"],
    }[kind]()


@pytest.mark.parametrize("kind", PATHS)
def test_each_kind_is_posted_in_its_own_form(settings, kind):
    with posts.hook({"errcode": 0, "code": 0}) as (place, heard):
        settings.NOTICE_HOSTS = [place]
        assert deliver.send(kind, f"http://{place}{PATHS[kind]}", SENTENCE) == ""
    ((path, body),) = heard
    assert path.rstrip("/") == PATHS[kind] and text_of(kind, body) == f"【帮扶】{SENTENCE}"


def test_dingtalk_is_signed_where_a_secret_was_given(settings):
    with posts.hook({"errcode": 0}) as (place, heard):
        settings.NOTICE_HOSTS = [place]
        assert deliver.send("dingtalk", f"http://{place}{PATHS['dingtalk']} SECabc", SENTENCE) == ""
    assert "sign=" in heard[0][0] and "timestamp=" in heard[0][0]


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
def test_a_robot_that_answers_200_and_says_no_did_not_take_it(settings, kind):
    with posts.hook({"errcode": 93000, "code": 9499}) as (place, heard):
        settings.NOTICE_HOSTS = [place]
        assert deliver.send(kind, f"http://{place}{PATHS[kind]}", SENTENCE) == "refused"
    assert len(heard) == 1


def test_a_hook_that_sends_elsewhere_is_not_followed(settings):
    with posts.hook(status=302) as (place, _heard):
        settings.NOTICE_HOSTS = [place]
        assert deliver.send("webhook", f"http://{place}/x", SENTENCE) == "refused"


def test_nobody_there_is_another_thing_than_a_no(settings):
    with posts.hook() as (place, _heard):
        settings.NOTICE_HOSTS = [place]
    assert deliver.send("webhook", f"http://{place}/x", SENTENCE) == "unreachable"


def test_mail_arrives_with_its_sentence_and_a_subject_that_says_nothing(settings):
    with posts.mail() as (place, box):
        settings.MAIL_SERVER, settings.MAIL_FROM = f"smtp://{place}", "bangfu@shikan.cn"
        assert deliver.send("email", "li@shikan.cn", SENTENCE) == ""
    assert box.taken == [("li@shikan.cn", "帮扶", SENTENCE)]


def test_mail_refused_and_mail_not_set_up_are_told_apart(settings):
    with posts.mail(refuses=True) as (place, _box):
        settings.MAIL_SERVER, settings.MAIL_FROM = f"smtp://{place}", "bangfu@shikan.cn"
        assert deliver.send("email", "li@shikan.cn", SENTENCE) == "refused"
    assert deliver.send("email", "li@shikan.cn", SENTENCE) == "unreachable"
    settings.MAIL_SERVER = ""
    assert deliver.send("email", "li@shikan.cn", SENTENCE) == "no_mail"


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("wecom", "http://127.0.0.1:8000/cgi-bin/webhook/send?key=a"),
        ("webhook", "https://example.com/hook"),
        ("feishu", "https://oapi.dingtalk.com/robot/send?access_token=a"),
        ("dingtalk", "https://oapi.dingtalk.com/robot/send"),
        ("webhook", "file:///etc/passwd"),
        ("webhook", "https://["),
        ("feishu", "https://open.feishu.cn／open-apis／bot"),
        ("email", "li@shikan.cn, sun@shikan.cn"),
        ("email", "li"),
    ],
)
def test_an_address_the_operator_does_not_know_is_never_knocked_at(kind, address):
    with pytest.raises(deliver.NotAnAddress):
        deliver.read(kind, address)
    assert deliver.send(kind, address, SENTENCE) in ("unreadable", "no_mail")


def test_the_official_addresses_are_read_as_the_platforms_give_them():
    for kind, host in deliver.HOSTS.items():
        assert deliver.read(kind, f" https://{host}{PATHS[kind]} ") == f"https://{host}{PATHS[kind]}"
