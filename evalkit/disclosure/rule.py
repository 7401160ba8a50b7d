"""Disclosure profiles as data: what is withheld, and how coarse a curve may be.

The thresholds are Swedish public habit ("<5") and the OpenSAFELY project's midpoint
rounding (``min_count`` 6); a project chooses a profile, and the report prints it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ProfileName = Literal["standard", "strict", "rounded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One disclosure profile.

    Attributes:
        name: The profile's name, printed in the report.
        threshold: Counts from 1 to ``threshold − 1`` are withheld.
        round_counts_to: Remaining counts are rounded to the nearest multiple; 1 keeps them.
        midpoint_base: Base of the midpoint rounding of cumulative events in curves.
        grid_days: Curves are shown at multiples of this many days only.
        smallest_group: A group with fewer persons gets no curve.
    """

    name: ProfileName
    threshold: int
    round_counts_to: int = 1
    midpoint_base: int = 6
    grid_days: int = 30
    smallest_group: int = 10


RULES: dict[ProfileName, Rule] = {
    "standard": Rule(name="standard", threshold=5),
    "strict": Rule(name="strict", threshold=10, midpoint_base=10, smallest_group=20),
    "rounded": Rule(name="rounded", threshold=8, round_counts_to=5, midpoint_base=10),
}


def rule_for(profile: ProfileName) -> Rule:
    """The rule of a profile.

    >>> rule_for("standard").threshold
    5
    """
    return RULES[profile]
