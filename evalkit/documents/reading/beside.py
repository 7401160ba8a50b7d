"""What the register says of a claim, apart from how it is found."""

from __future__ import annotations

from dataclasses import dataclass

from evalkit.reading.compare import Holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What the register says of a claim: a verdict of the report, its own figure in a sentence.

    ``line`` is what to add to ``project.yaml`` where no answer meets the claim, and ``add`` the
    key of the words for where.
    """

    verdict: Holds
    sentence: str = ""
    answer: str = ""
    line: str = ""
    add: str = "reading.register.add"
