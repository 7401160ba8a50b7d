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
    ("Förra året fick 128 personer jobb. I år blev det 154.", "before_after", (128, 154)),
    ("År 2021 låg medeltiden i insatsen på 11 månader. I fjol hade den sjunkit till 8 månader.",
     "before_after", (11, 8)),
    ("I mars 2022 hade 640 hushåll försörjningsstöd. Ett år senare var de 571.",
     "before_after", (640, 571)),
    ("Andelen i jobb var 48 procent 2023. Året dessförinnan var den 41.", "before_after", (41, 48)),
    ("Då projektet startade var 18 procent i arbete. I dag är 42 procent det.",
     "before_after", (18, 42)),
    ("Two years ago 28 per cent of leavers found work. By 2023 that had grown to 39 per cent.",
     "before_after", (28, 39)),
    ("Last year 112 young people completed the course; this year 138 did.",
     "before_after", (112, 138)),
    ("Förra året fick 60 procent av kvinnorna jobb. I år fick 41 procent av männen jobb.",
     "share", (60,)),
    ("Kostnaden per deltagare var 41 000 kronor i fjol, mot 46 000 kronor året innan.",
     "cost", (41_000,)),
    ("Projektet nådde målet: 52 procent till arbete mot målsatta 50.", "against_target", (52,)),
    ("Av de 140 deltagarna är 84 födda utomlands.", "composition", (84,)),
    ("I januari var 8,4 procent av deltagarna sjuka. I december hade andelen sjunkit till 7,1.",
     "before_after", (8.4, 7.1)),
    ("Deltagarna stannar numera sju månader i snitt. För två år sedan var det nio.",
     "before_after", (9, 7)),
    ("2022 gick 44 procent av deltagarna till jobb, 2023 var det 51.", "before_after", (44, 51)),
    ("Back in 2021 only 80 people found work. By 2023 the figure had reached 112.",
     "before_after", (80, 112)),
    ("Up to 200 people are expected to take part next year.", "target", (200,)),
    ("Nästa år vill vi ge plats åt 90 personer.", "target", (90,)),
    ("Vad kostar det? Kommunens egen del var 2 450 tkr.", "cost", (2_450_000,)),
    ("Så får man nästan tre kronor tillbaka för varje krona.", "cost", (3,)),
    ("Till kursen antogs 98 personer. Hela vägen till examen gick 64.", "count", (64,)),
    ("412 hushåll fick bistånd. Minskningen, 43 hushåll, motsvarar nio procent.", "change", (9,)),
    ("In 2023, nineteen of the 44 women and 23 of the 39 men found work.", "share", (19,)),
    ("Vid årets slut 2022 hade 31 procent arbete. Ett år senare gällde det 44 procent.",
     "before_after", (31, 44)),
    ("2021 fick 38 procent av deltagarna jobb, medan fjolåret slutade på 57.",
     "before_after", (38, 57)),
    ("Andelen som går till arbete: 2022 29 procent, 2023 41 procent.", "before_after", (29, 41)),
    ("När vi började kom var femte deltagare i arbete. Nu är det var tredje.",
     "before_after", (20, 33.3)),
    ("Where one in five participants once found work, one in three does today.",
     "before_after", (20, 33.3)),
    ("Kötiden har pressats. I mars väntade man 64 dagar, i november 39.",
     "before_after", (64, 39)),
    ("2022 hade vi 140 inskrivna och 2023 fick 61 av dem jobb.", "share", (61,)),
    ("2022 fick 40 procent av kvinnorna jobb. 2023 fick 52 procent av männen det.",
     "share", (52,)),
    ("Under perioden var 264 inskrivna (hela 2022: 351).", "before_after", (351, 264)),
    ("Av de 74 utskrivna gick 33 mot arbete och 11 mot studier.", "share", (33,)),
    ("Nyckeltal\n\n| | 2022 | 2023 |\n| Avslutade | 97 | 121 |\n| Till arbete | 38 | 56 |",
     "before_after", (38, 56)),
    ("Running the programme sets the council back £420,000 a year.", "cost", (420_000,)),
    ("The scheme was asked to enrol 200 and enrolled 174.", "against_target", (174,)),
    ("Av deltagarna gick 52 procent till arbete: 45-procentsmålet är passerat.",
     "against_target", (52,)),
    ("Tiden till jobb var 171 dagar 2022 och 148 dagar 2023. Den är 13 procent kortare.",
     "change", (13,)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "numbers"), KINDS)
def test_a_claim_is_of_the_first_kind_that_fits(
    text: str, kind: str, numbers: tuple[float, ...]
) -> None:
    told = IN_2023 if language_of(text) == "sv" else "In 2023, 160 people took part. "
    assert (kind, numbers) in [(c.kind, c.numbers) for c in read_claims(told + text).claims]


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("83 personer sökte till kursen och 24 antogs. 67 procent av dem fick jobb.", (24,)),
        ("Av 30 som började 2023 fick 12 jobb.", (30,)),
        ("Av deltagarna (n = 25) fick 52 procent jobb 2023.", (25,)),
        (("Av de 92 som avslutades 2022 gick 38 procent till arbete. "
         "Av de 80 som avslutades 2023 gick 45 procent till arbete."), (92, 80)),
        ("Of the 40 women who took part, 45 per cent found jobs; of the 26 men, 50 per cent did.",
         (26,)),
        ("In 2023 the hub worked with 212 people; 97 have left, 44 per cent of them to a job.",
         (97,)),
    ],
)  # fmt: skip
def test_n_is_the_size_of_those_named(text: str, n: tuple[int, ...]) -> None:
    told = [c for c in read_claims(text).claims if c.kind in ("share", "before_after")][-1]
    assert (told.n, told.n_is_sure) == (n, True)
    assert not {"impossible", "contradiction"} & set(told.traps)


