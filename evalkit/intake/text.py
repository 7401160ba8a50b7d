"""Text as it is let in: one Unicode form, no invisible characters, no control characters.

What looks the same to a reader is the same from here on, in headings, values and identities.
"""

from __future__ import annotations

import re
import unicodedata

# A line break or tab inside a cell parts two words; other control characters part nothing.
_BREAKS = re.compile(r"[\t\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
# Hyphens that look like the one of every keyboard; dashes are other signs.
_HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\ufe63\uff0d", "-"))
# As programs write a text that a spreadsheet is to leave as it is.
LEFT_AS_IT_IS = ('="', "'")
_LEFT_AS_IT_IS = re.compile(r"""^(?:="([^"]*)"$|'(?=\d))""")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def clean(text: str) -> str:
    r"""The text in composed form (NFC), trimmed, without what a reader cannot see.

    >>> clean("\u200bA\u030asa\x07 ")
    'Åsa'
    """
    if text.startswith(LEFT_AS_IT_IS):
        text = _LEFT_AS_IT_IS.sub(r"\1", text, count=1)
    if text.isascii() and text.isprintable():
        return text.strip()
    parted = unicodedata.normalize("NFC", _BREAKS.sub(" ", text)).translate(_HYPHENS)
    if not parted.isprintable():
        parted = "".join(c for c in parted if unicodedata.category(c) not in _UNSEEN)
    return parted.strip()
