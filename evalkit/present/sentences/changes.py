"""The sentence on an area's change beside its reference's. It states no cause."""

from __future__ import annotations

from evalkit.present.labels import Words
from evalkit.present.sentences.parts import finished
from evalkit.results import AreaChanges, Released


def changes_sentence(
    released: Released[AreaChanges], words: Words, *, unit: str, decimals: int = 2
) -> str:
    """As "Eskilstuna gick från 7,1 till 6,6 mellan 2016 och 2018, en förändring på −0,5 …"."""
    changes = released.result
    number = {"decimals": decimals}
    sentence = words.texts.format(
        "trend.change.sentence",
        area=changes.area.area,
        reference=changes.reference.area,
        unit=unit,
        first=words.numbers.period(changes.first),
        last=words.numbers.period(changes.last),
        first_value=words.numbers.number(changes.area.first_value, **number),
        last_value=words.numbers.number(changes.area.last_value, **number),
        change=words.numbers.number(changes.area.change, **number),
        reference_change=words.numbers.number(changes.reference.change, **number),
        difference=words.numbers.number(changes.against_reference, **number),
    )
    return finished(released, sentence, words)
