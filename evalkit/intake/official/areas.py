"""Names of areas as services write them: "Trelleborgs kommun" is Trelleborg."""

from __future__ import annotations

from collections.abc import Iterable

_NATION = ("riket", "hela riket", "sverige", "hela landet")
_IRREGULAR = {"falu kommun": "falun", "falu": "falun"}
_ENDINGS = ("", " kommun", "s kommun", " stad", "s stad", " län", "s län")


def area_named(label: str, wanted: Iterable[str]) -> str:
    """The wanted area that a label names, else the label itself.

    The genitive is matched from the wanted name, because it cannot be taken off: Borås kommun
    is Borås and Trelleborgs kommun is Trelleborg. A four-digit code before the name is
    ignored.

    >>> area_named("Trelleborgs kommun", ["Trelleborg"]), area_named("Borås kommun", ["Borås"])
    ('Trelleborg', 'Borås')
    >>> area_named("1287 Trelleborg", ["Trelleborg"]), area_named("Sverige", ["Riket"])
    ('Trelleborg', 'Riket')
    """
    spoken = " ".join(label.split()).casefold()
    code, _, rest = spoken.partition(" ")
    spoken = rest if code.isdigit() and rest else spoken
    spoken = _IRREGULAR.get(spoken, spoken)
    for name in wanted:
        own = name.casefold()
        if spoken in {own + ending for ending in _ENDINGS}:
            return name
        if own in _NATION and spoken in _NATION:
            return name
    return label
