"""Claims beside the register's own figures: from a project's released answers and nothing else.

What happened in a complete register is a fact and is compared as it is. Where a text may mean
another time or another group than the register counts, the claim is left untested.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evalkit.answers.counts import share_id
from evalkit.documents.files.answers import read_answers
from evalkit.documents.files.names import ANSWERS_FILE
from evalkit.documents.files.paths import NotFound
from evalkit.documents.files.state import Damaged
from evalkit.documents.reading.beside import Beside
from evalkit.documents.reading.claims_block import (
    OUTCOMES,
    claim_line,
    is_of_all_time,
    is_of_another_time,
    is_of_everyone,
    is_since,
)
from evalkit.documents.reading.public_figures import (
    area_figures,
    budget_figure,
    is_of_area,
    is_total,
    own_words,
)
from evalkit.language import Texts
from evalkit.present.numbers import Numbers
from evalkit.project import Claim, Project
from evalkit.reading.compare import Figure, Holds, compare_with_figure
from evalkit.reading.reader import ReadClaim, Reading
from evalkit.results import BeforeAfter, CountTable, Estimate, FlowStep, Released, TargetVerdict
from evalkit.results.claims import ClaimVerdict

Answers = Mapping[str, Released[Any]]
_LEVELS = frozenset({"share", "against_target", "comparison"})
_WORDS: dict[str, Holds] = {
    "holds": "holds", "holds_partly": "partly", "does_not_hold": "not",
    "cannot_be_tested": "untestable",
}  # fmt: skip
_DAYS = {"days": 1.0, "weeks": 7.0, "months": 30.4375, "years": 365.25}
_CLOSE = 1e-6
_ROUNDED = 0.0005 + _CLOSE  # of a share as it is kept
_SEXES = {"women": "woman", "men": "man"}
_SEX_NAMED = re.compile(r"(kvinn|women|female)|män| men|male")
# Of everyone: other verbs ("fick sommarjobb", "läste svenska") tell of some of them.
_TOOK_PART = re.compile(
    r"\b(del(tog|tagit|tar|tagare\w*)|inskriv\w*|skr(evs|ivits) in|tagit del|tog del|varit med|"
    r"började|börjat|påbörja\w*|took part|taken part|participa\w*|enrol\w*|joined|started)\b",
    re.IGNORECASE,
)
_OF_ENROLMENT = ("inskriv", "insats", "program", "projekt", "enrol", "scheme", "stay")
_NOT_OF_ENROLMENT = ("vänte", "kö", "wait", "arbetslös", "unemploy", "till jobb", "to a job")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A released figure in the claim's unit, with the words for it."""

    answer: str
    figure: Figure
    words: str
    is_of_some: bool = False  # of fewer than the text may mean


def released_answers(project: Project, reports: Path) -> Answers:
    """The answers of a project's latest draft or edition.

    Raises:
        NotFound: If there are none; the sentence says which command makes them.
    """
    file = reports / project.id / ANSWERS_FILE
    try:
        return read_answers(file)
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound("no_answers", file=file) from None
    except Damaged:
        raise NotFound("damaged_answers", file=file) from None


def beside_register(
    reading: Reading, project: Project, answers: Answers, *, source: str
) -> tuple[Beside, ...]:
    """Every claim of a text beside the register's own figure, in the text's language."""
    texts = Texts(reading.language)
    return tuple(_beside(claim, project, answers, texts, source) for claim in reading.claims)


def _beside(
    claim: ReadClaim, project: Project, answers: Answers, texts: Texts, source: str
) -> Beside:
    years = project.period.start.year, min(project.period.end, project.data_cut).year
    is_whole = is_of_all_time(claim, years) or is_since(claim, project.period.start)
    is_of_other_time = claim.unit == "persons" and not is_whole
    figures = () if is_of_other_time else _figures(claim, answers, texts)
    found = [*figures, *_public(claim, project, answers, texts)]
    words = ", ".join(one.words for one in found)
    sentence = texts.format("reading.register.says", figures=words) if words else ""
    verdict = _verdict(claim, found)
    if verdict == "holds" and _is_goal_uncertain(claim, project, answers):
        verdict = "partly"
    if verdict != "untestable":
        return Beside(verdict=verdict, sentence=sentence, answer=found[0].answer)
    asked = next((one for one in project.claims if _is_same(claim, one)), None)
    if asked is None:
        return _what_to_add(claim, project, source)
    name = f"claim.{asked.id}.verdict"
    result = _result(answers, name, ClaimVerdict)
    said = _WORDS[result.verdict] if result is not None else "untestable"
    sentence = texts["reading.register.asked"] if result is not None else ""
    return Beside(verdict=said, sentence=sentence, answer=name)


def _public(claim: ReadClaim, project: Project, answers: Answers, texts: Texts) -> Iterator[_Found]:
    """What needs no register: the budget and the areas' official figures."""
    for name, figure, words in area_figures(claim, project, answers, texts):
        yield _Found(answer=name, figure=figure, words=words)
    budget = budget_figure(claim, project, texts)
    if budget is not None:
        yield _Found(answer="budget", figure=budget[0], words=budget[1])


