"""The first page: the question, the answer, how sure it is, what it means, the next step.

Made of released answers. It is one A4 page of at most `WORDS` words: what has no room there
stands in the chapters, and on the second page of the brief.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from evalkit.chapters.claim_verdicts import verdicts_table
from evalkit.chapters.first_answer import main_answer, written
from evalkit.chapters.first_findings import findings, next_steps
from evalkit.chapters.first_participants import answer_of_participants
from evalkit.chapters.report import Report
from evalkit.chapters.section import Blocks
from evalkit.present.blocks import Block, Bullets, Heading, Paragraph, words_of
from evalkit.results import TargetVerdict

CLAIM_ROWS = 5
FINDINGS = 4
WORDS = 220
# The page's own heading, the notice that persons are made up, and the heading before findings.
AROUND = 13
CLAIMS = "first-claims"
PART = 2


def first_page(report: Report) -> Blocks:
    """The five parts; nothing at all where no question of the project has an answer."""
    main = main_answer(report) or answer_of_participants(report)
    if main is None:
        return
    question = main.question
    if report.project.question is not None:
        question = report.project.question.in_language(report.language)
    targets = [report.result(f"target.{one.id}", TargetVerdict) for one in report.project.targets]
    if targets and not any(targets):
        main = replace(main, answer=f"{written(report, 'answer.no_target')} {main.answer}")
    pictures = [replace(main.picture, notes=())] if main.picture is not None else []
    told, steps = list(findings(report))[:FINDINGS], list(next_steps(report))
    before: list[Block] = [
        *_part(report, "question", [Paragraph(question)]),
        *_part(report, "answer", [Paragraph(main.answer), *pictures]),
        *_part(report, "sure", [Paragraph(main.sure)] if main.sure else []),
    ]
    after = list(_part(report, "next", [Bullets(tuple(steps))] if steps else []))
    yield from before
    title = Heading(1, report.project.title.in_language(report.language))
    room = WORDS - AROUND - words_of([title, *before, *after])
    yield from _part(report, "meaning", list(_meaning(report, told, room)))
    yield from after


def _part(report: Report, name: str, blocks: Sequence[Block]) -> Blocks:
    if blocks:
        yield Heading(PART, written(report, name))
        yield from blocks


def _meaning(report: Report, told: list[str], room: int) -> Iterator[Block]:
    """The main findings that a test carries, then the claims, as many as there is room for."""
    made: list[Block] = []
    for n_told, n_claims in _lengths(len(told), min(CLAIM_ROWS, len(report.project.claims))):
        table = verdicts_table(
            report, report.project.claims[:n_claims], is_short=True, table_id=CLAIMS
        )
        made = [Bullets(tuple(told[:n_told]))] if n_told else []
        made += [table] if table.rows else []
        if words_of(made) <= room:
            break
    yield from made


def _lengths(n_told: int, n_claims: int) -> Iterator[tuple[int, int]]:
    """From all findings and claims to one of each: the last claims go before the findings."""
    yield n_told, n_claims
    while n_claims > 3 or (n_claims > 1 and n_told <= 1):
        n_claims -= 1
        yield n_told, n_claims
    while n_told > 1:
        n_told -= 1
        yield n_told, n_claims
    while n_claims > 1:
        n_claims -= 1
        yield n_told, n_claims
