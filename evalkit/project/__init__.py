"""What is evaluated: ``project.yaml`` as a validated model.

Everything that differs between evaluations stands in the project file; code and
notebooks stay general.
"""

from evalkit.project.load import ProjectError, load_project
from evalkit.project.model import (
    BeforeAfterSpec,
    Claim,
    Cohort,
    DisclosureProfile,
    LocalText,
    Outcomes,
    Project,
    Register,
    Series,
    Target,
)

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
