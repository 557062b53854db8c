"""Every fact the national roll can bring is declared, so that rules may use it."""

from bangfu.exchange import profile
from bangfu.flow import adopt


def test_every_fact_of_the_roll_profile_is_a_declared_fact():
    fields = set(profile.load("national_roll").columns)
    brought = {field.removeprefix("facts.") for field in fields if field.startswith("facts.")}
    assert brought
    assert brought <= adopt.shelf().commons.facts.keys()