def _what_to_add(claim: ReadClaim, project: Project, source: str) -> Beside:
    """The line that would let the report answer, and where it is to stand."""
    if is_total(claim) and project.budget is None:
        line = f"budget: {{amount: {claim.numbers[-1]:.0f}}}"
        return Beside(verdict="untestable", line=line, add="reading.register.add.budget")
    add = "reading.register.add.series" if is_of_area(claim) else "reading.register.add"
    return Beside(verdict="untestable", line=claim_line(claim, source), add=add)


def _is_goal_uncertain(claim: ReadClaim, project: Project, answers: Answers) -> bool:
    """Whether the report says of this goal that chance may be all there is to it."""
    if claim.kind != "against_target" or claim.goal is None:
        return False
    verdicts = (
        _result(answers, f"target.{target.id}", TargetVerdict)
        for target in project.targets
        if abs(100 * target.goal - claim.goal) < _CLOSE
    )
    return any(one is not None and one.grade.endswith("uncertain") for one in verdicts)


def _is_same(claim: ReadClaim, asked: Claim) -> bool:
    """Whether a claim of the text is one that the project file asks of already."""
    value = claim.numbers[-1]
    if asked.percentage is not None and claim.unit == "percent":
        return (asked.percentage.value, asked.percentage.decimals) == (value, claim.decimals)
    if asked.count is not None and claim.unit == "persons":
        return asked.count.value == value and claim.kind in ("count", "target")
    return asked.days is not None and claim.unit == "days" and asked.days.value == value


def _verdict(claim: ReadClaim, found: list[_Found]) -> Holds:
    """Holds with every figure of it; in part with one of two bases; a pair by both its levels."""
    if claim.kind == "before_after" and found:
        levels = zip(claim.numbers, found, strict=True)
        sides = [(replace(claim, numbers=(value,)), one.figure) for value, one in levels]
        said = [compare_with_figure(side, figure) for side, figure in sides]
        # Which of several cohorts a text means is not known: only what holds is told.
        return "holds" if said == ["holds", "holds"] else "untestable"
    said = [compare_with_figure(claim, one.figure) for one in found]
    if not said or "untestable" in said:
        return "untestable"
    is_of_some = any(one.is_of_some for one in found)
    if set(said) == {"holds"} and not is_of_some:
        return "holds"
    if "holds" in said or "partly" in said:
        return "partly"
    return "untestable" if is_of_some or _may_be_of_another_time(claim) else "not"


def _may_be_of_another_time(claim: ReadClaim) -> bool:
    """Whether it may be of another day than that of leaving, or a share of part of the time."""
    is_of_part = claim.kind in _LEVELS and not is_of_all_time(claim)
    return is_of_part or is_of_another_time(claim)


def _figures(claim: ReadClaim, answers: Answers, texts: Texts) -> Iterator[_Found]:
    if claim.whole_register:
        return
    if claim.kind in _LEVELS and claim.unit in ("percent", "persons"):
        of_those_counted = claim.kind == "against_target" and claim.unit == "persons"
        yield from (_counts if of_those_counted else _shares)(claim, answers, texts)
    elif claim.kind == "composition" and claim.unit in ("percent", "persons"):
        yield from _composition(claim, answers, texts)
    elif claim.kind == "count":
        yield from _counts(claim, answers, texts)
    elif claim.kind == "mean_duration" and claim.unit in _DAYS:
        yield from _means(claim, answers, texts)
    elif claim.kind == "cost" and claim.unit == "SEK":
        yield from _costs(claim, answers, texts)
    elif claim.kind == "before_after" and claim.unit == "percent":
        yield from _pairs(claim, answers, texts)


def _result(answers: Answers, name: str, shape: type[Any]) -> Any:
    released = answers.get(name)
    return released.result if released and isinstance(released.result, shape) else None


def _share_of(estimate: Estimate) -> tuple[int, int, float] | None:
    """k, n and the percentage behind a released share."""
    if not estimate.cells or not estimate.n:
        return None
    share = estimate.cells[0] / estimate.n
    # Of some who are not known the share is of the others.
    is_of_all = abs(share - estimate.value) <= _ROUNDED
    return (estimate.cells[0], estimate.n, 100 * share) if is_of_all else None


def _shares(claim: ReadClaim, answers: Answers, texts: Texts) -> Iterator[_Found]:
    outcome = OUTCOMES.get(claim.outcome)
    if outcome is None or not is_of_everyone(claim) or is_of_another_time(claim):
        return
    is_of_exits = "exits" in claim.population or "share_of_exits" in claim.traps
    bases = ("exits", "participants") if is_of_exits or not claim.of_whom else ("participants",)
    for base in bases:
        name = share_id(outcome, base)
        estimate = _result(answers, name, Estimate)
        found = _share_of(estimate) if estimate is not None else None
        if found is not None:
            yield _found_share(claim, name, found, f"reading.register.share.{base}", texts)


