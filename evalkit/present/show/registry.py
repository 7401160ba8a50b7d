"""Which function shows a result of which shape: each says so itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from evalkit.present.blocks import Block

Blocks = Iterator[Block]
Shows = Callable[..., Blocks]
F = TypeVar("F", bound=Shows)
SHOWN: dict[type, Shows] = {}


def shows(*shapes: type) -> Callable[[F], F]:
    """Marks the function that shows results of these shapes."""

    def made(show: F) -> F:
        SHOWN.update(dict.fromkeys(shapes, show))
        return show

    return made
