"""Memory that typst holds after a document, given back, so that a thousand reports weigh no
more than one.
"""

from __future__ import annotations

import ctypes
from contextlib import suppress
from functools import cache
from typing import Any

# typst forgets what the last ten compilations did not use (`comemo::evict(10)`); a report
# is some 50 MB of it, and no other report uses it.
_COMPILATIONS = 11
_EMPTY_PAGE = b"#set page(width: 1pt, height: 1pt)\n"


def give_back_memory() -> None:
    """Have typst forget the documents it has compiled, and the system take the room again."""
    import typst

    for _ in range(_COMPILATIONS):
        typst.compile(_EMPTY_PAGE, format="svg", font_paths=_no_fonts())
    with suppress(OSError, AttributeError):  # glibc alone keeps freed memory to itself
        ctypes.CDLL(None).malloc_trim(0)


@cache
def _no_fonts() -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)