def _found_share(
    claim: ReadClaim, name: str, share: tuple[int, int, float], key: str, texts: Texts
) -> _Found:
    k, n, percent = share
    numbers = Numbers(texts.language)
    words = texts.format(
        key, percent=numbers.percent(percent / 100), k=numbers.count(k), n=numbers.count(n)
    )
    value = percent if claim.unit == "percent" else float(k)
    return _Found(answer=name, figure=Figure(value=value, unit=claim.unit), words=words)


def _level_of(answers: Answers, column: str, level: str) -> tuple[int, int] | None:
    """A level's count in a released table, and the table's total."""
    table = _result(answers, f"persons.{column}", CountTable)
    known = {} if table is None else table.known
    return (known[level], known["total"]) if {level, "total"} <= known.keys() else None


def _composition(claim: ReadClaim, answers: Answers, texts: Texts) -> Iterator[_Found]:
    word = _sex_of(claim) if set(claim.population) <= set(_SEXES) else ""
    found = _level_of(answers, "sex", _SEXES[word]) if word else None
    if found is not None:
        k, n = found
        key = f"reading.register.{word}"
        yield _found_share(claim, "persons.sex", (k, n, 100 * k / n), key, texts)


def _sex_of(claim: ReadClaim) -> str:
    """The sex named first behind the figure, or else before it."""
    at = claim.span[0] - claim.sentence_span[0]
    told = f" {claim.sentence.lower()}"
    before, after = told[: at + 1].rpartition(",")[2], told[at + 1 :].split(",")
    for side in (after[0], before, *after[1:2]):  # drygt hälften, 51 procent, är kvinnor
        if named := _SEX_NAMED.search(side):
            return "women" if named[1] else "men"
    return ""


def _counts(claim: ReadClaim, answers: Answers, texts: Texts) -> Iterator[_Found]:
    population = set(claim.population) - {"some"}
    if population & {"work", "study"} and population <= {"work", "study", "exits"}:
        outcome = "work_or_study" if {"work", "study"} <= population else claim.outcome
        of_all = replace(claim, population=(), of_whom="all", outcome=outcome)
        yield from _shares(of_all, answers, texts)
        return
    numbers = Numbers(texts.language)
    name, count, key = "persons", None, "participants"
    if not population and not (_TOOK_PART.search(claim.sentence) and is_of_everyone(claim)):
        return
    if not population:
        step = _result(answers, name, FlowStep)
        count = step.count if step is not None else None
    elif population == {"exits"}:
        ongoing = _level_of(answers, "exit_class", "ongoing")
        name, key = "persons.exit_class", "exits"
        count = ongoing[1] - ongoing[0] if ongoing else None
    elif len(population) == 1 and population <= set(_SEXES):
        (key,) = population
        found = _level_of(answers, "sex", _SEXES[key])
        name, count, key = "persons.sex", found[0] if found else None, f"count.{key}"
    if count is not None:
        words = texts.format(f"reading.register.{key}", n=numbers.count(count))
        yield _Found(answer=name, figure=Figure(value=count, unit="persons"), words=words)


def _means(claim: ReadClaim, answers: Answers, texts: Texts) -> Iterator[_Found]:
    told = claim.sentence.lower()
    is_of_it = any(word in told for word in _OF_ENROLMENT)
    if set(claim.population) - {"exits"} or not is_of_it:
        return
    if any(word in told for word in _NOT_OF_ENROLMENT):
        return
    mean = _result(answers, "enrolment.completed", Estimate)
    if mean is not None:
        numbers = Numbers(texts.language)
        words = texts.format("reading.register.mean", days=numbers.count(round(mean.value)))
        figure = Figure(value=mean.value / _DAYS[claim.unit], unit=claim.unit)
        step = _result(answers, "persons", FlowStep)
        is_of_some = "exits" not in claim.population and not (step and step.count == mean.n)
        yield _Found(
            answer="enrolment.completed", figure=figure, words=words, is_of_some=is_of_some
        )


def _costs(claim: ReadClaim, answers: Answers, texts: Texts) -> Iterator[_Found]:
    after = own_words(claim)
    is_per_head = any(word in after for word in ("per deltagare", "per person", "per participant"))
    units = _result(answers, "costs.unit", tuple) or ()
    for unit in units:
        if is_per_head and isinstance(unit, Estimate) and unit.measure == "cost_per_participant":
            words = Numbers(texts.language).sek(unit.value)
            words = texts.format("reading.register.cost", amount=words)
            # A cost told in thousands agrees with one that rounds to it.
            step = 1000.0 if claim.numbers[-1] % 1000 == 0 else 1.0
            value = round(unit.value / step) * step
            yield _Found(answer="costs.unit", figure=Figure(value=value, unit="sek"), words=words)


def _pairs(claim: ReadClaim, answers: Answers, texts: Texts) -> Iterator[_Found]:
    for name, released in answers.items():
        pair = released.result
        if not isinstance(pair, BeforeAfter) or len(claim.numbers) != 2:
            continue
        shares = [_share_of(side) for side in (pair.before, pair.after)]
        found = [
            _found_share(claim, name, share, "reading.register.share.cohort", texts)
            for share in shares if share is not None
        ]  # fmt: skip
        if len(found) == 2 and _verdict(claim, found) == "holds":
            yield from found
            return
