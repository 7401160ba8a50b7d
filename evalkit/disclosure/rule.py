"""Disclosure profiles as data: what is withheld.

The thresholds are Swedish public habit ("<5"); a project chooses a profile, and the report
prints it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from evalkit.options import check_option
from evalkit.project import Project

ProfileName = Literal["standard", "strict"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One disclosure profile.

    Attributes:
        name: The profile's name, printed in the report.
        threshold: Counts from 1 to ``threshold − 1`` are withheld.
        smallest_group: A group with fewer persons gets no estimate of its own.
        sensitive: Dimensions and measures where nobody may learn that all or none of a
            group have a level: project data.
        horizons: Days that curves by group are to have as points, the main one first: project
            data.
        smallest_residual_degrees_of_freedom: A regression with fewer is withheld.
        dominance_persons, dominance_share: A sum of money is withheld when this many of
            its largest contributors make up at least this share.
        dominance_percent: … or when the second largest contributor could work out the
            largest contribution closer than this share of it (the p % rule).
    """

    name: ProfileName
    threshold: int
    smallest_group: int = 10
    sensitive: frozenset[str] = frozenset()
    horizons: tuple[int, ...] = ()
    smallest_residual_degrees_of_freedom: int = 10
    dominance_persons: int = 2
    dominance_share: float = 0.85
    dominance_percent: float = 0.10


RULES: dict[ProfileName, Rule] = {
    "standard": Rule(name="standard", threshold=5),
    "strict": Rule(name="strict", threshold=10, smallest_group=20),
}


def is_small(count: int, rule: Rule) -> bool:
    """Whether a count of persons must be withheld; nobody (0) reveals nobody.

    >>> [is_small(count, RULES["standard"]) for count in (0, 1, 4, 5)]
    [False, True, True, False]
    """
    return 0 < count < rule.threshold


def names_tell(persons: Iterable[int], rule: Rule) -> bool:
    """Whether so few are counted that the names of their groups tell that each has few.

    Somebody is in each that is named; and whoever is alone in one knows of one person more
    that is in no other.

    >>> [names_tell(persons, RULES["standard"]) for persons in ((4, 3, 1), (6, 3, 1), (4, 3, 0))]
    [False, False, False]
    >>> names_tell((4, 2, 1), RULES["standard"])
    True
    """
    own = list(persons)
    return len(own) > 1 and min(own) > 0 and sum(own) - len(own) < rule.threshold


def rule_for(
    profile: ProfileName, *, sensitive: Iterable[str] = (), horizons: Iterable[int] = ()
) -> Rule:
    """The rule of a profile, with the project's sensitive columns and horizons.

    >>> rule_for("standard").threshold
    5
    """
    check_option("profile", profile, ProfileName)
    return replace(RULES[profile], sensitive=frozenset(sensitive), horizons=tuple(horizons))


def rule_of(project: Project) -> Rule:
    """The project's rule; its longest horizon is the main one."""
    chosen, days = project.disclosure, project.outcomes.horizons_days
    horizons = (days[-1], *days[:-1]) if days else ()
    return rule_for(chosen.profile, sensitive=chosen.sensitive, horizons=horizons)