@pytest.mark.parametrize(
    ("text", "trap"),
    [
        ("Den sista december var 41 av 75 deltagare i arbete.", "one_status_date"),
        ("När rapporten skrevs hade 41 av 75 deltagare jobb.", "one_status_date"),
        ("In the first half of 2023, 58 people moved into work. In the whole of 2022, 97 did.",
         "part_year"),
        ("Hittills i år har 31 personer fått jobb. Förra året blev det totalt 96.", "part_year"),
        (("The 2021 figure includes voluntary work, the 2023 figure does not. "
         "The share in work rose from 33 to 41 per cent."), "different_definitions"),
        ("Antalet arbetslösa har halverats, från 84 till 42. Nivån i fjol var den högsta på länge.",
         "regression_to_mean"),
        ("Enkäten besvarades av 27 deltagare 2023. 81 procent var nöjda.", "selected_subgroup"),
        ("Participants who found a job did so after 19 weeks on average.", "mean_of_completers"),
        ("Väntetiden var 61 dagar förra hösten, den längsta som uppmätts. Nu är den 38 dagar.",
         "regression_to_mean"),
        ("From a low of 12 per cent in 2020 the share in work rose to 29 per cent in 2023.",
         "regression_to_mean"),
        (("2022 var ett förlorat år: verksamheten stod still i fem månader. "
          "Då fick 14 procent jobb. 2023 var det 33 procent."), "regression_to_mean"),
        (("Andelen i arbete ökade från 34 till 47 procent. Förra året följdes deltagarna upp efter "
          "tre månader, i år efter sex."), "different_definitions"),
        (("52 procent fick jobb, mot 41 procent i länet. Länets siffra avser dock även dem som "
          "avbrutit."), "different_definitions"),
        ("Hittills i år har 52 personer fått jobb. 2023 var det 110.", "part_year"),
        ("By the end of June 52 people had found work, compared with 90 in the whole of last year.",
         "part_year"),
        ("Projektet är inne på sitt andra av tre år. 41 procent av deltagarna har fått arbete.",
         "interim_share"),
        ("With six months left to run, 44 per cent of participants have found work.",
         "interim_share"),
        ("När vi stämde av i maj var 45 procent av deltagarna i jobb.", "one_status_date"),
        ("As the scheme closed its doors, 45 per cent of participants were in work.",
         "one_status_date"),
        ("52 procent av deltagarna gick till arbete. En tredjedel av jobben är beredskapsarbeten.",
         "municipal_jobs_counted"),
        ("46 procent fick jobb, mot 40 procent i länet. Vi ligger alltså 6 procent över länet.",
         "percent_points"),
        ("55 procent av deltagarna fick jobb: 29 av 64.", "contradiction"),
        ("29 av 64 deltagare fick jobb. Andelen i arbete blev 55 procent.", "contradiction"),
    ],
)  # fmt: skip
def test_what_the_text_shows_is_told(text: str, trap: str) -> None:
    assert any(trap in c.traps for c in read_claims(text).claims)


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
        (
            "Andelen ökade från 38 till 46 procent, den högsta nivån på tio år.",
            "regression_to_mean",
        ),
        ("Av 60 deltagare hade 25 arbete vid start och 40 ett år senare.", "small_n"),
        ("58 procent svarade på enkäten.", "selected_subgroup"),
        ("58 procent av avsluten ledde till arbete.", "causal_wording"),
        (
            "Ett halvår senare läste 18 procent av dem en utbildning, mot 17 ett år tidigare.",
            "small_n",
        ),
        (
            "39,1 procent av de coachade fick jobb, av 64 arbetssökande. 70 fick ordinarie stöd.",
            "impossible",
        ),
        ("Av deltagarna fick 41 procent jobb. 29 deltagare som svarade är nöjda.", "small_n"),
        ("Siffrorna gäller dem som skrevs ut 2022 och 2023.", "different_definitions"),
        ("Siffrorna omfattar även dem som avbröt i förtid, båda åren.", "different_definitions"),
        (
            "I länet omfattar arbetskraften 80 000 personer, men här bara 4 000.",
            "different_definitions",
        ),
        ("Utställningen pågår till den 3 maj.", "interim_share"),
        ("I dag presenteras resultatet: 45 procent av deltagarna fick jobb.", "one_status_date"),
        ("Anställningar i kommunen är inte medräknade.", "municipal_jobs_counted"),
        ("Kommunens egna coacher har hjälpt flera av dem.", "municipal_jobs_counted"),
        (
            "2023 var andelen 41 procent, den högsta på tio år, mot 38 procent 2022.",
            "regression_to_mean",
        ),
        ("Våren 2023 fick 44 procent jobb. Våren 2022 var andelen 39 procent.", "part_year"),
        ("29 av 64 fick jobb. Andelen i arbete eller studier var 55 procent.", "contradiction"),
        ("29 av 64 fick jobb. Andelen kvinnor i arbete var 55 procent.", "contradiction"),
    ],
)
def test_what_the_text_does_not_show_is_not_asserted(text: str, trap: str) -> None:
    told = read_claims(f"{IN_2023}44 procent av deltagarna fick jobb. {text}").claims
    assert all(trap not in c.traps for c in told)
