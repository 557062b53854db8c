"""How each table of a plan is told: clauses of words and {slots}, by table, in reading order. Data, no logic.

The words are English msgids; the page has them in the reader's language. `engine.sentence` fills the slots.
"""

from typing import NamedTuple


class Phrase(NamedTuple):
    """One clause: its words, and the field that calls for it ("" by the first slot in it, "*" always)."""

    words: str
    needs: str = ""


def N_(words: str, needs: str = "") -> Phrase:
    """This function will mark words of a clause for the catalogues."""
    return Phrase(words, needs)


# Sections in reading order: key → the tables told in it.
SECTIONS: dict[str, tuple[str, ...]] = {
    "head": ("",),
    "whom": ("selection", "category", "file"),
    "helpers": ("pairing", "organ", "facility"),
    "duties": ("duty", "goal"),
    "means": ("fund",),
    "looked": ("review", "indicator"),
    "papers": ("register", "publicity"),
    "praise": ("award",),
    "numbers": ("parameter",),
    "tips": ("tip",),
    "changes": ("change",),
}

PHRASES: dict[str, tuple[Phrase, ...]] = {
    "": (N_("{short_title}"), N_("for the {subject}"), N_("it wants: {aim}")),
    "selection": (
        N_("In each class {by} choose {per_class} pupils", "per_class"),
        N_("{by} look at whom it concerns, and {take}", "take"),
        N_("among those of whom it holds: {where}"),
    ),
    "selection.cause": (N_("{title}"),),
    "category": (N_("{title}"), N_("when {where}"), N_("{meaning}")),
    "file": (N_("{title}"), N_("of each {of} this is known: {needs}")),
    "pairing": (
        N_("{title}"),
        N_("{roles} {within}", "roles"),
        N_("for each pupil {per_case}", "*"),
        N_("each of them helps {per_helper}", "*"),
        N_("for {for}"),
        N_("only when {where}"),
        N_("{fixed} without being asked"),
        N_("never broken: {hard}"),
        N_("wishes, in order: {prefer}"),
    ),
    "pairing.seat": (N_("{title}"), N_("{role}, {count}", "role")),
    "organ": (
        N_("{title}"),
        N_("one in each {per}"),
        N_("led by {head}"),
        N_("deputies {deputy}"),
        N_("members {members}"),
    ),
    "facility": (N_("{title}"), N_("kept by {keeper}"), N_("with {has}")),
    "duty": (
        N_("{title}"),
        N_("{every}, {times} ×", "every"),
        N_("{once}"),
        N_("{on}"),
        N_("until the {due_day}th"),
        N_("in the last {last_workdays} school days"),
        N_("{sample} of them drawn"),
        N_("new pupils within {new_pupil.days} days"),
        N_("at least {amount.at_least} {amount.of}"),
        N_("for {for}"),
        N_("only when {where}"),
        N_("by {who}"),
        N_("{by}"),
        N_("about {minutes} minutes"),
        N_("met by {accepts}"),
    ),
    "goal": (
        N_("{title}"),
        N_("set by {set_by}"),
        N_("for {for}"),
        N_("in {dimensions}"),
        N_("in {milestones} steps"),
        N_("each step says {needs}"),
        N_("at most {step} levels up at a time"),
        N_("{each}"),
    ),
    "fund": (
        N_("{title}"),
        N_("{kind}"),
        N_("for {for}"),
        N_("when {where}"),
        N_("at the rate {rate}"),
        N_("per {per}", "per"),
        N_("through {channel}"),
        N_("things: {items}"),
        N_("kept true: {checks}"),
    ),
    "review": (N_("{title}"), N_("{every}"), N_("looked at by {by}"), N_("for {for}")),
    "review.check": (N_("{title}"), N_("answers: {options}")),
    "indicator": (N_("{title}"), N_("{formula} {compare} {target}", "target"), N_("each {each}")),
    "register": (N_("{title}"), N_("put together by {compiled_by}"), N_("goes to {submitted_to}")),
    "register.band": (N_("{title}"), N_("grades {grades}")),
    "publicity": (N_("making public: {allowed}"), N_("only {fields}"), N_("for {workdays} workdays")),
    "award": (
        N_("{title}"),
        N_("nominated by {nominate_by}"),
        N_("approved by {approve_by}"),
        N_("chosen by the {elected_by}"),
        N_("found by {formula}"),
        N_("prizes {prizes}"),
        N_("shares {share}"),
        N_("given as {kinds}"),
        N_("within {within_days} days of the deed"),
        N_("after {min_records} records"),
        N_("over {min_weeks} weeks"),
        N_("{every}"),
        N_("{once}"),
    ),
    "parameter": (N_("{title}"), N_("in {unit}")),
    "parameter.values": (N_("from {from}: {value}"),),
    "tip": (N_("{text}"), N_("shown with {at}")),
    "change": (N_("{what}"), N_("because {why}")),
}
