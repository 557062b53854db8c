"""Training the weights of a linkage with Splink, once for a county: a table of rows and a roll in, weights out.

Splink samples how often levels hold by chance (u) and learns how often among matches (m), blocked once on the number,
once on name and birth; no answers are shown. What it can't know (s, how many rows are on the roll) stays as it was.
Run `written(train(connection))` where splink is installed, save it, and give `read(path)` to link_tables."""

import logging
import re
from collections.abc import Mapping
from typing import Any

from bangfu.analytics.link_levels import levels
from bangfu.analytics.link_side import side, teach, width
from bangfu.analytics.link_weights import Weights, read
from bangfu.engine.likeness import WORDS

PAIRS, SEED = 1_000_000, 307
LEAST_M, LEAST_U = 5e-4, 1e-8  # what was never seen may still happen
NULLED = ("number", "name", "birth")  # Splink blocks on these, so that '' must not meet ''
BLOCKS = (("number",), ("name", "birth"))
PREDICTED = ("number", "name, birth", "household", "birth, village", "birth, guardian1", "name, guardian1")


def train(connection: Any, listed: str = "listed", children: str = "children") -> Weights:
    """This function will learn weights from these rows and this roll."""
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    wide = width(connection, listed, children)
    teach(connection)
    for at, (name, source) in enumerate((("rows_ready", listed), ("roll_ready", children))):
        side(connection, name, f"select rowid as no, * from {source}", (wide, at))
        kept = "nullif(number, '') as number, nullif(name, '') as name, nullif(birth, 0) as birth"
        connection.execute(
            f"create or replace temp table {name} as select no as unique_id, * exclude (no) replace ({kept}) from {name}"
        )
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[_comparison(thing, sql) for thing, sql in levels(wide).items()],
        blocking_rules_to_generate_predictions=[block_on(*one.split(", ")) for one in PREDICTED],
    )
    interface = DuckDBAPI(connection)
    linker = Linker([interface.register(name) for name in ("rows_ready", "roll_ready")], settings)
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("number"), block_on("name", "birth")], recall=0.95
    )
    training.estimate_u_using_random_sampling(max_pairs=PAIRS, seed=SEED)
    for block in BLOCKS:
        training.estimate_parameters_using_expectation_maximisation(block_on(*block))
    return _learnt(linker.misc.save_model_to_json(), read())


def _comparison(thing: str, sql: str) -> Any:
    """Our own levels, in Splink's words: each is what our CASE gives for the pair."""
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl

    pair = re.sub(r"\bc\.(\w+)", r"\1_r", re.sub(r"\bl\.(\w+)", r"\1_l", sql))
    missing = f"{thing}_l is null or {thing}_r is null or " if thing in NULLED else ""
    each = [cll.CustomLevel(f"{pair} = {n}", level) for n, level in enumerate(WORDS[thing], start=1)]
    return cl.CustomComparison(
        output_column_name=thing,
        comparison_levels=[
            cll.CustomLevel(f"{missing}{pair} = 0", "unsaid").configure(is_null_level=True),
            *each,
            cll.ElseLevel(),
        ],
    )


def _learnt(model: Mapping[str, Any], before: Weights) -> Weights:
    """Splink's m, and its u where u is not counted on the roll; what it never saw keeps what was known before."""
    found = {}
    for comparison in model["comparisons"]:
        thing = comparison["output_column_name"]
        seen = {one["label_for_charts"]: one for one in comparison["comparison_levels"]}
        found[thing] = {}
        for level, share in before.levels[thing].items():
            told = seen.get(level, {})
            new = dict(share)
            if told.get("m_probability"):
                new["m"] = max(told["m_probability"], LEAST_M)
            if told.get("u_probability") and not isinstance(share["u"], str):
                new["u"] = max(told["u_probability"], LEAST_U)
            found[thing][level] = new
    return Weights(found, before.listed, before.siblings)


def written(weights: Weights) -> str:
    """This function will write weights as the TOML that link_weights.read reads."""
    lines = [f"listed = {weights.listed}", f"siblings = {weights.siblings}"]
    for thing, shares in weights.levels.items():
        lines += ["", f"[{thing}]"]
        for level, share in shares.items():
            said = (
                f'{key} = "{one}"' if isinstance(one, str) else f"{key} = {one:.3g}"
                for key, one in share.items()
            )
            lines.append(f"{level} = {{{', '.join(said)}}}")
    return "\n".join(lines) + "\n"
