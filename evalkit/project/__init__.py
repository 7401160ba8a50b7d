"""What is evaluated: ``project.yaml`` as a validated model.

Everything that differs between evaluations stands in the project file; code and
notebooks stay general. The names are loaded on first use (PEP 562): the model costs half a
second to build, and a batch that finds nothing changed needs none of it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evalkit.project.base import LocalText
    from evalkit.project.casemix import Casemix, MissingAssumption
    from evalkit.project.comparisons import Comparison
    from evalkit.project.load import load_project
    from evalkit.project.model import DisclosureProfile, Project, Series
    from evalkit.project.problems import ProjectError
    from evalkit.project.questions import BeforeAfterSpec, Claim, Cohort, Target
    from evalkit.project.registers import Outcomes, Register

_HOME_OF = {
    "LocalText": "base",
    "Comparison": "comparisons",
    "Casemix": "casemix",
    "MissingAssumption": "casemix",
    "ProjectError": "problems",
    "load_project": "load",
    "DisclosureProfile": "model",
    "Project": "model",
    "Series": "model",
    "BeforeAfterSpec": "questions",
    "Claim": "questions",
    "Cohort": "questions",
    "Target": "questions",
    "Outcomes": "registers",
    "Register": "registers",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'evalkit.project' has no attribute {name!r}")
    return getattr(import_module(f"evalkit.project.{_HOME_OF[name]}"), name)
