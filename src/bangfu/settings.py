"""Django's settings, read from BANGFU_* in the environment; what is missing gets a safe default.

Keys that are missing are made once and kept in DATA_DIR/keys.toml (readable by its owner only). No plan asks for
this; every plan stands on it. `docs` lists each name below; a test compares the two.
"""

import base64
import os
import secrets
import sys
import tomllib
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic_settings import BaseSettings, SettingsConfigDict

HERE = Path(__file__).resolve().parent


class Environment(BaseSettings):
    """What an operator may set. Lists are words separated by commas; an empty value means "not set"."""

    model_config = SettingsConfigDict(
        env_prefix="BANGFU_", env_ignore_empty=True, extra="ignore", frozen=True
    )

    database_url: str = ""  # postgresql://user:password@host:5432/name, or sqlite:////path; empty = DATA_DIR
    data_dir: Path = Path("var")
    secret_key: str = ""
    seal_keys: str = ""  # id:aes|sm4:base64, … (older keys stay listed so that older rows still open)
    seal_key: str = ""  # id of the key that seals from now on
    blind_key: str = ""  # base64; the keyed hash beside sealed columns
    care_keys: str = ""  # like seal_keys, for the counsellors' notes alone; keep them apart
    care_key: str = ""
    debug: bool = False
    allowed_hosts: str = "localhost,127.0.0.1,[::1]"
    csrf_trusted_origins: str = ""
    https: bool = False  # behind a TLS proxy: secure cookies, HSTS, X-Forwarded-Proto trusted
    trusted_proxies: int = 0  # how many proxies stand in front, for the lock-out's idea of an address
    day: date | None = None  # today, for the demo and for tests
    language: str = "zh-hans"
    host: str = "127.0.0.1"
    port: int = 8000
    address: str = ""  # where people open it, for the link in a reminder: https://…
    mail_server: str = ""  # smtp|smtp+starttls|smtps://user:password@host:port; empty = no e-mail
    mail_from: str = ""
    notice_hosts: str = ""  # host or host:port, …: further places a reminder may be posted to
    log_level: str = "INFO"


def words(text: str) -> list[str]:
    """This function will split a comma-separated value into its words."""
    return [word.strip() for word in text.split(",") if word.strip()]


def kept_keys(folder: Path) -> dict[str, str]:
    """This function will read DATA_DIR/keys.toml, making it with fresh keys the first time."""
    fresh = {
        "secret_key": secrets.token_urlsafe(50),
        "seal_keys": f"first:aes:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "seal_key": "first",
        "blind_key": base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    return _kept(folder / "keys.toml", fresh, "证件号和电话就再也打不开")


def kept_care_keys(folder: Path) -> dict[str, str]:
    """This function will read DATA_DIR/care-keys.toml: a file of its own, so that another hand may keep it."""
    fresh = {
        "care_keys": f"first:aes:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "care_key": "first",
    }
    return _kept(folder / "care-keys.toml", fresh, "心理老师的记录就再也打不开")


def _kept(path: Path, fresh: dict[str, str], else_: str) -> dict[str, str]:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        content = "".join(f'{name} = "{value}"\n' for name, value in fresh.items())
        if _placed(path, content):
            print(f"已生成密钥文件 {path}。请另存一份并妥善保管：没有它，{else_}。", file=sys.stderr)
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _placed(path: Path, content: str) -> bool:
    # Written aside, then linked into place: of two processes starting at once, one wins and the other reads its keys.
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(content)
    try:
        os.link(aside, path)
        return True
    except FileExistsError:
        return False
    finally:
        aside.unlink()


def seal_keys(text: str, name: str = "BANGFU_SEAL_KEYS") -> dict[str, tuple[str, bytes]]:
    """This function will read "id:aes|sm4:base64,…" into {id: (cipher, key)}; raises ValueError naming the key."""
    sizes = {"aes": 32, "sm4": 16}
    keys = {}
    for word in words(text):
        key_id, cipher, body = word.split(":", 2)
        key = base64.b64decode(body, validate=True)
        if len(key) != sizes.get(cipher):
            raise ValueError(f"{name}: {key_id} wants aes with 32 bytes or sm4 with 16")
        keys[key_id] = (cipher, key)
    return keys


def database(url: str, folder: Path) -> dict:
    """This function will turn a database address into Django's settings; SQLite in `folder` when there is none."""
    parts = urlsplit(url)
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": parts.port or "",
            "OPTIONS": dict(parse_qsl(parts.query)),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
        }
    if url and parts.scheme != "sqlite":
        raise ValueError(
            f"BANGFU_DATABASE_URL: {parts.scheme or url!r} is neither postgresql:// nor sqlite://"
        )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": unquote(parts.path[1:]) if url else str(folder / "bangfu.sqlite3"),
        # Deferred transactions turned half of the concurrent writes into "database is locked"; immediate ones wait.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
        "CONN_MAX_AGE": 600,
    }


