"""What a link was made with, to say what has changed since: the version, the data, and the odds that were seen.

A stamp stands in the address beside the state of the page, as text such as `0.1.0~3f2a9c01~5be1a0.31.40`: version, the start of the
fingerprint of the tables, and for each target the start of a hash of its name with its odds in hundredths, one for each scenario shown.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from importlib.metadata import version

from app.language import Language
from data import InputFault

PARAMETER = "seen"
DATA_LETTERS, LONGEST = 8, 4000
NONE = "n"  # odds that are not given
WRITTEN = re.compile(rf"[0-9a-z.+]{{1,24}}~[0-9a-f]{{{DATA_LETTERS}}}(~[0-9a-f]{{6}}(\.(n|100|\d{{1,2}}))+)*")
Odds = Mapping[str, Sequence[float | None]]
TOLD = 6


@dataclass(frozen=True)
class Stamp:
    """The version, the start of the fingerprint, and odds in hundredths by the short name of a target, one for each scenario."""

    version: str
    data: str
    odds: Mapping[str, tuple[int | None, ...]]


@dataclass(frozen=True)
class Moved:
    """The odds of a target under the scenario of a number, then and now, in hundredths."""

    target: str
    scenario: int
    before: int | None
    now: int | None


def short(target: str) -> str:
    """Return six letters for the name of a target."""
    return blake2b(target.encode(), digest_size=3).hexdigest()


def stamp_of(fingerprint: str, odds: Odds) -> Stamp:
    """Stamp what is shown: probabilities by target, one for each scenario."""
    hundredths = {short(target): tuple(None if one is None else round(100 * one) for one in some) for target, some in odds.items()}
    return Stamp(version("sourcecast"), fingerprint[:DATA_LETTERS], hundredths)


def stamp_text(stamp: Stamp) -> str:
    """Write a stamp for an address."""
    targets = (".".join([name, *(NONE if one is None else str(one) for one in some)]) for name, some in stamp.odds.items())
    return "~".join([stamp.version, stamp.data, *targets])


def read_stamp(text: str) -> Stamp:
    """Read a stamp.

    Raises
    ------
    InputFault
        If it is none.
    """
    if len(text) > LONGEST or not WRITTEN.fullmatch(text):
        raise InputFault("the link does not say legibly what it was made with")
    made, data, *targets = text.split("~")
    parts = [target.split(".") for target in targets]
    return Stamp(made, data, {name: tuple(None if one == NONE else int(one) for one in some) for name, *some in parts})


def moved_odds(before: Stamp, now: Odds) -> list[Moved]:
    """Return the odds shown now that differ from those seen when the link was made."""
    stamp = stamp_of("", now)
    return [
        Moved(target, number, then, one)
        for target in now
        if short(target) in before.odds
        for number, (then, one) in enumerate(zip(before.odds[short(target)], stamp.odds[short(target)], strict=False))
        if then != one
    ]


def what_changed(
    text: str, fingerprint: str, odds: Odds, aims: Mapping[str, str], titles: Sequence[str], language: Language
) -> str:
    """Say what has changed since a link was made, as Markdown; nothing if nothing has.

    Parameters
    ----------
    text : str
        The stamp in the link.
    fingerprint, odds
        Of what is shown now.
    aims : mapping
        What targets aim at, in words.
    titles : sequence of str
        What the scenarios shown are called; empty if there is but one.
    language : Language
    """
    say = language.say
    try:
        before = read_stamp(text)
    except InputFault:
        return say("The link does not say legibly what it was made with, so what has changed since cannot be told.")
    now, moved = stamp_of(fingerprint, odds), moved_odds(before, odds)
    lines = []
    if before.version != now.version:
        lines.append(
            say("It was made with version {before} of Sourcecast; this is version {now}.", before=before.version, now=now.version)
        )
    if before.data != now.data:
        lines.append(say("It was made with other data, maybe with figures of somebody's own (then {before}, now {now}).",
                         before=before.data, now=now.data))  # fmt: skip
    lines += [odds_sentence(one, aims[one.target], titles, language) for one in moved[:TOLD]]
    if len(moved) > TOLD:
        lines.append(say("And {number} more odds differ.", number=len(moved) - TOLD))
    if set(before.odds) != set(now.odds):
        lines.append(say("Other targets have odds than then."))
    if lines and (before.version, before.data) == (now.version, now.data):
        lines.append(say("Version and data are the same: the link may have been changed by hand."))
    heading = say("Since this link was made something has changed:")
    return heading + "\n" + "".join(f"\n- {line}" for line in lines) if lines else ""


def odds_sentence(one: Moved, aim: str, titles: Sequence[str], language: Language) -> str:
    """Say what the odds of a target were and are."""
    say = language.say
    before, now = (say("none") if odds is None else str(odds) for odds in (one.before, one.now))
    if one.scenario < len(titles):
        return say("{aim}, {scenario}: {before} of 100 when the link was made, {now} now.", aim=aim, scenario=titles[one.scenario],
                   before=before, now=now)  # fmt: skip
    return say("{aim}: {before} of 100 when the link was made, {now} now.", aim=aim, before=before, now=now)
