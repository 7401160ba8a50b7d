"""The project file's model: one class per block of ``project.yaml``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, model_validator

from evalkit.project.official import Download

LanguageCode = Literal["sv", "en"]
FormatName = Literal["html", "pdf", "docx", "xlsx"]
Share = Annotated[float, Field(gt=0, lt=1)]
Identifier = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
ExitClass = Literal[
    "employment",
    "studies",
    "municipal_employment",
    "referred_back",
    "health_or_leave",
    "moved_or_deceased",
    "dropout",
    "unknown",
]
Chapter = Literal[
    "data_quality",
    "participants",
    "time_to_employment",
    "before_after",
    "targets_and_claims",
    "trend_against_reference",
    "costs",
    "esf_indicators",
]
FollowUpStatus = Literal[
    "employment",
    "municipal_employment",
    "studies",
    "programme",
    "unemployed",
    "long_term_unemployed",
    "inactive",
    "sick",
    "parental_leave",
    "qualification",
    "improved",
    "unknown",
]
CodeListName = Literal["esf_2014_2020", "esf_plus_2021_2027"]
RegionCategory = Literal["less_developed", "transition", "more_developed"]
Warning_ = Literal[
    "rate_without_n",
    "share_of_exits",
    "interim_share",
    "mean_of_completers",
    "one_status_date",
    "work_and_study_pooled",
    "municipal_jobs_counted",
    "before_after_without_reference",
    "part_year",
    "creaming",
    "no_programme_n",
    "target_set_after",
]


class Block(BaseModel):
    """A block of the project file: unknown keys are refused, values cannot be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LocalText(Block):
    """The same text in both languages."""

    sv: str
    en: str

    def in_language(self, language: LanguageCode) -> str:
        return self.sv if language == "sv" else self.en


def _in_both_languages(given: object) -> object:
    """A plain string is the same in both languages: a name, an abbreviation."""
    return {"sv": given, "en": given} if isinstance(given, str) else given


NameOrText = Annotated[LocalText, BeforeValidator(_in_both_languages)]


class Period(Block):
    start: date
    end: date

    @model_validator(mode="after")
    def _ends_after_start(self) -> Period:
        if self.end < self.start:
            raise ValueError("end is before start")
        return self


class FollowUp(Block):
    """Dated labour-market events of the persons in a register, one row per event.

    The persons are named as in the register it belongs to, so that the two link.

    Attributes:
        file: Path relative to the project file.
        sheet: Excel sheet; may be left out where only one sheet holds anything.
        columns: Header in the file → what it holds, beside the built-in codebook.
        values: Status as written → status, beside the built-in map.
    """

    file: Path
    sheet: str | None = None
    columns: dict[str, Literal["person_id", "event_date", "event_status"]] = {}
    values: dict[str, FollowUpStatus] = {}


class Register(Block):
    """A participant register and how its headers and values are to be read.

    Attributes:
        file: Path relative to the project file.
        sheet: Excel sheet; may be left out where only one sheet holds anything.
        columns: Header in the file → canonical column, beside the built-in codebook. A
            canonical name that the codebook lacks adds a column of the project's own.
        exit_reasons: Exit reason as written → exit class, beside the built-in map.
        values: Canonical column → {value as written → canonical level}.
        levels: Canonical column → {canonical level → text in both languages}.
        titles: Column of the project's own → its heading in both languages.
        follow_up: Where it is recorded what became of the persons afterwards.
    """

    file: Path
    sheet: str | None = None
    columns: dict[str, Identifier] = {}
    exit_reasons: dict[str, ExitClass] = {}
    values: dict[Identifier, dict[str, str]] = {}
    levels: dict[Identifier, dict[str, LocalText]] = {}
    titles: dict[Identifier, LocalText] = {}
    follow_up: FollowUp | None = None


class Outcomes(Block):
    """Which exits count as what.

    Attributes:
        causes: Exit classes of each competing way to leave, the outcome of interest first.
        positive: Exit classes that the project counts as a good result, reported pooled and
            one by one.
        horizons_days: Days at which shares are printed.
    """

    causes: dict[Identifier, tuple[ExitClass, ...]] = {
        "employment": ("employment",),
        "studies": ("studies",),
        "other": (
            "municipal_employment",
            "referred_back",
            "health_or_leave",
            "moved_or_deceased",
            "dropout",
            "unknown",
        ),
    }
    positive: tuple[ExitClass, ...] = ("employment", "studies")
    horizons_days: tuple[int, ...] = (90, 180, 365)

    @model_validator(mode="after")
    def _each_class_once(self) -> Outcomes:
        classes = [name for group in self.causes.values() for name in group]
        if len(classes) != len(set(classes)):
            raise ValueError("an exit class stands under two causes")
        return self


