"""The one door out: a sentence to one person's own address, through Apprise. Nothing else in the house knows Apprise.

In: the kind, the address as its owner wrote it, the sentence. Out: "" when it went, else why not, one word of PROBLEMS.
"""

import importlib
import re
import socket
import warnings
from contextlib import suppress
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.conf import settings

from bangfu.engine.refusal import Refusal

NAME = "帮扶"  # also the word a robot may ask for in every message (关键词)
HOSTS = {"wecom": "qyapi.weixin.qq.com", "dingtalk": "oapi.dingtalk.com", "feishu": "open.feishu.cn"}
PORTS = {"http": 80, "https": 443, "smtp": 25, "smtp+starttls": 587, "smtps": 465}
SECURE = {"smtp": "insecure", "smtp+starttls": "starttls", "smtps": "ssl"}
MAILBOX = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,190}")
PATIENCE = 5  # seconds


class NotAnAddress(Refusal):
    """The address is not one of its kind; the sentence says what it should look like."""


def read(kind: str, address: str) -> str:
    """This function will give the address as it is kept; raises NotAnAddress with a sentence that helps."""
    words = address.split()
    if not words:
        raise NotAnAddress("还没有写地址。")
    if kind == "email":
        if len(words) > 1 or not MAILBOX.fullmatch(words[0]):
            raise NotAnAddress("邮箱地址要像 name@school.cn 这样，只写一个。")
        return words[0].lower()
    with suppress(ValueError):  # an address may be no address at all: a bracket that is never closed
        parts = urlsplit(words[0])
        if _may_go_to(kind, parts) and (kind == "webhook" or _token(kind, parts)):
            return " ".join(words[:2] if kind == "dingtalk" else words[:1])
    known = f"（https://{HOSTS[kind]}/…）" if kind in HOSTS else ""
    raise NotAnAddress(
        f"请把机器人给的整个网址粘贴过来{known}。别的地址，请系统管理员先加进允许的名单。"
    )


def _may_go_to(kind: str, parts: SplitResult) -> bool:
    """Only where the operator lets the machine go: else a pasted address could knock at doors inside the school."""
    if parts.netloc in settings.NOTICE_HOSTS:
        return parts.scheme in ("http", "https")
    return parts.scheme == "https" and parts.netloc == HOSTS.get(kind)


def _token(kind: str, parts: SplitResult) -> str:
    if kind == "feishu":
        return parts.path.rstrip("/").rpartition("/")[2]
    return parse_qs(parts.query).get({"wecom": "key", "dingtalk": "access_token"}[kind], [""])[0]


def send(kind: str, address: str, sentence: str) -> str:
    """This function will send a sentence to one address: "" when it was taken, else a word of PROBLEMS. Never raises."""
    if kind == "email" and not settings.MAIL_SERVER:
        return "no_mail"
    try:
        plugin = _mail(address) if kind == "email" else _hook(kind, *read(kind, address).split())
    except (Refusal, TypeError, ValueError):
        return "unreadable"
    plugin.socket_connect_timeout = plugin.socket_read_timeout = PATIENCE
    plugin.redirects = False
    body = sentence if kind == "email" else f"【{NAME}】{sentence}"
    if plugin.notify(body=body, title=NAME if kind == "email" else ""):
        return ""
    server = urlsplit(settings.MAIL_SERVER if kind == "email" else address.split()[0])
    return "refused" if _answers(server.hostname, server.port or PORTS[server.scheme]) else "unreachable"


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), PATIENCE).close()
    except OSError:
        return False
    return True


def _plugins(name: str):
    """Apprise wakes only when something is sent; on the way it asks for a module that Python is about to drop."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return importlib.import_module(f"apprise.plugins.{name}")


def _mail(address: str):
    server = urlsplit(settings.MAIL_SERVER)
    user = unquote(server.username or "")
    sender = settings.MAIL_FROM or user
    return _plugins("email").NotifyEmail(
        host=sender.rpartition("@")[2] or server.hostname,
        smtp_host=server.hostname,
        port=server.port or PORTS[server.scheme],
        secure_mode=SECURE[server.scheme],
        user=server.username or None,
        password=server.password or None,
        from_addr=f"{NAME} <{sender}>",
        targets=address,
        format="text",
    )


def _hook(kind: str, address: str, secret: str | None = None):
    parts = urlsplit(address)
    if kind == "webhook":
        found = {name: values[0] for name, values in parse_qs(parts.query).items()}
        return _plugins("custom_json").NotifyJSON(
            host=parts.hostname,
            port=parts.port,
            secure=parts.scheme == "https",
            fullpath=parts.path or "/",
            params=found,
        )
    plugin = _robot(kind, _token(kind, parts), secret)
    for name in ("api_url", "notify_url"):  # a school's own service answers elsewhere, with the same paths
        if written := getattr(plugin, name, None):
            setattr(
                plugin, name, written.replace(f"https://{HOSTS[kind]}", f"{parts.scheme}://{parts.netloc}")
            )
    return plugin


def _robot(kind: str, token: str, secret: str | None):
    module = _plugins({"wecom": "wecombot"}.get(kind, kind))
    if not isinstance(module.requests, _Heard):
        module.requests = _Heard(module.requests)
    if kind == "dingtalk":
        return module.NotifyDingTalk(token=token, secret=secret)
    return module.NotifyFeishu(token=token) if kind == "feishu" else module.NotifyWeComBot(key=token)


class _Heard:
    """Stands where those plug-ins ask `requests`: a robot answers 200 and says no in the body, which they don't read."""

    def __init__(self, requests):
        self.requests = requests

    def __getattr__(self, name):
        return getattr(self.requests, name)

    def post(self, *args, **kwargs):
        """This function will post, and turn a no in the body into a no in the status."""
        answer = self.requests.post(*args, **kwargs)
        with suppress(ValueError, AttributeError):
            said = answer.json()
            if said.get("errcode") or said.get("code"):
                answer.status_code = self.requests.codes.unprocessable
        return answer