ENV = Environment()
DATA_DIR = ENV.data_dir.resolve()
_NAMES = ("secret_key", "seal_keys", "seal_key", "blind_key")
_KEYS = {name: getattr(ENV, name) for name in _NAMES}
if not all(_KEYS.values()):
    _KEYS = kept_keys(DATA_DIR) | {name: value for name, value in _KEYS.items() if value}

SECRET_KEY = _KEYS["secret_key"]
SEAL_KEYS = seal_keys(_KEYS["seal_keys"])
SEAL_KEY = _KEYS["seal_key"]
if SEAL_KEY not in SEAL_KEYS:
    raise ValueError(f"BANGFU_SEAL_KEY: {SEAL_KEY!r} is not in BANGFU_SEAL_KEYS")
BLIND_KEY = base64.b64decode(_KEYS["blind_key"])
_CARE = {"care_keys": ENV.care_keys, "care_key": ENV.care_key}
if not all(_CARE.values()):
    _CARE = kept_care_keys(DATA_DIR) | {name: value for name, value in _CARE.items() if value}
CARE_KEYS = seal_keys(_CARE["care_keys"], "BANGFU_CARE_KEYS")
CARE_KEY = _CARE["care_key"]
if CARE_KEY not in CARE_KEYS:
    raise ValueError(f"BANGFU_CARE_KEY: {CARE_KEY!r} is not in BANGFU_CARE_KEYS")
DAY = ENV.day
DEBUG = ENV.debug
ALLOWED_HOSTS = words(ENV.allowed_hosts)
CSRF_TRUSTED_ORIGINS = words(ENV.csrf_trusted_origins)

ROOT_URLCONF = "bangfu.urls"
WSGI_APPLICATION = "bangfu.wsgi.application"
APPEND_SLASH = False
DATABASES = {"default": database(ENV.database_url, DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "bangfu.records",
    "bangfu.web",
]
MIDDLEWARE = [
    "django.middleware.gzip.GZipMiddleware",  # adds random bytes, so that the masked CSRF token stays unguessable
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "bangfu.web.middleware.private_pages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "bangfu.web.middleware.chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "bangfu.web.middleware.who_and_when",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [HERE / "web" / "templates"],
        "OPTIONS": {"environment": "bangfu.web.environment.environment"},
    }
]

# Accounts
AUTH_USER_MODEL = "records.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "bangfu.records.access.ViewerBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "/"
SESSION_COOKIE_AGE = 12 * 60 * 60  # a shared staff-room computer; one's own phone may ask for 30 days
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.https
CSRF_FAILURE_VIEW = "bangfu.web.errors.stale_form"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # names don't belong in cookies

AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "bangfu.web.errors.locked_out"
AXES_DISABLE_ACCESS_LOG = True  # when staff come and go is nobody's business
AXES_VERBOSE = False
AXES_IPWARE_PROXY_COUNT = ENV.trusted_proxies or None
AXES_IPWARE_META_PRECEDENCE_ORDER = (
    ("HTTP_X_FORWARDED_FOR", "REMOTE_ADDR") if ENV.trusted_proxies else ("REMOTE_ADDR",)
)

# What a browser may do: run and style from our own files, nothing else
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if ENV.https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.https else None
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000  # the class in one grid without scripts: 60 pupils, 40 things to know
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024

# Language and time
LANGUAGE_CODE = ENV.language
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# Files
STATIC_URL = "/static/"
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.AppDirectoriesFinder"]
WHITENOISE_USE_FINDERS = True  # no collectstatic before a start
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 365 * 24 * 60 * 60  # addresses carry the file's digest

# Reminders: who may be posted to is the operator's word, not the page's
ADDRESS = ENV.address.rstrip("/")
MAIL_SERVER, MAIL_FROM = ENV.mail_server, ENV.mail_from
NOTICE_HOSTS = words(ENV.notice_hosts)
if MAIL_SERVER and urlsplit(MAIL_SERVER).scheme not in {"smtp", "smtp+starttls", "smtps"}:
    raise ValueError("BANGFU_MAIL_SERVER wants smtp://, smtp+starttls:// or smtps://")

# Ids, never names: see web/logs.py
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"nameless": {"()": "bangfu.web.logs.Nameless"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "nameless"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "bangfu": {"level": ENV.log_level.upper()},
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.security": {"level": "WARNING"},
        "axes": {"level": "CRITICAL"},  # its lines carry user names
        "apprise": {"handlers": [], "level": "CRITICAL", "propagate": False},  # its lines carry addresses
    },
}
