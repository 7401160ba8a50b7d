"""What is compared: one way to run a task, and how to read the figures both must agree on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.data import Spells

TASKS = {
    "kaplan_meier": "Kaplan–Meier, two groups",
    "log_rank": "log-rank, two groups",
    "cumulative_incidence": "cumulative incidence, three causes, with errors",
    "restricted_mean": "restricted mean",
    "cox": "Cox, five covariates, Efron",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """``run`` is what is timed; ``read`` takes the compared figures from what it returns.

    ``note`` says what it does less or more than the others.
    """

    name: str
    task: str
    run: Callable[[Spells], Any]
    read: Callable[[Any], np.ndarray]
    note: str = ""


def step_value(times: np.ndarray, values: np.ndarray, day: float) -> float:
    """Value of a step function on a day."""
    place = int(np.searchsorted(times, day, side="right")) - 1
    return float(np.asarray(values)[place])
