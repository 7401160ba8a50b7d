"""Notebooks without what their cells showed, which may hold persons: for sending and for git."""

from __future__ import annotations

import json
from typing import Any

from evalkit.present.blocks import MIME_TYPE


class NotANotebook(ValueError):
    """A file that cannot be stripped; the message quotes nothing of it."""


def stripped(text: str) -> str:
    """The notebook without outputs, but for sections that have been released.

    Raises:
        NotANotebook: If it is none.
    """
    try:
        notebook = json.loads(text)
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"] = [one for one in map(_released, cell["outputs"]) if one]
                cell["execution_count"] = None
            cell.get("metadata", {}).pop("execution", None)
            cell.pop("attachments", None)  # a pasted picture
        for key in ("widgets", "papermill"):
            notebook.get("metadata", {}).pop(key, None)
    except (ValueError, LookupError, TypeError, AttributeError):
        raise NotANotebook("not a notebook") from None
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _released(output: dict[str, Any]) -> dict[str, Any] | None:
    """A section that is not internal, as plain blocks; nothing else of an output is kept."""
    section = output.get("data", {}).get(MIME_TYPE)
    if not isinstance(section, dict) or section.get("is_internal") is not False:
        return None
    data = {key: output["data"][key] for key in (MIME_TYPE, "text/html") if key in output["data"]}
    return {"output_type": "display_data", "metadata": {}, "data": data}
