"""A misspelt option is refused with the allowed ones, before anything is computed."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest

import evalkit as ek
from evalkit import statistics
from evalkit.options import check_option, words_of

Option = tuple[Callable[..., Any], str, tuple[object, ...]]


def options_of(function: Callable[..., Any]) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Parameters whose annotation is a ``Literal``, as the text of the annotation says."""
    names = vars(importlib.import_module(function.__module__))
    for parameter in inspect.signature(function).parameters.values():
        try:
            words = words_of(eval(str(parameter.annotation), dict(names)))
        except (NameError, TypeError, SyntaxError):
            continue  # names imported for the type checker only
        if words:
            yield parameter.name, words


def public_functions() -> Iterator[Callable[..., Any]]:
    for module in pkgutil.walk_packages(statistics.__path__, "evalkit.statistics."):
        for name, found in vars(importlib.import_module(module.name)).items():
            if inspect.isfunction(found) and found.__module__ == module.name and name[0] != "_":
                yield found
    for name in ek.__all__:
        if inspect.isfunction(found := getattr(ek, name)):
            yield found


OPTIONS: list[Option] = list(
    {
        (function, name): (function, name, words)
        for function in public_functions()
        for name, words in options_of(function)
    }.values()
)


def misspelt(words: tuple[object, ...]) -> list[str]:
    """Near misses: capitals, a letter too few, and a word of another option."""
    word = next(str(word) for word in words if isinstance(word, str))
    return [wrong for wrong in (word.upper(), word[:-1], "other") if wrong not in words]


@pytest.mark.parametrize(
    ("function", "name", "words"), OPTIONS, ids=lambda value: getattr(value, "__qualname__", None)
)
def test_a_misspelt_option_is_refused_and_the_allowed_named(
    function: Callable[..., Any], name: str, words: tuple[object, ...]
) -> None:
    parameters = inspect.signature(function).parameters.values()
    required = {
        one.name: None
        for one in parameters
        if one.default is one.empty and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
    }
    for wrong in misspelt(words):
        with pytest.raises(ValueError, match=re.escape(f"{name} must be one of")) as refusal:
            function(**(required | {name: wrong}))
        assert all(str(word) in str(refusal.value) for word in words)


def test_there_are_options_to_check() -> None:
    """The 35 that were tried by hand are among them; an empty table would check nothing."""
    assert len(OPTIONS) > 50
    assert {"ties", "standard_errors", "target", "interval", "weighting"} <= {o[1] for o in OPTIONS}


def test_an_option_that_may_be_left_out_takes_none_and_no_other_word() -> None:
    check_option("errors", None, Literal["hc1"] | None)
    with pytest.raises(ValueError, match="errors must be one of 'hc1', None"):
        check_option("errors", "HC1", Literal["hc1"] | None)
    with pytest.raises(ValueError, match="errors must be one of 'hc1'"):
        check_option("errors", None, Literal["hc1"])
