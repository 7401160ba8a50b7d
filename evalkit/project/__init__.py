"""What is evaluated: ``project.yaml`` as a validated model.

Everything that differs between evaluations stands in the project file; code and
notebooks stay general.
"""

from evalkit.project.base import LocalText
from evalkit.project.load import ProjectError, load_project
from evalkit.project.model import DisclosureProfile, Project, Series
from evalkit.project.questions import BeforeAfterSpec, Claim, Cohort, Target
from evalkit.project.registers import Outcomes, Register

__all__ = [
    "BeforeAfterSpec",
    "Claim",
    "Cohort",
    "DisclosureProfile",
    "LocalText",
    "Outcomes",
    "Project",
    "ProjectError",
    "Register",
    "Series",
    "Target",
    "load_project",
]
