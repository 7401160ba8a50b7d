"""Options are checked when a function is called: a misspelt one must never compute something else.

Of 35 misspelt options tried on unchecked functions, 25 gave another method's figure and carried
the misspelling as its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import cache, wraps
from inspect import Parameter, isfunction, signature
from types import NoneType, UnionType
from typing import Literal, ParamSpec, TypeVar, Union, get_args, get_origin

P = ParamSpec("P")
R = TypeVar("R")

# What lifelines, statsmodels and our own functions call the same.
_SAME = (
    ("duration", "durations", "duration_col", "days", "day", "horizon"),
    ("event", "events", "event_col", "event_observed", "exit", "causes", "cause", "count"),
    ("n", "nobs"),
    ("outcome", "formula", "y"),
    ("treatment", "treated"),
    ("by", "group", "groups"),
    ("confidence_level", "alpha", "conf_level"),
    ("interval", "method"),
)


def check_option(name: str, value: object, allowed: object) -> None:
    """Refuse a word that a ``Literal`` (or ``Literal | None``) does not hold, naming the allowed.

    >>> check_option("ties", "Breslow", Literal["efron", "breslow"])
    Traceback (most recent call last):
    ValueError: ties must be one of 'efron', 'breslow'; did you mean 'breslow'?
    """
    words = words_of(allowed)
    if value not in words:
        meant = nearest(value, (word for word in words if isinstance(word, str)))
        raise ValueError(f"{name} must be one of {', '.join(map(repr, words))}{meant}")


def nearest(given: object, known: Iterable[str]) -> str:
    """What was perhaps meant, to end a refusal with; capitals and dashes make no difference.

    >>> nearest("Wilson", ["wilson", "wald"])
    "; did you mean 'wilson'?"
    """
    by_plain = {_plain(name): name for name in known}
    near = get_close_matches(_plain(str(given)), by_plain, n=1)
    return f"; did you mean {by_plain[near[0]]!r}?" if near else ""


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")


def words_of(annotation: object) -> tuple[object, ...]:
    """What a ``Literal`` allows, alone or beside ``None``; nothing for another annotation."""
    if annotation in (None, NoneType):
        return (None,)
    if get_origin(annotation) in (Union, UnionType):
        parts = [words_of(part) for part in get_args(annotation)]
        return tuple(word for part in parts for word in part) if all(parts) else ()
    return get_args(annotation) if get_origin(annotation) is Literal else ()


@cache
def named_as_it_is(function: Callable[P, R]) -> Callable[P, R]:
    """The function with its signature and docs; what is named wrongly is told the nearest option.

    >>> named_as_it_is(check_option)("ties", "efron", allowd=Literal["efron"])
    Traceback (most recent call last):
    TypeError: check_option has no option 'allowd'; did you mean 'allowed'?
    """
    parameters = signature(function).parameters
    kinds = {one.kind for one in parameters.values()}
    places = [name for name, one in parameters.items() if one.kind is one.POSITIONAL_OR_KEYWORD]
    known = [name for name in parameters if name != "self"]

    @wraps(function)
    def checked(*given: P.args, **options: P.kwargs) -> R:
        if Parameter.VAR_KEYWORD not in kinds:
            for name in (one for one in options if one not in parameters):
                raise TypeError(f"{function.__name__} has no option {name!r}{_meant(name, known)}")
        if Parameter.VAR_POSITIONAL not in kinds and len(given) > len(places):
            by_name = ", ".join(f"{name}=…" for name in known if name not in places)
            first = ", ".join(name for name in places if name in known) or "nothing"
            rest = f"; name the rest: {by_name}" if by_name else ""
            raise TypeError(f"{function.__name__} takes {first} without a name{rest}")
        return function(*given, **options)

    return checked


def name_methods(kind: type, names: Iterable[str]) -> None:
    """The same for a class's methods, of those names."""
    for name in names:
        if isfunction(method := vars(kind).get(name)):
            setattr(kind, name, named_as_it_is(method))


def _meant(name: str, known: list[str]) -> str:
    """The nearest by its spelling or by what others call it; else all that there are."""
    same = [one for words in _SAME if name in words for one in known if one in words]
    listed = f"; it takes {', '.join(known)}"
    return nearest(name, known) or (f"; did you mean {same[0]!r}?" if same else listed)
