"""From rows to persons, what the checks found, what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from evalkit.answers.counts import persons_answer
from evalkit.answers.measures import missing_persons
from evalkit.answers.study import Study
from evalkit.results import Answer, Ask, PublicAnswer
from evalkit.results.answers import counted, share_members
from evalkit.statistics.shares.proportions import proportion

# That somebody's identity is protected is told nobody, however many they are.
_PROTECTED = frozenset({"identity_temporary", "identity_placeholder"})


def flow(study: Study) -> Iterator[Ask]:
    """Every step from the rows of the registers to the persons analysed."""
    everyone = counted(np.ones(len(study.persons), dtype=bool))
    yield Answer(id="flow", result=tuple(study.flow), members=(everyone,))


def findings(study: Study) -> Iterator[Ask]:
    """What the checks found; rows, numbers and labels only for whoever corrects the file."""
    found = study.findings
    if study.purpose != "explore":
        found = tuple(
            replace(one, rows=(), count=0, listing=())
            for one in found
            if one.check not in _PROTECTED
        )
    yield PublicAnswer(id="findings", result=found)


def completeness(study: Study) -> Iterator[Ask]:
    """The share without a value among those who can have one, where some lack it."""
    columns = []
    for column, can_have, missing in missing_persons(study):
        columns.append(column)
        scope, lacks = (study.persons.index.isin(rows.index) for rows in (can_have, missing))
        yield Answer(
            id=f"missing.{column}",
            result=proportion(
                events=len(missing), n=len(can_have), measure="share_missing", group=column
            ),
            members=(share_members(scope, lacks),),
        )
    yield PublicAnswer(id="missing.columns", result=tuple(columns))


def conclusions(study: Study) -> Iterator[Ask]:
    """What the data can carry."""
    yield persons_answer(study)
    yield from flow(study)
    yield from findings(study)
    yield from completeness(study)
