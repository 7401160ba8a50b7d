"""What every result can do by itself: be a frame, a picture or a file, and show in a notebook.

Shapes know no words. Who puts them in words is named here once (`shown_by`, in the package's
first file), so that `results` stays below `present` and a result can still show itself.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

T_co = TypeVar("T_co", covariant=True)
S = TypeVar("S")
Spoken = Literal["sv", "en"]
_LISTED = 6


class Presenter(Protocol):
    """Puts results in words; `said` are the words of the study that a result came from."""

    def frame(self, result: Any) -> pd.DataFrame: ...

    def figure(self, result: Any, *, width: float, language: Spoken | None) -> Figure: ...

    def save(self, result: Any, path: str | Path, *, language: Spoken | None) -> Path: ...

    def bundle(self, result: Any) -> dict[str, Any]: ...

    def refusal(self, error: Any, words: Any | None) -> str: ...


_presenters: list[Callable[[], Any]] = []
_words: list[Any] = []


def shown_by(load: Callable[[], Any]) -> None:
    """Name who puts results in words; loaded when the first is shown."""
    _presenters[:] = [load]


def speak(words: Any) -> None:
    """Words for results that come from no study: those of the study opened last."""
    _words[:] = [words]


def words_now() -> Any:
    """The words of the study opened last, ``None`` before the first."""
    return _words[0] if _words else None


def refusal_words(error: Any) -> str:
    """Why something cannot be computed, in the words of the study opened last, else in Swedish."""
    return _presenter().refusal(error, words_now()) if _presenters else ""


class Shown:
    """The methods of a result; a list of results has them too."""

    __slots__ = ()

    def to_frame(self) -> pd.DataFrame:
        """The result as a tidy frame: its field names as columns, numbers in the cells."""
        return _presenter().frame(self)

    def figure(self, *, width: float = 170.0, language: Spoken | None = None) -> Figure:
        """The result as a matplotlib figure.

        Args:
            width: Millimetres; a page of text is 170. Below 30 it is read as inches.
            language: ``sv`` or ``en``; the study's own when left out.

        Raises:
            ValueError: For a width or language that cannot be.
        """
        return _presenter().figure(self, width=width, language=language)

    def save(self, path: str | Path, *, language: Spoken | None = None) -> Path:
        """Write the result to a file, by its ending: .svg, .png, .xlsx or .docx.

        What has not been released is marked in the picture, on the sheet and in the name.

        Returns:
            The path of the file written.

        Raises:
            ValueError: For another ending or language.
        """
        return _presenter().save(self, path, language=language)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        del include, exclude  # the notebook filters the bundle itself
        return _presenter().bundle(self)

    def _mime_(self) -> tuple[str, str]:
        """As marimo asks: it puts a bundle within a list together as if it were text."""
        return "text/html", _presenter().bundle(self)["text/html"]


class Shape(Shown):
    """A result. The slot holds the words of the study it came from; it is no field."""

    __slots__ = ("_said",)

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        # Before `dataclass` writes its own, which would print whole tables.
        if "__repr__" not in cls.__dict__:
            cls.__repr__ = Shape.__repr__  # type: ignore[method-assign]

    def __repr__(self) -> str:
        fields = dataclasses.fields(self)  # type: ignore[arg-type]
        given = [(field.name, getattr(self, field.name)) for field in fields]
        parts = [f"{name}={_short(value)}" for name, value in given if not _is_blank(value)]
        return f"{type(self).__name__}({', '.join(parts)})"


class Rows(tuple[T_co, ...], Shown):
    """Several results that show as one table."""

    def __repr__(self) -> str:
        return f"[{', '.join(map(repr, self))}]" if len(self) <= 1 else _lines(self)


def in_words(result: S, words: Any) -> S:
    """The result, which shows in these words."""
    if isinstance(result, Shape | Rows):
        object.__setattr__(result, "_said", words)
    return result


def words_for(result: Any) -> Any:
    """The words that a result shows in."""
    return getattr(result, "_said", None) or words_now()


def as_from(source: object, result: S) -> S:
    """The result, which shows in the words of what it was computed from."""
    said = getattr(source, "_said", None)
    return result if said is None else in_words(result, said)


def show_in_notebooks(*kinds: type) -> None:
    """Tell IPython, where there is one, how a list of results shows and how Tab completes.

    Tab asks the objects that are there: to read the sources of pandas first, as jedi does, takes
    seconds of processor time. Objects of ``kinds`` complete to what they list themselves.
    """
    if "IPython" not in sys.modules:
        return
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is None or shell.display_formatter is None:
        return
    formatter = shell.display_formatter.mimebundle_formatter
    for kind in (list, tuple):
        formatter.for_type(kind, _bundle_of_list)
    if shell.Completer is not None:
        shell.Completer.use_jedi = False
    if kinds:
        from IPython.utils.generics import complete_object

        for one in kinds:
            complete_object.register(one, _listed_by_itself)


def _listed_by_itself(offered: object, names: list[str]) -> list[str]:
    del names
    return dir(offered)


def _bundle_of_list(listed: Any, include: Any = None, exclude: Any = None) -> Any:
    del include, exclude
    if not listed or not all(isinstance(one, Shape) for one in listed):
        return None
    return _presenter().bundle(listed if isinstance(listed, Rows) else Rows(listed))


def _presenter() -> Presenter:
    made: Presenter = _presenters[0]()
    return made


def _lines(rows: tuple[Any, ...]) -> str:
    return "[" + ",\n ".join(map(repr, rows)) + "]"


def _is_blank(value: Any) -> bool:
    return isinstance(value, str | tuple) and not value


def _short(value: Any) -> str:
    """A field as it stands in a cell's text: numbers to four digits, tables by their size."""
    if isinstance(value, bool | int | str) or value is None:
        return repr(value)
    if isinstance(value, float):
        return f"{value:.4g}"
    if hasattr(value, "shape"):
        return f"<{' × '.join(map(str, value.shape))} {type(value).__name__}>"
    if isinstance(value, Mapping) and len(value) > _LISTED:
        return f"<{len(value)} entries>"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key!r}: {_short(one)}" for key, one in value.items()) + "}"
    if isinstance(value, tuple):
        shown = ", ".join(map(_short, value[:_LISTED]))
        return f"({shown}, … {len(value)} in all)" if len(value) > _LISTED else f"({shown})"
    return repr(value)
