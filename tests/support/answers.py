"""Answers of a study, as a test looks at them: by id, released or exact as the study says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evalkit.answers.store import answered
from evalkit.answers.study import Study
from evalkit.chapters.section import asked_of
from evalkit.disclosure.linked import decide
from evalkit.results import Answer, Ask, Withheld


def results_of(study: Study, asks: Iterable[Ask] | None = None) -> dict[str, Any]:
    """Id → result, of what is asked or of all that the project's chapters ask."""
    found = answered(study, asked_of(study) if asks is None else asks)
    return {name: released.result for name, released in found.items()}


def withheld_beside_others(study: Study) -> set[str]:
    """Ids of figures that are shown alone, and would disclose a few persons beside others."""
    hidden = {name for name, one in results_of(study).items() if isinstance(one, Withheld)}
    asks = [ask for ask in asked_of(study) if isinstance(ask, Answer)] if hidden else []
    reasons = decide(asks, study.rule).withheld
    return {name for name in hidden if "small_count" not in reasons.get(name, {}).values()}