class Counts(Block):
    k: Annotated[int, Field(ge=0)]
    n: Annotated[int, Field(ge=0)]

    @model_validator(mode="after")
    def _k_within_n(self) -> Counts:
        if self.k > self.n:
            raise ValueError("k is larger than n")
        return self


class Percentage(Block):
    """A percentage as published, with the decimals it was published with."""

    value: Annotated[float, Field(ge=0, le=100)]
    decimals: Annotated[int, Field(ge=0, le=3)] = 0
    n: Annotated[int, Field(gt=0)] | None = None
    largest_n: Annotated[int, Field(gt=0)] = 400


class Selection(Block):
    """Persons in the register by date of leaving (or entering) the programme."""

    by: Literal["entry", "exit"] = "exit"
    start: date
    end: date
    where: dict[Identifier, str] = {}


class Cohort(Block):
    """One side of a before/after comparison: exactly one of three sources."""

    label: LocalText
    counts: Counts | None = None
    percentage: Percentage | None = None
    microdata: Selection | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Cohort:
        given = [self.counts, self.percentage, self.microdata]
        if sum(source is not None for source in given) != 1:
            raise ValueError("give exactly one of counts, percentage and microdata")
        return self


class BeforeAfterSpec(Block):
    """A before/after comparison of the share with an outcome.

    Attributes:
        outcome: Exit classes that count, or statuses when ``status_column`` is given.
        status_column: Canonical column with the status at follow-up (``status_90d``);
            the exit class decides when left out.
        reference: What happened elsewhere over the same time, with its source.
    """

    id: Identifier
    title: LocalText
    before: Cohort
    after: Cohort
    outcome: tuple[str, ...] = ("employment", "studies")
    status_column: Identifier | None = None
    reference: LocalText | None = None
    warnings: tuple[Warning_, ...] = ()


class Target(Block):
    """A goal for a share, and of whom the share is taken.

    ``denominator``: all participants, all who have left, or the leavers among ``where``.
    """

    id: Identifier
    title: LocalText
    goal: Share
    outcome: tuple[str, ...] = ("employment", "studies")
    status_column: Identifier | None = None
    denominator: Literal["participants", "exits"] = "participants"
    where: dict[Identifier, str] = {}
    period: Period | None = None
    source: str = ""


class RegisterFigure(Block):
    """What the register itself says about a claim.

    Attributes:
        measure: The share with an outcome, or the mean days of completed enrolments.
        outcome: Exit classes that count in a share.
        denominator: Of whom the share is taken.
        where: Canonical columns and the levels chosen.
    """

    measure: Literal["share", "mean_days"] = "share"
    outcome: tuple[str, ...] = ("employment", "studies")
    denominator: Literal["participants", "exits"] = "exits"
    where: dict[Identifier, str] = {}


class Claim(Block):
    """A published statement and what is missing in it.

    Attributes:
        quote: The statement as published, translated for the other language.
        percentage: The percentage stated, when the statement holds one.
        target: Goal the percentage was compared with.
        register_figure: The figure to set beside the claim, counted in the register.
        warnings: Traps of DOMAIN §5 that the statement walks into.
    """

    id: Identifier
    quote: LocalText
    source: str
    percentage: Percentage | None = None
    target: Share | None = None
    register_figure: RegisterFigure | None = None
    warnings: tuple[Warning_, ...] = ()


class DefinitionBreak(Block):
    """From ``period`` on, the figures of a series are of something else."""

    period: Annotated[str, Field(pattern=r"^\d{4}(-\d{2})?$")]
    text: LocalText


class Series(Block):
    """A series per area: official or, clearly marked, synthetic.

    Columns of the CSV file are named in ``area_column``, ``period_column``, ``value_column``.
    ``period`` is the first and the last period used, before and after the project's own.

    Attributes:
        comparison: Areas without the programme, printed beside and used as its comparison.
        treated: Areas with the programme, where there are several.
        breaks: Changes of definition; values on either side of one are not compared.
        download: From where ``evalkit fetch`` brings the file.
    """

    id: Identifier
    title: LocalText
    file: Path
    unit: LocalText
    source: NameOrText
    is_synthetic: bool = False
    area_column: str = "area"
    period_column: str = "period"
    value_column: str = "value"
    area: str
    reference: str
    comparison: tuple[str, ...] = ()
    period: tuple[str, str]
    goal: float | None = None
    treated: tuple[str, ...] = ()
    breaks: tuple[DefinitionBreak, ...] = ()
    download: Download | None = None


