"""The sentence on an area's change beside its reference's. It states no cause."""

from __future__ import annotations

from evalkit.present.labels import Words
from evalkit.present.sentences.parts import finished
from evalkit.present.sentences.trends import number
from evalkit.results import AreaChanges, Released


def changes_sentence(
    released: Released[AreaChanges], words: Words, *, unit: str, is_percentage: bool = False
) -> str:
    """As "Eskilstuna gick från 7,1 till 6,6 mellan 2016 och 2018, en förändring på −0,5 …"."""
    changes = released.result
    sentence = words.texts.format(
        "trend.change.sentence",
        area=changes.area.area,
        reference=words.labels.level("area", changes.reference.area),
        unit=unit,
        first=words.numbers.period(changes.first),
        last=words.numbers.period(changes.last),
        first_value=number(changes.area.first_value, words),
        last_value=number(changes.area.last_value, words),
        change=number(changes.area.change, words, is_percentage=is_percentage),
        reference_change=number(changes.reference.change, words, is_percentage=is_percentage),
        difference=number(changes.against_reference, words, is_percentage=is_percentage),
    )
    return finished(released, sentence, words)
