"""What has passed the disclosure door."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from evalkit.shape import Shape

T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Released(Shape, Generic[T_co]):
    """A result that has passed the disclosure door. Made only by ``disclosure.release_all``.

    ``notes`` are text keys (``disclosure.<note>``) of what a reader should know of how the
    figures were protected.
    """

    result: T_co
    withheld: int
    rule: str
    is_internal: bool = field(default=False, kw_only=True)
    notes: tuple[str, ...] = field(default=(), kw_only=True)

    def part(self, result: U) -> Released[U]:
        """A part of this result, or its parts in another order: released with it."""
        return Released(
            result, self.withheld, self.rule, is_internal=self.is_internal, notes=self.notes
        )
