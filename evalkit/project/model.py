"""The project file's model: one class per block of ``project.yaml``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field, PrivateAttr, WithJsonSchema, model_validator

from evalkit.project.base import Block, Identifier, LocalText, NameOrText, Period, Share
from evalkit.project.casemix import MissingAssumption
from evalkit.project.comparisons import Comparison
from evalkit.project.official import Download
from evalkit.project.over_time import POSITIVE, ChosenFor, Decisive, Equity, least_favourable
from evalkit.project.problems import Broken
from evalkit.project.questions import BeforeAfterSpec, Claim, Sites, Target
from evalkit.project.registers import FollowUp, Outcomes, Register
from evalkit.project.society import SocietySpec
from evalkit.project.vocabulary import (
    OWN_NAME,
    Chapter,
    CodeListName,
    FormatName,
    LanguageCode,
    RegionCategory,
    is_own,
)

# A chapter of evalkit's, or the name of a notebook of the evaluator's own.
ChapterName = Annotated[
    str,
    Field(pattern=OWN_NAME),
    WithJsonSchema(
        {"anyOf": [{"enum": [*get_args(Chapter)]}, {"type": "string", "pattern": OWN_NAME}]}
    ),
]


class DefinitionBreak(Block):
    """From ``period`` on, the figures of a series are of something else."""

    period: Annotated[str, Field(pattern=r"^\d{4}(-\d{2})?$")]
    text: LocalText


class Series(Block):
    """A series per area: official or, clearly marked, synthetic.

    Columns of the CSV file are named in ``area_column``, ``period_column``, ``value_column``.
    ``period`` is the first and the last period used, before and after the project's own.

    Attributes:
        is_percentage: Whether values are percentages, so that changes are percentage points.
        comparison: Areas without the programme, printed beside and used as its comparison.
        bad_year_areas: Areas of like size that an area after its bad year is judged by, where they
            are others than ``comparison``.
        goal, goal_at: A level that is aimed at, and when it is to be reached.
        treated: Areas with the programme, where there are several.
        breaks: Changes of definition; values on either side of one are not compared.
        download: From where ``evalkit fetch`` brings the file.
        chosen_for: Why the area was chosen: for its worst year, at random, or with the result in
            view, which no method mends.
        start_chosen_for: The same of the year of the start.
        alike_within: Largest difference before the start that counts as alike, in the unit.
        is_share_without_n: Whether values are shares of numbers that are not published: only
            areas of like size, by ``sizes``, are then compared after a bad year.
        sizes: Area → population or enrolled; areas of unlike size are not judged by each other.
        n_column: Column with how many persons each yearly share is of, where that is published: a
            bad year is then judged by how much of it chance makes.
    """

    id: Identifier
    title: LocalText
    file: Path
    unit: LocalText
    source: NameOrText
    is_synthetic: bool = False
    is_percentage: bool = False
    area_column: str = "area"
    period_column: str = "period"
    value_column: str = "value"
    n_column: str = ""
    area: str
    reference: str
    comparison: tuple[str, ...] = ()
    bad_year_areas: tuple[str, ...] = ()
    period: tuple[str, str]
    goal: float | None = None
    goal_at: str = ""
    treated: tuple[str, ...] = ()
    breaks: tuple[DefinitionBreak, ...] = ()
    download: Download | None = None
    chosen_for: ChosenFor = "unknown"
    start_chosen_for: ChosenFor = "unknown"
    alike_within: Annotated[float, Field(gt=0)] | None = None
    is_share_without_n: bool = False
    sizes: dict[str, Annotated[float, Field(gt=0)]] = {}

    @property
    def areas(self) -> tuple[str, ...]:
        """Every area that something is said of or that another is compared with."""
        return (self.area, self.reference, *self.treated, *self.comparison, *self.bad_year_areas)

    @property
    def choice(self) -> ChosenFor:
        """Why area and start were chosen: the reason that forbids most."""
        return least_favourable(self.chosen_for, self.start_chosen_for)


class ReferenceFigure(Block):
    """A published share of those who left within a time.

    ``n`` is of how many persons, where that is published; without it the share counts as known.
    """

    label: LocalText
    start: date
    end: date
    share: Share
    n: Annotated[int, Field(gt=0)] | None = None


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
    source: NameOrText


class Budget(Block):
    """What the programme was given. ``is_made_up``: said wherever the amount stands."""

    amount: Annotated[float, Field(gt=0)]
    currency: Literal["SEK"] = "SEK"
    is_made_up: bool = False
    source: NameOrText | None = None


class DisclosureProfile(Block):
    """Which figures are withheld; printed in the report.

    ``standard`` withholds counts below 5, ``strict`` below 10. On ``sensitive``
    columns and measures no figure may say that all or none of a group have a level.
    """

    profile: Literal["standard", "strict"] = "standard"
    sensitive: tuple[Identifier, ...] = ()


class Indicators(Block):
    """Which common indicators the project reports, and where its participants live.

    Attributes:
        code_list: The programme period's code list; the programme's own when left out.
        region_category: Category of region of the participants.
        regions: Municipality → category, where it differs from ``region_category``.
        follow_up: What the follow-up registers hold; as they say when left out. ``changes``: a
            status lasts until the next one is recorded. ``contacts``: it tells of its own day
            only, so that nobody is taken to be in work after six months who was not asked again.
        missing: What is assumed of those not followed up, beside the extremes.
    """

    code_list: CodeListName | None = None
    region_category: RegionCategory = "more_developed"
    regions: dict[str, RegionCategory] = {}
    follow_up: Literal["changes", "contacts"] | None = None
    missing: MissingAssumption | None = None


def is_file_name(text: str) -> bool:
    """Whether a text names a Markdown file and is not itself the text."""
    return text.strip().endswith(".md") and "\n" not in text.strip()


class Project(Block):
    """A whole ``project.yaml``. Paths inside are relative to the file it came from.

    Attributes:
        docx_template: A Word file whose styles, page and header the Word report takes.
        logo: A PNG or JPEG for the front of the report.
        question: What the report is to answer, as the commissioner asked it.
        author: Who wrote it; ``contact``, whom to ask; ``reference``, its number in the
            records; ``published``, the day it was published.
        conclusions: The evaluator's own, as text or as the name of a Markdown file beside the
            project file; ``recommendations`` likewise.
        chapters: Those of evalkit's, and own notebooks by name (`own_chapters`).
        comments: Chapter → the evaluator's own comment on it, likewise.
    """

    id: Identifier
    title: LocalText
    summary: LocalText
    actors: tuple[NameOrText, ...] = ()
    period: Period
    data_cut: date
    funder: NameOrText | None = None
    programme: Literal["esf_2014_2020", "esf_plus", "finsam", "dua", "other"] = "other"
    is_synthetic: bool = False
    sources: tuple[NameOrText, ...] = ()
    registers: tuple[Register, ...] = ()
    outcomes: Outcomes = Outcomes()
    groups: tuple[Identifier, ...] = ("sex",)
    targets: tuple[Target, ...] = ()
    before_after: tuple[BeforeAfterSpec, ...] = ()
    claims: tuple[Claim, ...] = ()
    sites: tuple[Sites, ...] = ()
    series: tuple[Series, ...] = ()
    reference_shares: tuple[ReferenceShare, ...] = ()
    comparison: Comparison | None = None
    budget: Budget | None = None
    indicators: Indicators = Indicators()
    decisive: Decisive = Decisive()
    equity: Equity | None = None
    society: SocietySpec | None = None
    disclosure: DisclosureProfile = DisclosureProfile()
    languages: tuple[LanguageCode, ...] = ("sv", "en")
    formats: tuple[FormatName, ...] = ("html", "pdf", "docx", "xlsx")
    chapters: tuple[ChapterName, ...]
    docx_template: Path | None = None
    logo: Path | None = None
    question: LocalText | None = None
    author: NameOrText | None = None
    contact: NameOrText | None = None
    reference: str = ""
    published: date | None = None
    conclusions: LocalText | None = None
    recommendations: LocalText | None = None
    comments: dict[ChapterName, LocalText] = {}

    _folder: Path = PrivateAttr(default=Path())

    @model_validator(mode="after")
    def _code_list_for_indicators(self) -> Project:
        if "esf_indicators" in self.chapters and self.code_list is None:
            raise Broken("esf_code_list")
        return self

    @model_validator(mode="after")
    def _follow_up_after_leaving(self) -> Project:
        if "after_leaving" in self.chapters and not any(one.follow_up for one in self.registers):
            raise Broken("after_leaving_follow_up")
        return self

    @model_validator(mode="after")
    def _prices_of_society(self) -> Project:
        if "society" in self.chapters and self.society is None:
            raise Broken("society_chapter")
        if "society" in self.chapters and not any(one.follow_up for one in self.registers):
            raise Broken("society_follow_up")
        return self

    @model_validator(mode="after")
    def _equity_is_shown(self) -> Project:
        if self.equity is not None and "esf_indicators" not in self.chapters:
            raise Broken("equity_chapter")
        return self

    @model_validator(mode="after")
    def _group_to_compare_with(self) -> Project:
        if "comparison_group" in self.chapters and self.comparison is None:
            raise Broken("comparison_chapter")
        if self.comparison is not None and not self.registers:
            raise Broken("comparison_register")
        return self

    @model_validator(mode="after")
    def _claims_tested_by_what_is_there(self) -> Project:
        there = {
            "target": {one.id for one in self.targets},
            "before_after": {one.id for one in self.before_after},
            "series": {one.id for one in self.series if one.is_percentage},
        }
        for claim in self.claims:
            for kind, ids in there.items():
                chosen = getattr(claim.tested_by, kind, None)
                if chosen is not None and chosen not in ids:
                    raise Broken("tested_by_nothing", claim=claim.id, kind=kind, named=str(chosen))
        return self

    @model_validator(mode="after")
    def _judged_gap_is_of_a_result(self) -> Project:
        named = self.equity.verdict if self.equity else None
        if named not in (None, POSITIVE, *(one.id for one in self.targets)):
            raise Broken("equity_of_nothing", named=str(named))
        return self

    @property
    def own_chapters(self) -> tuple[str, ...]:
        """Chapters that are notebooks of the evaluator's own."""
        return tuple(filter(is_own, self.chapters))

    @property
    def own_words(self) -> dict[str, LocalText]:
        """What the evaluator has written, by where it stands."""
        named = {"conclusions": self.conclusions, "recommendations": self.recommendations}
        own = {name: text for name, text in named.items() if text is not None}
        return own | {f"comments.{name}": text for name, text in self.comments.items()}

    @property
    def own_files(self) -> tuple[Path, ...]:
        """The Markdown files that the evaluator's own words stand in."""
        texts = (text for own in self.own_words.values() for text in (own.sv, own.en))
        return tuple(dict.fromkeys(Path(text.strip()) for text in texts if is_file_name(text)))

    def own_text(self, text: LocalText, language: LanguageCode) -> str:
        """The evaluator's own words in a language: as written, or read from their file."""
        written = text.in_language(language)
        if not is_file_name(written):
            return written
        return (self.folder / written.strip()).read_text(encoding="utf-8-sig")

    @property
    def code_list(self) -> CodeListName | None:
        """Code list of the common indicators: the one named, else that of the programme."""
        of_programme: dict[str, CodeListName] = {
            "esf_2014_2020": "esf_2014_2020",
            "esf_plus": "esf_plus_2021_2027",
        }
        return self.indicators.code_list or of_programme.get(self.programme)

    @property
    def follow_up(self) -> FollowUp | None:
        """How persons are followed: as in the first register of contacts, where any is."""
        specs = [one.follow_up for one in self.registers if one.follow_up is not None]
        careful = next((one for one in specs if one.kind == "contacts"), None)
        return careful or next(iter(specs), None)

    @property
    def folder(self) -> Path:
        """The folder of the project file."""
        return self._folder

    def placed_in(self, folder: Path) -> Project:
        """The same project, with its relative paths anchored in ``folder``."""
        placed = self.model_copy()
        placed._folder = folder  # noqa: SLF001 - a copy of this very class
        return placed
