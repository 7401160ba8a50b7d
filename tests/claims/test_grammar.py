"""Ways of writing that no annotated text holds, each with what the guide says of it."""

from __future__ import annotations

import pytest

from evalkit.reading.reader import read_claims
from evalkit.reading.tokens import language_of

IN_2023 = "Under 2023 deltog 160 personer i Framåt. "

KINDS = [
    ("Arbetslösheten i Sundby är 7,2 procent, medan Norrby ligger på 9,1.", "comparison", (7.2,)),
    ("Sundby har två procent färre arbetslösa än Norrby.", "comparison", (2,)),
    ("Hälften av deltagarna fick jobb, mot målets 45 procent.", "against_target", (50,)),
    ("We promised our funder 90 job starts and delivered 97.", "against_target", (97,)),
    ("340 ungdomar fick sommarjobb. Året innan fick 295 det.", "before_after", (295, 340)),
    ("Vid inskrivningen hade 12 procent av deltagarna jobb, vid utskrivningen 47 procent.",
     "before_after", (12, 47)),
    ("Flickorna var i majoritet, 58 procent.", "composition", (58,)),
    ("Participants were twice as likely to find work as the comparison group.", "comparison", (2,)),
    ("A further 14 went on to study after that.", "count", (14,)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "numbers"), KINDS)
def test_a_claim_is_of_the_first_kind_that_fits(
    text: str, kind: str, numbers: tuple[float, ...]
) -> None:
    told = IN_2023 if language_of(text) == "sv" else "In 2023, 160 people took part. "
    assert (kind, numbers) in [(c.kind, c.numbers) for c in read_claims(told + text).claims]


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        (
            "Bland deltagarna under 25 år fick 39 procent jobb, bland de äldre 28 procent.",
            "comparison",
        ),
        ("I Norr fick 44 procent jobb. I Söder var siffran 52 procent.", "comparison"),
        ("Kursdeltagarna fick jobb i 44 procent av fallen.", "n"),  # who may be the 160
        ("Norr: 41 deltagare, 45 % till jobb.", "denominator"),
    ],
)
def test_in_doubt_nothing_is_called_missing(text: str, missing: str) -> None:
    assert all(missing not in c.missing for c in read_claims(IN_2023 + text).claims)


@pytest.mark.parametrize(
    ("text", "trap"),
    [
        ("58 procent av deltagarna lämnade försörjningsstödet.", "share_of_exits"),
        ("Det går inte att säga om det beror på insatsen.", "causal_wording"),
        ("Kommunala anställningar räknas inte.", "municipal_jobs_counted"),
        ("Av deltagarna fick 41 procent jobb. 29 deltagare som svarade är nöjda.", "small_n"),
    ],
)
def test_what_the_text_does_not_show_is_not_asserted(text: str, trap: str) -> None:
    told = read_claims(f"{IN_2023}44 procent av deltagarna fick jobb. {text}").claims
    assert all(trap not in c.traps for c in told)
