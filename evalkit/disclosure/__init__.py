"""Results → released results: the one door between analysis and a reader.

The names are loaded on first use (PEP 562): whoever only looks files over needs no solver.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evalkit.disclosure.answers import internal, release_all
    from evalkit.disclosure.rule import Rule, rule_for, rule_of

_HOME_OF = {
    "Rule": "rule",
    "internal": "answers",
    "release_all": "answers",
    "rule_for": "rule",
    "rule_of": "rule",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'evalkit.disclosure' has no attribute {name!r}")
    return getattr(import_module(f"evalkit.disclosure.{_HOME_OF[name]}"), name)
