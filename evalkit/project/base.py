"""What every block of the project file is made of."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from evalkit.project.vocabulary import (
    LanguageCode,
)

Share = Annotated[float, Field(gt=0, lt=1)]


Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]


class Block(BaseModel):
    """A block of the project file: unknown keys are refused, values cannot be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LocalText(Block):
    """The same text in both languages."""

    sv: str
    en: str

    def in_language(self, language: LanguageCode) -> str:
        return self.sv if language == "sv" else self.en


def _in_both_languages(given: object) -> object:
    """A plain string is the same in both languages: a name, an abbreviation."""
    return {"sv": given, "en": given} if isinstance(given, str) else given


NameOrText = Annotated[LocalText, BeforeValidator(_in_both_languages)]


class Period(Block):
    start: date
    end: date

    @model_validator(mode="after")
    def _ends_after_start(self) -> Period:
        if self.end < self.start:
            raise ValueError("end is before start")
        return self
