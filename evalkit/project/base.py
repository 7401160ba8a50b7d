"""What every block of the project file is made of."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    ValidationInfo,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from evalkit.project.problems import Broken
from evalkit.project.vocabulary import LanguageCode

# Key of the validation context: the language of a project that has no other.
ONLY_LANGUAGE = "only_language"

Share = Annotated[float, Field(gt=0, lt=1)]


Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]


class Block(BaseModel):
    """A block of the project file: unknown keys are refused, values cannot be changed."""

    # A sheet named 2023 or a code 1440 is a number to YAML, and a text here.
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class LocalText(Block):
    """The same text in both languages; one is enough where the project has one language."""

    sv: str
    en: str

    @model_validator(mode="before")
    @classmethod
    def _in_the_only_language(cls, given: object, info: ValidationInfo) -> object:
        only = (info.context or {}).get(ONLY_LANGUAGE)
        if isinstance(given, str):
            if only is None:
                raise Broken("both_languages")
            return _in_both_languages(given)
        if only and isinstance(given, dict) and set(given) == {only}:
            return _in_both_languages(given[only])
        return given

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """One text, or one in each language; which of them is right the project's languages say."""
        both = handler(core)
        return {"anyOf": [{"type": ["string", "number"]}, {**handler.resolve_ref_schema(both),
                "required": []}]}  # fmt: skip

    def in_language(self, language: LanguageCode) -> str:
        return self.sv if language == "sv" else self.en


def _in_both_languages(given: object) -> object:
    """A plain string is the same in both languages: a name, an abbreviation."""
    return {"sv": given, "en": given} if not isinstance(given, dict | LocalText) else given


NameOrText = Annotated[LocalText, BeforeValidator(_in_both_languages)]


class Period(Block):
    start: date
    end: date

    @model_validator(mode="after")
    def _ends_after_start(self) -> Period:
        if self.end < self.start:
            raise Broken("end_before_start")
        return self
