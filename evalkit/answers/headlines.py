"""The figures that every report ends with and a portfolio compares."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from evalkit.answers.asking import public
from evalkit.answers.claim_figures import target_answer
from evalkit.answers.counts import persons_answer, share_answer
from evalkit.answers.participants import DENOMINATORS
from evalkit.answers.sites import site_answer
from evalkit.answers.study import Study
from evalkit.answers.trends import programme_changes
from evalkit.results import Ask


def headlines(study: Study) -> Iterator[Ask]:
    """Participants, shares with a positive exit, sites, targets, and changes of series."""
    if study.project.registers:
        yield persons_answer(study)
        for denominator in DENOMINATORS:
            yield share_answer(study, study.project.outcomes.positive, denominator)
        if "sites" in study.project.chapters:  # printed nowhere else
            yield from (site_answer(study, spec) for spec in study.project.sites)
    yield from (target_answer(study, target) for target in study.project.targets)
    for spec in study.project.series:
        yield public(f"change.{spec.id}", partial(programme_changes, study, spec))
