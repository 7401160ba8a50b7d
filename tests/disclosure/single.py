"""One result through the door by itself, as if it counted a thousand persons alike."""

from __future__ import annotations

from typing import Any

import numpy as np

from evalkit.disclosure import Rule, release_all
from evalkit.results import Released
from evalkit.results.answers import Answer, Members


def release(result: Any, rule: Rule, *, amounts: list[float] | None = None) -> Released[Any]:
    """What is left of a result that nothing stands beside."""
    n = len(amounts or range(1000))
    everyone = Members(
        cells=np.zeros(n, dtype=np.int64),
        keys=((),),
        amounts=None if amounts is None else np.array(amounts),
    )
    return release_all([Answer(id="it", result=result, members=(everyone,))], rule)["it"]
