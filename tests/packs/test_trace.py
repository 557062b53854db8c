"""Every shipped pack is traced to its text: no demand without a place in the plan, none without a proof."""

import pytest

from bangfu.command import trace
from bangfu.command.packs import SHIPPED, pack_texts
from bangfu.engine import pack

TEXTS, _ = pack_texts(SHIPPED)


@pytest.mark.parametrize("key", trace.keys_of(TEXTS))
def test_no_demand_of_the_text_is_lost(key):
    texts = {name: text for name, text in TEXTS.items() if name.startswith((f"{key}/", "_common/"))}
    found = trace.look(texts, pack.load(texts), key, trace.test_functions)
    assert [str(fault) for fault in found.gaps] == []
    assert found.rows == found.traced + len(found.waiting)


def test_no_text_is_traced_twice():
    plans = [
        line for name, text in TEXTS.items() if name.endswith("trace.toml") for line in text.splitlines()
    ]
    named = [line for line in plans if line.startswith("plan = ")]
    assert len(named) == len(set(named))
