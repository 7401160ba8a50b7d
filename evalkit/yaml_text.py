"""YAML as plain values, read by libyaml where PyYAML was built with it: eight times as fast.

A chapter's kernel reads every text catalogue anew, so this is felt in each of them.
"""

from __future__ import annotations

from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str) -> Any:
    """The values of a YAML text.

    Raises:
        yaml.YAMLError: If it is not YAML.
        ValueError: If it holds a date that does not exist.

    >>> read_yaml("{n: 5, day: 2018-02-01}")
    {'n': 5, 'day': datetime.date(2018, 2, 1)}
    """
    return yaml.load(text, Loader=_LOADER)
