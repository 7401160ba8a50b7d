"""What every section shares: what it asks, blocks in order, and words for what is missing.

A section is a pair: asks, made beside the register, and a function that shows the released
answers in one language. Called on a study, it answers as the study's purpose says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from evalkit.chapters.report import NotAsked, Report
from evalkit.present.blocks import PLACEHOLDER_MIME_TYPE, Block, Box, Paragraph, Section
from evalkit.present.labels import Words
from evalkit.present.sentences import not_computed_sentence, warnings_box
from evalkit.results import CannotBeComputed
from evalkit.shape import in_words

if TYPE_CHECKING:
    from evalkit.answers.asking import Asking
    from evalkit.answers.study import Study

# What asks of a study loads the statistics; the page of many projects shows sections without it.
Blocks = Iterator[Block]
HEADLINES = "headlines"


class Opened(Protocol):
    """What a section is made of: a report, or a portfolio of many."""

    @property
    def words(self) -> Words: ...


S = TypeVar("S", bound=Opened)


@dataclass(frozen=True, slots=True)
class Placeholder:
    """Stands in a chapter for a section until its answers are released; holds no figure."""

    section: str

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {PLACEHOLDER_MIME_TYPE: {"section": self.section}}


@dataclass(frozen=True)
class AskedSection:
    """A section that asks first and shows afterwards.

    Attributes:
        name: Chapter and section, as in ``participants.outcomes``.
        asks: What is asked of a study.
        blocks_of: The blocks, of released answers.
    """

    name: str
    asks: Asking
    blocks_of: Callable[[Report], Blocks]

    def __call__(self, study: Study) -> Section | Placeholder:
        """The section as the study's purpose says: shown, or asked and left open."""
        from evalkit.answers.asking import collected

        if study.purpose == "ask":
            study.ask(collected(study, self.name, self.asks))
            return Placeholder(self.name)
        if study.purpose == "release":
            return self.show(released_report(study))
        return self.show(explored_report(study, self.name, self.asks))

    def show(self, report: Report) -> Section:
        """The blocks of released answers; what cannot be computed ends them with a sentence."""
        blocks = tuple(until_not_computable(report, self._blocks(report)))
        return in_words(Section(blocks, is_internal=report.is_internal), report.words)

    def _blocks(self, report: Report) -> Blocks:
        try:
            yield from self.blocks_of(report)
        except NotAsked:
            stopped = f"{self.name}.stopped"
            if stopped not in report:
                raise
            # Asking ended early; what was asked before is shown, then the reason.
            report.of(stopped, object)


def asks(asked: Asking) -> Callable[[Callable[[Report], Blocks]], AskedSection]:
    """A section from what it asks and a generator of its blocks."""

    def made(blocks_of: Callable[[Report], Blocks]) -> AskedSection:
        chapter = blocks_of.__module__.rsplit(".", 1)[-1]
        return AskedSection(f"{chapter}.{blocks_of.__name__}", asked, blocks_of)

    return made


def show(name: str, report: Report) -> Any:
    """The section of that name, or the headlines, of released answers.

    Raises:
        AttributeError, ImportError: For a name that is no section's.
    """
    if name == HEADLINES:
        if name not in report.shown:
            report.shown[name] = import_module("evalkit.chapters.key_figures").show(report)
        return report.shown[name]
    if name.startswith("own."):  # an own notebook's
        return import_module("evalkit.chapters.own").show(name, report)
    chapter, _, section_name = name.partition(".")
    return getattr(import_module(f"evalkit.chapters.{chapter}"), section_name).show(report)


def explored_report(study: Study, name: str, asked: Asking) -> Report:
    """The exact answers to what one section asks, marked internal."""
    from evalkit.answers.asking import collected
    from evalkit.answers.store import answered

    store = answered(study, collected(study, name, asked))
    return Report(study.project, study.words, store, is_internal=True)


def asked_of(study: Study) -> Iterable[Any]:
    """What every section of the project's chapters asks."""
    from evalkit.answers.asking import collected
    from evalkit.answers.headlines import headlines

    for chapter in study.project.chapters:
        if chapter in study.project.own_chapters:
            continue
        module = import_module(f"evalkit.chapters.{chapter}")
        for one in vars(module).values():
            if isinstance(one, AskedSection) and one.name.startswith(f"{chapter}."):
                yield from collected(study, one.name, one.asks)
    yield from collected(study, HEADLINES, headlines)


def released_report(study: Study) -> Report:
    """The whole project as it would be published, judged once per study."""
    from evalkit.answers.store import answered, from_json, to_json

    store = study.released
    if store is None:
        # Through the form that is kept, so that nothing is shown which is not kept.
        store = from_json(to_json(answered(study, asked_of(study))))
        study.keep(store)
    return Report(study.project, study.words, store)


def section(blocks_of: Callable[[S], Blocks]) -> Callable[[S], Section]:
    """A section function from a generator of blocks.

    What cannot be computed ends the section with a sentence that says why, so that the
    reader meets words where a figure does not exist.
    """

    @wraps(blocks_of)
    def made(study: S) -> Section:
        blocks = tuple(until_not_computable(study, blocks_of(study)))
        is_internal = getattr(study, "purpose", "release") == "explore"
        return in_words(Section(blocks, is_internal=is_internal), study.words)

    return made


def until_not_computable(report: Opened, blocks: Blocks, *, title: str = "") -> Blocks:
    """The blocks, and instead of the first that does not exist the reason why, with its name."""
    try:
        yield from blocks
    except CannotBeComputed as error:
        yield Paragraph(not_computed_sentence(error, report.words, title=title))


def say_box(report: Opened, *, can: list[str], cannot: list[str]) -> Blocks:
    """The two boxes that end a chapter: what can and what cannot be said."""
    if can:
        yield Box("can_say", report.words.say("box.can_say"), tuple(can))
    yield Box("cannot_say", report.words.say("box.cannot_say"), tuple(cannot))


def warnings(
    report: Opened, names: Sequence[str], *, told: dict[str, str] | None = None, under: str = ""
) -> Blocks:
    """One box with every trap of reading that applies; none when there is none.

    Args:
        report: What is open.
        names: The traps.
        told: Those that the section has explained, and under which heading; added to.
        under: The heading that this box stands under.
    """
    if names:
        yield warnings_box(names, report.words, told=told)
    if told is not None:
        told |= {name: told.get(name, under) for name in names}
