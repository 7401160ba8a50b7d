"""The JSON Schema of the project file, by which editors complete and check it."""

from __future__ import annotations

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from evalkit.project.model import Project


class _AsWritten(GenerateJsonSchema):
    """What may be written in YAML: a text may also be a number, a sheet named 2023."""

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        found = super().str_schema(schema)
        return {**found, "type": ["string", "number"]}


def project_schema() -> dict[str, Any]:
    """The schema of a whole ``project.yaml``."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Project.model_json_schema(schema_generator=_AsWritten),
        "title": "evalkit project file",
    }


def schema_text() -> str:
    """The schema as it is exported."""
    return json.dumps(project_schema(), ensure_ascii=False, indent=2) + "\n"