class ReferenceFigure(Block):
    """A published share of those who left within a time."""

    label: LocalText
    start: date
    end: date
    share: Share


class ReferenceShare(Block):
    """A share published for a reference, to set the register's own against in two periods.

    Attributes:
        name: The reference, such as the nation.
        outcome: Exit classes that count, or statuses when ``status_column`` is given.
        source: Where the shares were published, and what is known of them.
    """

    id: Identifier
    title: LocalText
    name: LocalText
    before: ReferenceFigure
    after: ReferenceFigure
    outcome: tuple[str, ...] = ("employment", "studies")
    status_column: Identifier | None = None
    source: LocalText


class Budget(Block):
    amount: Annotated[float, Field(gt=0)]
    currency: Literal["SEK"] = "SEK"
    source: str = ""


class DisclosureProfile(Block):
    """Which figures are withheld; printed in the report.

    ``standard`` withholds counts below 5, ``strict`` below 10, ``rounded`` up to 7 and
    rounds the rest to the nearest 5. On ``sensitive`` columns and measures no figure may say
    that all or none of a group have a level.
    """

    profile: Literal["standard", "strict", "rounded"] = "standard"
    sensitive: tuple[Identifier, ...] = ()


class Indicators(Block):
    """Which common indicators the project reports, and where its participants live.

    Attributes:
        code_list: The programme period's code list; the programme's own when left out.
        region_category: Category of region of the participants.
        regions: Municipality → category, where it differs from ``region_category``.
        follow_up: What the follow-up registers hold. ``changes``: a status lasts until the
            next one is recorded. ``contacts``: a status tells of its own day only, so that
            nobody is taken to be in work after six months who was not asked again.
    """

    code_list: CodeListName | None = None
    region_category: RegionCategory = "more_developed"
    regions: dict[str, RegionCategory] = {}
    follow_up: Literal["changes", "contacts"] = "changes"


class Project(Block):
    """A whole ``project.yaml``. Paths inside are relative to the file it came from."""

    id: Identifier
    title: LocalText
    summary: LocalText
    actors: tuple[str, ...] = ()
    period: Period
    data_cut: date
    funder: str = ""
    programme: Literal["esf_2014_2020", "esf_plus", "finsam", "dua", "other"] = "other"
    is_synthetic: bool = False
    sources: tuple[str, ...] = ()
    registers: tuple[Register, ...] = ()
    outcomes: Outcomes = Outcomes()
    groups: tuple[Identifier, ...] = ("sex",)
    targets: tuple[Target, ...] = ()
    before_after: tuple[BeforeAfterSpec, ...] = ()
    claims: tuple[Claim, ...] = ()
    series: tuple[Series, ...] = ()
    reference_shares: tuple[ReferenceShare, ...] = ()
    budget: Budget | None = None
    indicators: Indicators = Indicators()
    disclosure: DisclosureProfile = DisclosureProfile()
    languages: tuple[LanguageCode, ...] = ("sv", "en")
    formats: tuple[FormatName, ...] = ("html", "pdf", "docx", "xlsx")
    chapters: tuple[Chapter, ...]

    _folder: Path = PrivateAttr(default=Path())

    @model_validator(mode="after")
    def _code_list_for_indicators(self) -> Project:
        if "esf_indicators" in self.chapters and self.code_list is None:
            raise ValueError(
                "the chapter esf_indicators needs indicators: code_list, "
                "or the programme esf_2014_2020 or esf_plus"
            )
        return self

    @property
    def code_list(self) -> CodeListName | None:
        """Code list of the common indicators: the one named, else that of the programme."""
        of_programme: dict[str, CodeListName] = {
            "esf_2014_2020": "esf_2014_2020",
            "esf_plus": "esf_plus_2021_2027",
        }
        return self.indicators.code_list or of_programme.get(self.programme)

    @property
    def folder(self) -> Path:
        """The folder of the project file."""
        return self._folder

    def placed_in(self, folder: Path) -> Project:
        """The same project, with its relative paths anchored in ``folder``."""
        placed = self.model_copy()
        placed._folder = folder  # noqa: SLF001 - a copy of this very class
        return placed
