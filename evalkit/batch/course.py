"""One project on its way: what became of its chapters, and which reports are to be written.

A worker makes it and hands it back to the command, which puts the reports in place (`publish`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from evalkit.batch.kernels.tasks import ChapterRun
from evalkit.batch.plan import PlannedReport, ProjectPlan
from evalkit.batch.renderlog import log_line
from evalkit.batch.writing import ReportJob, Written
from evalkit.documents.editions.manifest import ChapterState
from evalkit.documents.files.fingerprints import answers_fingerprint
from evalkit.documents.files.names import ANSWERS_FILE, kept_name
from evalkit.documents.files.state import digest_of
from evalkit.documents.files.workfolder import WORK, kept_file
from evalkit.language import Texts
from evalkit.project.vocabulary import LanguageCode

_Key = tuple[LanguageCode, str]
# In the place of the fingerprint of what is to be tried again: no content has it.
TO_TRY_AGAIN = "0" * 64


@dataclass(slots=True)
class Course:
    """What is known of a project's chapters, by language and name, and of its reports."""

    plan: ProjectPlan
    states: dict[_Key, ChapterState] = field(default_factory=dict)
    files: dict[_Key, Path] = field(default_factory=dict)
    stood_in: dict[_Key, str] = field(default_factory=dict)
    answers: Path | None = None
    written: dict[LanguageCode, Written] = field(default_factory=dict)
    links: dict[LanguageCode, tuple[LanguageCode, ...]] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    is_disk_full: bool = False

    def takes_kept(self) -> bool:
        """Whether no chapter must be run, since all of them and their answers are kept.

        What a project asks is judged together: either all its chapters are kept from before, or
        all are run.
        """
        plan = self.plan
        kept = [file for report in plan.reports for file in report.kept.values()]
        answers = None if plan.must_run else kept_answers(plan)
        if not plan.must_run and not any(plan.folder / WORK in file.parents for file in kept):
            # Whole, as the chapters that stand: see `standing`.
            answers = answers or plan.folder / ANSWERS_FILE
        if answers is None or not answers.is_file():
            return False
        self.answers = answers
        for report in plan.reports:
            for name, one in plan.chapters.items():
                self.files[report.language, name] = report.kept[name]
                seconds = report.standing.seconds.get(name, 0.0)
                self.states[report.language, name] = ChapterState(
                    name=name, fingerprint=one.fingerprint, seconds=seconds
                )
        return True

    def chapter_has_run(self, run: ChapterRun) -> None:
        language, name = run.task.language, run.task.chapter
        fingerprint = self.plan.chapters[name].fingerprint
        self.states[language, name] = ChapterState(
            name=name,
            fingerprint=TO_TRY_AGAIN if run.stood_in else fingerprint,
            failure=run.failure,
            seconds=run.seconds,
        )
        if run.stood_in:
            self.stood_in[language, name] = run.stood_in
        if run.file is not None:
            self.files[language, name] = run.file
        self.is_disk_full |= run.is_disk_full
        failure = run.failure or run.stood_in
        state = "failed" if failure else "done"
        self.log.append(log_line(name, language, run.seconds, state, failure))

    def chapter_has_failed(self, name: str, failure: str) -> None:
        """A chapter that no worker has brought to an end failed in every language."""
        for language in self.plan.languages:
            task = replace(self.plan.chapters[name].task, language=language)
            self.chapter_has_run(ChapterRun(task=task, failure=failure))

    def report_is_written(self, written: Written) -> None:
        self.written[written.language] = written
        self.is_disk_full |= written.is_disk_full
        state = "failed" if written.failure else "written"
        self.log.append(log_line("report", written.language, 0.0, state, written.failure))

    def to_write(self) -> list[ReportJob]:
        """The reports to write, when every chapter has come to an end."""
        jobs, as_read = [], self._is_as_read()
        for report in self.plan.reports:
            language = report.language
            links = self.links[language] = self._links_of(language)
            is_up_to_date = report.is_whole and report.standing.links == links
            if is_up_to_date or not self._is_complete(report):
                continue
            if as_read:
                jobs.append(self._job(report))
            else:
                failure = Texts(self.plan.told_in)["document.draft_differs"]
                self.written[language] = Written(language=language, outputs={}, failure=failure)
        return jobs

    def to_link_anew(self) -> Iterator[ReportJob]:
        """Reports to write once more, because a language that they link to could not be."""
        for report in self.plan.reports:
            links = self._links_of(report.language)
            written = self.written.get(report.language)
            if written and not written.failure and links != self.links[report.language]:
                self.links[report.language] = links
                yield self._job(report)

    def chapters_of(self, report: PlannedReport) -> tuple[ChapterState, ...]:
        return tuple(self.states[report.language, name] for name in self.plan.chapters)

    def files_of(self, report: PlannedReport) -> dict[str, Path]:
        named = ((name, self.files.get((report.language, name))) for name in self.plan.chapters)
        return {name: file for name, file in named if file is not None}

    def _job(self, report: PlannedReport) -> ReportJob:
        return ReportJob(
            plan=self.plan,
            language=report.language,
            chapters=self.files_of(report),
            links=self.links[report.language],
            answers=self.answers,
        )

    def _is_as_read(self) -> bool:
        """Whether an edition's figures are those of the draft that was read, byte for byte."""
        standing = self.plan.folder / ANSWERS_FILE
        is_read = any(report.is_read for report in self.plan.reports)
        if not is_read or self.answers is None or not standing.is_file():
            return True
        return digest_of(standing) == digest_of(self.answers)

    def _links_of(self, language: LanguageCode) -> tuple[LanguageCode, ...]:
        failed = [
            report.language
            for report in self.plan.reports
            if not self._is_complete(report)
            or ((written := self.written.get(report.language)) and written.failure)
        ]
        return self.plan.links(language, failed=failed)

    def _is_complete(self, report: PlannedReport) -> bool:
        return not any(state.failure for state in self.chapters_of(report))


def kept_answers(plan: ProjectPlan) -> Path | None:
    """The answers that all planned chapters gave together, where a run kept them."""
    fingerprint = answers_fingerprint([one.fingerprint for one in plan.chapters.values()])
    return kept_file(plan.folder, fingerprint=fingerprint, name=ANSWERS_FILE)


def with_kept(plan: ProjectPlan) -> ProjectPlan:
    """The plan of what is left where a worker has run every chapter and kept it whole."""
    reports = []
    for report in plan.reports:
        found = {
            name: kept_file(
                plan.folder, fingerprint=one.fingerprint, name=kept_name(name, report.language)
            )
            for name, one in plan.chapters.items()
        }
        kept = {name: file for name, file in found.items() if file is not None}
        reports.append(replace(report, kept=kept))
    whole = replace(plan, reports=tuple(reports))
    return plan if whole.must_run or kept_answers(plan) is None else whole
