"""What `papermill notebooks/<x>.ipynb out.ipynb -p language en` does beside running it.

papermill finds this by its entry point. Text cells tagged with another language than the one
that is asked for are left out; a notebook without such tags is run as papermill would.
"""

from __future__ import annotations

from typing import Any

from papermill.engines import NBClientEngine, papermill_engines

_TAG = "lang:"


class OneLanguageEngine(NBClientEngine):  # type: ignore[misc]  # papermill has no types
    """papermill's own engine, for a notebook in one of its languages."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> None:
        given = nb_man.nb.metadata.get("papermill", {}).get("parameters", {})
        language = given.get("language")
        if language is not None:
            nb_man.nb.cells = [cell for cell in nb_man.nb.cells if _is_of(cell, str(language))]
        super().execute_managed_notebook(nb_man, kernel_name, **kwargs)


def _is_of(cell: Any, language: str) -> bool:
    tags = [tag for tag in cell.metadata.get("tags", []) if tag.startswith(_TAG)]
    return not tags or _TAG + language in tags


# The engine that papermill takes when none is named.
papermill_engines.register(None, OneLanguageEngine)
