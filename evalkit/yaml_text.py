"""YAML as plain values, read by libyaml where PyYAML was built with it: eight times as fast.

A chapter's kernel reads every text catalogue anew, so this is felt in each of them.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

# libyaml builds nested values by recursion in C: some tens of thousands of open brackets,
# as in a damaged file, end the whole process. No file of ours nests deeper than ten.
_DEEPEST = 100
_NESTED_ON_A_LINE = re.compile(rf"(?:[-?:]\s+){{{_DEEPEST}}}|^[ ]{{{10 * _DEEPEST}}}", re.MULTILINE)
_BRACKET = re.compile(r"[\[{\]}]")
_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Safe):  # type: ignore[misc]  # either of two loaders
    """Refuses a key that stands twice: YAML would keep the last and lose the first unseen."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        own = node.value
        built: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        if len(built) != len(own):
            _refuse_repeated([key for key, _ in own])
        return built


def _refuse_repeated(keys: list[yaml.Node]) -> None:
    """Keys merged from elsewhere (``<<``) may be said anew; those written here may not."""
    written = set()
    for key in keys:
        if key.value in written:
            raise yaml.constructor.ConstructorError(None, None, "stands twice", key.start_mark)
        written.add(key.value)


def read_yaml(text: str) -> Any:
    """The values of a YAML text.

    Raises:
        yaml.YAMLError: If it is not YAML, or a key stands twice in a block.
        ValueError: If it holds a date that does not exist.

    >>> read_yaml("{n: 5, day: 2018-02-01}")
    {'n': 5, 'day': datetime.date(2018, 2, 1)}
    """
    if _is_nested_deeply(text):
        raise yaml.YAMLError("nested too deeply")
    return yaml.load(text, Loader=_Loader)


def composed_yaml(text: str) -> Any:
    """The nodes of a YAML text with their places, by the reader of `read_yaml`.

    The two readers of PyYAML do not take the same texts: ``{sv: Nådde vi målen?, en: x}``.
    """
    return yaml.compose(text, Loader=_Safe)


def _is_nested_deeply(text: str) -> bool:
    """Whether more levels may be open at once than anybody writes; text in quotes counts too."""
    depth = 0
    for bracket in _BRACKET.finditer(text):
        depth = max(0, depth + (1 if bracket[0] in "[{" else -1))
        if depth > _DEEPEST:
            return True
    return _NESTED_ON_A_LINE.search(text) is not None
