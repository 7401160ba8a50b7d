"""The last look before a file is put in place: no identity number may stand in it.

Whatever way one came there – a sentence, a label, an interpretation typed by hand – the
report is not written, and the number is not repeated.
"""

from __future__ import annotations

import re

from evalkit.intake.identity import luhn_is_right

# Not inside a longer number, a decimal, a checksum or a name.
_CANDIDATE = re.compile(
    r"(?<![\w.,-])(?:18|19|20)?(\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]|[6-8]\d|9[01]))[-+]?(\d{4})"
    r"(?![\w-]|[.,]\d)"
)


def holds_identity_number(content: str) -> bool:
    """Whether a text holds a Swedish personal or coordination number with a right check digit.

    Examples are the test numbers that Skatteverket publishes.

    >>> holds_identity_number("Deltagare 19121212-1212 slutade."), holds_identity_number("267")
    (True, False)
    """
    return any(luhn_is_right(found[1] + found[2]) for found in _CANDIDATE.finditer(content))
