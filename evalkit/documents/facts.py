"""What stands about a project on the front of its report: period, data cut, funder, sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evalkit.language import Texts
from evalkit.present.numbers import Numbers
from evalkit.project import Project
from evalkit.project.base import LocalText


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the front part: what it is called and what stands there."""

    label: str
    values: tuple[str, ...]


def facts_of(project: Project, texts: Texts) -> Iterator[Fact]:
    """The facts that the project file gives, in the order of print."""
    day = Numbers(texts.language).date
    programme = f"document.programme.{project.programme}"
    is_named = programme in texts
    period = f"{day(project.period.start)} – {day(project.period.end)}"
    lines: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("actors", tuple(one.in_language(texts.language) for one in project.actors)),
        ("period", (period,)),
        ("data_cut", (day(project.data_cut),)),
        ("author", _said(project.author, texts)),
        ("contact", _said(project.contact, texts)),
        ("reference", (project.reference,)),
        ("published", (day(project.published) if project.published else "",)),
        ("funder", _said(project.funder, texts)),
        ("programme", (texts[programme],) if is_named else ()),
        ("disclosure", (texts[f"document.disclosure.{project.disclosure.profile}"],)),
        ("sources", tuple(source.in_language(texts.language) for source in project.sources)),
    )
    for name, values in lines:
        if any(values):
            yield Fact(texts[f"document.{name}"], tuple(values))


def _said(text: LocalText | None, texts: Texts) -> tuple[str, ...]:
    return () if text is None else (text.in_language(texts.language),)
