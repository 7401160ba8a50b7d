"""Shapes of what points at a person. 19121212-1212 is one of Skatteverket's test numbers."""

from __future__ import annotations

import pytest

from evalkit.forms import holds_identity_shape, pointing_form


@pytest.mark.parametrize(
    "text",
    [
        "121212 - 1212", "121212  1212", "121212\t1212", "121212\n1212", "19121212/1212",
        "1912.12.12-1212", "1912-12-12 1212", "nr191212121212", "pnr:19121212-1212x",
        "１９１２１２１２－１２１２", "121212,1212", "19121212;1212", "19121212\u241f1212",
        "19121212,TF29", "121212/T123", "121212_1212", "Ring 197802022389 först", "780202-2389",
        "19121212 TF29", "19121212-TF29", "19121212-T123", "19121212T123", "191212121212.0",
        "Maja Lundqvist 121212 - 1212.csv", "1912\u00ad1212\u00ad1212",
    ],
)  # fmt: skip
def test_an_identity_number_is_read_in_any_shape(text):
    assert holds_identity_shape(text)
    assert pointing_form(text) == "identity_number"


@pytest.mark.parametrize(
    "text",
    ["191212121213", "19129912-1212", "2018-02-05 – 2019-03-04", "267 av 1 004", "20180205",
     "0,5540540540540541", "12 12 12", "Dnr 2018/123456", "2023-12-31", "SFS 2018:1197"],
)  # fmt: skip
def test_other_numbers_are_not(text):
    assert not holds_identity_shape(text)
    assert pointing_form(text) is None


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("tel 070-174 06 05", "telephone"),
        ("+46 70 174 06 05", "telephone"),
        ("0701740605", "telephone"),
        ("Ring 08-465 004 00", "telephone"),
        ("maja.lundqvist@example.se", "email"),
        ("Anna Svensson, Storgatan 1", "address"),
        ("Ekvägen 3 B", "address"),
        ("storgatan 5", "address"),
        ("Björkv. 12 B", "address"),
        ("Storg.5", "address"),
        ("Lilla Torg 3", "address"),
        ("S:t Olofs väg 3", "address"),
        ("Stureplan 4", "address"),
        ("Delplan 2", None),
        ("Steg 2", None),
        ("Hus 3", None),
        ("Grupp 10", None),
        ("Handlingsplan 3", None),
        ("Väg 2", None),
        ("Plan 3", None),
        ("Jobbtorg 2", None),
        ("Rätt väg 2", None),
        ("Utväg 1", None),
        ("Omg. 2", None),
        ("Avd. 3", None),
        ("Niv. 2", None),
        ("Sjöbo", None),
        ("Vägen till arbete", None),
        ("Arbetsplan", None),
        ("0411-avdelningen", None),
    ],
)
def test_contact_details_are_known_by_their_form(text, form):
    assert pointing_form(text) == form
