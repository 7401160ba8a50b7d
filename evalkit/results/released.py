"""What has passed the disclosure door."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Released(Generic[T_co]):
    """A result that has passed the disclosure door. Made only by ``disclosure.release_all``.

    ``notes`` are text keys (``disclosure.<note>``) of what a reader should know of how the
    figures were protected.
    """

    result: T_co
    withheld: int
    rule: str
    is_internal: bool = field(default=False, kw_only=True)
    notes: tuple[str, ...] = field(default=(), kw_only=True)
