"""What a made-up project can be called, where it can be and who can pay for it.

Municipalities have their real names and codes, so that maps and official series can be set
beside them; no project, person or outcome is real.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evalkit.project.vocabulary import Chapter


@dataclass(frozen=True, slots=True)
class Round:
    """A call for projects: who pays, when its projects start and how long they run.

    ``data_cut`` is set for a round that is still running: an interim evaluation.
    """

    funder: str
    programme: str
    start: date
    months: int
    unit_cost: float
    extra: tuple[Chapter, ...] = ()
    data_cut: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetGroup:
    """A target group: its words, its ages, and how it fares beside the others.

    ``label`` and ``people`` are in Swedish and English. ``lean`` is added to the log odds of
    leaving for work or study, ``pace`` multiplies the time until leaving.
    """

    level: str
    written: str
    label: tuple[str, str]
    people: tuple[str, str]
    ages: tuple[int, int]
    lean: float
    pace: float


ESF, FINSAM, DUA = (
    "Europeiska socialfonden",
    "Samordningsförbundet (Finsam)",
    "Delegationen för unga och nyanlända till arbete (Dua)",
)
ROUNDS = (
    Round(FINSAM, "finsam", date(2017, 1, 1), 24, 38_000, ("costs",)),
    Round(ESF, "esf_2014_2020", date(2016, 2, 1), 30, 62_000, ("esf_indicators",)),
    Round(DUA, "dua", date(2018, 1, 1), 24, 21_000, ("before_after", "sites")),
    Round(ESF, "esf_2014_2020", date(2019, 3, 1), 34, 58_000, ("esf_indicators", "costs")),
    Round("Kommunens egna medel", "other", date(2019, 9, 1), 18, 29_000, ("costs", "sites")),
    Round(FINSAM, "finsam", date(2020, 1, 1), 36, 41_000, ("before_after", "costs")),
    Round(ESF, "esf_plus", date(2023, 3, 1), 36, 71_000, ("esf_indicators",), date(2025, 6, 30)),
    Round(FINSAM, "finsam", date(2024, 1, 1), 24, 44_000, ("costs", "sites"), date(2025, 6, 30)),
)

TARGET_GROUPS = (
    TargetGroup(
        level="newly_arrived",
        written="Nyanländ",
        label=("Nyanlända", "Newly arrived"),
        people=("nyanlända", "newly arrived people"),
        ages=(19, 58),
        lean=0.0,
        pace=1.05,
    ),
    TargetGroup(
        level="young",
        written="Ung 18–29",
        label=("Unga 18–29 år", "Young people aged 18–29"),
        people=("unga", "young people"),
        ages=(18, 29),
        lean=0.35,
        pace=0.8,
    ),
    TargetGroup(
        level="long_term_unemployed",
        written="Långtidsarbetslös",
        label=("Långtidsarbetslösa", "Long-term unemployed"),
        people=("långtidsarbetslösa", "long-term unemployed people"),
        ages=(25, 63),
        lean=-0.15,
        pace=1.1,
    ),
    TargetGroup(
        level="long_term_assistance",
        written="Långvarigt ekonomiskt bistånd",
        label=("Långvarigt ekonomiskt bistånd", "Long-term social assistance"),
        people=("personer med långvarigt ekonomiskt bistånd", "people with long-term assistance"),
        ages=(22, 62),
        lean=-0.3,
        pace=1.2,
    ),
    TargetGroup(
        level="reduced_capacity",
        written="Nedsatt arbetsförmåga",
        label=("Nedsatt arbetsförmåga", "Reduced work capacity"),
        people=("personer med nedsatt arbetsförmåga", "people with reduced work capacity"),
        ages=(21, 64),
        lean=-0.5,
        pace=1.3,
    ),
)

NAMES = (
    ("Vägen vidare", "The Way On"),
    ("Nästa steg", "Next Step"),
    ("Jobbklivet", "The Job Stride"),
    ("Egen kraft", "Own Strength"),
    ("Samstart", "Joint Start"),
    ("Språnget", "The Leap"),
    ("Kompassen", "The Compass"),
    ("Rätt stöd i rätt tid", "The Right Support in Time"),
    ("En väg in", "One Way In"),
    ("Fler i arbete", "More in Work"),
    ("Ny riktning", "New Direction"),
    ("Matchningsverkstan", "The Matching Workshop"),
    ("Ut i arbetslivet", "Out into Working Life"),
    ("Brygga till jobb", "Bridge to Jobs"),
    ("Kliva framåt", "Stepping Forward"),
    ("Kompetensslussen", "The Skills Lock"),
    ("Hela vägen", "All the Way"),
    ("Rustad för jobb", "Ready for Work"),
    ("Lärande på jobbet", "Learning at Work"),
    ("Tillsammans mot arbete", "Together towards Work"),
    ("Första jobbet", "The First Job"),
    ("Arbetsmarknadslotsen", "The Labour Market Pilot"),
    ("Ung framtid", "Young Future"),
    ("Stegvis", "Step by Step"),
    ("Yrkesspåret", "The Trade Track"),
    ("Mot egen försörjning", "Towards Self-Support"),
    ("Drivkraft", "Drive"),
    ("Ljusning", "Brightening"),
    ("Öppna dörrar", "Open Doors"),
    ("Startbanan", "The Runway"),
    ("Jobb nära dig", "Jobs near You"),
    ("Omstart", "A Fresh Start"),
    ("Resurs", "Resource"),
    ("Klarsikt", "Clear View"),
    ("Plattformen", "The Platform"),
    ("Lyftet", "The Lift"),
    ("Vidare i livet", "On in Life"),
)

AREAS: dict[str, dict[str, str]] = {
    "Södertörn": {"0126": "Huddinge", "0127": "Botkyrka", "0136": "Haninge", "0138": "Tyresö"},
    "Södertälje och Nynäshamn": {"0181": "Södertälje", "0192": "Nynäshamn"},
    "Uppsala": {"0380": "Uppsala"},
    "Norra Uppland": {"0360": "Tierp", "0382": "Östhammar", "0381": "Enköping"},
    "Sörmland": {"0480": "Nyköping", "0482": "Flen", "0483": "Katrineholm"},
    "Eskilstuna": {"0484": "Eskilstuna"},
    "Östergötland": {"0580": "Linköping", "0581": "Norrköping", "0583": "Motala"},
    "Höglandet": {"0682": "Nässjö", "0685": "Vetlanda", "0687": "Tranås"},
    "Jönköping": {"0680": "Jönköping"},
    "Kronoberg": {"0780": "Växjö", "0781": "Ljungby", "0765": "Älmhult"},
    "Kalmarsund": {"0880": "Kalmar", "0882": "Oskarshamn"},
    "Norra Småland": {"0883": "Västervik", "0860": "Hultsfred"},
    "Gotland": {"0980": "Gotland"},
    "Blekinge": {"1080": "Karlskrona", "1081": "Ronneby", "1082": "Karlshamn"},
    "Malmö": {"1280": "Malmö"},
    "Nordvästra Skåne": {"1283": "Helsingborg", "1282": "Landskrona"},
    "Nordöstra Skåne": {"1290": "Kristianstad", "1293": "Hässleholm"},
    "Halland": {"1380": "Halmstad", "1382": "Falkenberg", "1383": "Varberg"},
    "Göteborg": {"1480": "Göteborg", "1481": "Mölndal"},
    "Fyrbodal": {"1485": "Uddevalla", "1487": "Vänersborg", "1488": "Trollhättan"},
    "Sjuhärad": {"1490": "Borås", "1491": "Ulricehamn"},
    "Skaraborg": {"1494": "Lidköping", "1496": "Skövde", "1495": "Skara", "1499": "Falköping"},
    "Värmland": {"1780": "Karlstad", "1781": "Kristinehamn", "1784": "Arvika"},
    "Örebro": {"1880": "Örebro", "1881": "Kumla"},
    "Karlskoga": {"1883": "Karlskoga"},
    "Västmanland": {"1980": "Västerås", "1981": "Sala"},
    "Köping och Arboga": {"1983": "Köping", "1984": "Arboga"},
    "Dalarna": {"2080": "Falun", "2081": "Borlänge", "2085": "Ludvika"},
    "Gästrikland": {"2180": "Gävle", "2181": "Sandviken"},
    "Hälsingland": {"2182": "Söderhamn", "2183": "Bollnäs", "2184": "Hudiksvall"},
    "Ådalen": {"2280": "Härnösand", "2282": "Kramfors", "2283": "Sollefteå"},
    "Jämtland": {"2380": "Östersund"},
    "Umeå": {"2480": "Umeå"},
    "Skellefteå": {"2482": "Skellefteå"},
    "Norrbotten": {"2580": "Luleå", "2581": "Piteå", "2582": "Boden"},
}
