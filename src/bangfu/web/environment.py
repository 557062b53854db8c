"""The Jinja2 environment of every page: words in the reader's language, addresses, files with their digest, formats."""

import hashlib
from functools import cache, lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.templatetags.static import static as static_address
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext, pgettext
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from bangfu.web import formats

STATIC = Path(__file__).resolve().parent / "static"
LANGUAGE_TAGS = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "en": "en"}


def url(name: str, *args, **kwargs) -> str:
    """This function will give the address of a page by its name: url("child", pupil.id)."""
    if len(args) == 1 and not kwargs and isinstance(args[0], UUID):
        before, after = _around(name)
        return f"{before}{args[0]}{after}"
    return reverse(name, args=args, kwargs=kwargs) if args or kwargs else _fixed(name)


@cache
def _fixed(name: str) -> str:
    return reverse(name)


@cache
def _around(name: str) -> tuple[str, str]:
    """What stands before and after the id in an address: a list of fifty asks fifty times."""
    nobody = UUID(int=0)
    before, _, after = reverse(name, args=(nobody,)).partition(str(nobody))
    return before, after


@cache
def _digest(path: str, _changed: float) -> str:
    return hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:10]


@cache
def _kept_static(path: str) -> str:
    return f"{static_address(path)}?v={_digest(path, 0)}"


def static(path: str) -> str:
    """This function will give the address of a file of ours with its digest, so that browsers may keep it a year."""
    if settings.DEBUG:
        return f"{static_address(path)}?v={_digest(path, (STATIC / path).stat().st_mtime)}"
    return _kept_static(path)


@lru_cache(maxsize=64)
def icon(name: str) -> Markup:
    """This function will draw a line icon of ours by name; words stand beside it, so that it is silent."""
    return Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>').format(
        static("bangfu/icons.svg"), name
    )


def language_tag() -> str:
    """This function will give the html lang of the reader's language."""
    return LANGUAGE_TAGS.get(get_language() or settings.LANGUAGE_CODE, "zh-Hans")


def environment(**options) -> Environment:
    """This function will build the environment Django renders pages with."""
    options = {**options, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    env = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], **options)
    env.install_gettext_callables(gettext, ngettext, newstyle=True, pgettext=pgettext)
    env.globals.update(
        url=url,
        static=static,
        icon=icon,
        language_tag=language_tag,
        days=formats.days,
        gap=formats.gap,
        part_of=formats.part_of,
    )
    env.filters.update(formats.FILTERS)
    return env
