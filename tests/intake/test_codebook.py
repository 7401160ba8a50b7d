from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from evalkit.intake.codebook import built_in
from evalkit.intake.grid import coded
from evalkit.intake.levels import column_levels, exit_classes
from evalkit.project.vocabulary import ExitClass

# DOMAIN §3: exit reasons met in Swedish registers and what they count as.
REASONS = {
    "employment": ["arbete", "anställning", "egen försörjning", "nystartsjobb"],
    "studies": ["studier", "utbildning", "komvux", "folkhögskola", "högskola"],
    "municipal_employment": ["kommunal anställning", "OSA", "BEA"],
    "referred_back": ["åter remittent", "åter AF", "program"],
    "health_or_leave": ["sjukdom", "föräldraledighet", "rehabilitering"],
    "moved_or_deceased": ["flytt", "avliden", "pension"],
    "dropout": ["avbrott", "uteblivit", "egen begäran"],
    "unknown": ["okänd"],
}
HEADERS = {
    "person_id": ["Personnummer", "Pnr", "Personnr", "Löpnr", "Deltagar-ID", "Kod"],
    "sex": ["Kön"],
    "birth_date": ["Födelsedatum", "Födelseår"],
    "age": ["Ålder"],
    "municipality": ["Kommun", "Kommunkod"],
    "target_group": ["Målgrupp"],
    "referred_by": ["Remittent", "Anvisande myndighet"],
    "entry": ["Startdatum", "Inskrivningsdatum", "Inskriven", "Anvisad"],
    "exit": ["Slutdatum", "Utskrivningsdatum", "Avslutsdatum"],
    "exit_reason": ["Avslutsorsak", "Avslutningsanledning", "Utskriven till"],
    "status_at_entry": ["Sysselsättning före"],
    "support_before": ["Försörjning före"],
    "support_after": ["Försörjning efter"],
    "unemployed_days": ["Inskrivningstid AF"],
    "education": ["Utbildningsnivå"],
    "hours": ["Timmar"],
    "extent": ["Omfattning %"],
    "subsidy": ["Subventionerad anställning"],
}


@pytest.mark.parametrize("name", HEADERS)
def test_headers_met_in_the_wild_are_recognised(name: str) -> None:
    found = [built_in().canonical(header) for header in HEADERS[name]]
    assert [entry[0] if entry else None for entry in found] == [name] * len(found)


@pytest.mark.parametrize("exit_class", REASONS)
def test_exit_reasons_met_in_the_wild_have_their_class(exit_class: str) -> None:
    levels = exit_classes(coded(np.array(REASONS[exit_class], dtype=object)), built_in())
    assert levels.values.tolist() == [exit_class] * len(REASONS[exit_class])
    assert not levels.unmapped.any()


def test_every_exit_class_of_the_codebook_is_one_of_the_project_model() -> None:
    assert set(built_in().exit_reasons.values()) == set(get_args(ExitClass))


@pytest.mark.parametrize(
    ("column", "kind", "text", "level"),
    [
        ("sex", "sex", "1", "man"), ("sex", "sex", "2", "woman"), ("sex", "sex", "K", "woman"),
        ("sex", "sex", "M", "man"), ("sex", "sex", "Icke-binär", "non_binary"),
        ("sex", "sex", "", "unknown"), ("education", "education", "336", "isced_3_4"),
        ("education", "education", "Grundskola", "isced_0_2"), ("education", "education", "", ""),
        ("education", "education", "Gymnasium 3 år", "isced_3_4"),
        ("education", "education", "Gy", "isced_3_4"),
        ("status_at_entry", "status", "Arbetslös > 12 mån", "long_term_unemployed"),
        ("status_at_entry", "status", "Arbetslös < 12 mån", "unemployed"),
        ("status_at_exit", "status", "Söker jobb", "unemployed"),
        ("status_at_exit", "status", "Jobbar", "employment"),
        ("status_at_exit", "status", "Subventionerad anställning", "employment"),
        ("status_at_exit", "status", "Sjukpenning", "sick"),
        ("status_6m", "status", "Ej anträffad", "unknown"),
        ("municipality", "municipality", "136", "0136"),
        ("municipality", "municipality", "Malmö  stad", "Malmö stad"),
        ("disability", "yes_no", "Ja", "yes"), ("disability", "yes_no", "0", "no"),
        ("referred_by", "category", "AF", "AF"), ("referred_by", "category", "–", ""),
    ],
)  # fmt: skip
def test_values_become_levels(column: str, kind: str, text: str, level: str) -> None:
    found = column_levels(coded(np.array([text], dtype=object)), column, kind, built_in())
    assert found.values.tolist() == [level]
    assert not found.unmapped.any()
