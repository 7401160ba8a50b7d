"""How far one project has come: its chapters, then its reports, then all of it in place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from evalkit.batch.jobs import ChapterJob, ProjectJob
from evalkit.batch.kernels.tasks import ChapterRun
from evalkit.batch.plan import PlannedReport, ProjectPlan
from evalkit.batch.publish import Made, place
from evalkit.batch.renderlog import log_line
from evalkit.batch.writing import ReportJob, Written
from evalkit.documents.editions.manifest import ChapterState
from evalkit.documents.editions.outcomes import Outcome, sentences
from evalkit.documents.files.fingerprints import answers_fingerprint
from evalkit.documents.files.names import ANSWERS_FILE, file_name
from evalkit.documents.files.state import digest_of
from evalkit.documents.files.workfolder import (
    WORK,
    disk_problem,
    kept_file,
    stage_folder,
    tidy,
    told_file,
)
from evalkit.language import Texts
from evalkit.project.vocabulary import LanguageCode

_Key = tuple[LanguageCode, str]
# In the place of the fingerprint of what is to be tried again: no content has it.
_TO_TRY_AGAIN = "0" * 64


@dataclass(slots=True)
class Course:
    """One project on its way. The batch asks for jobs and tells what became of them."""

    plan: ProjectPlan
    _states: dict[_Key, ChapterState] = field(default_factory=dict)
    _files: dict[_Key, Path] = field(default_factory=dict)
    _written: dict[LanguageCode, Written] = field(default_factory=dict)
    _links: dict[LanguageCode, tuple[LanguageCode, ...]] = field(default_factory=dict)
    _log: list[str] = field(default_factory=list)
    _stood_in: dict[_Key, str] = field(default_factory=dict)
    _answers: Path | None = None
    _is_disk_full: bool = False

    def project_job(self) -> ProjectJob | None:
        """The chapters that must be run, in one job; None where none must.

        What a project asks is judged together: either all its chapters are kept from before, or
        all are run.
        """
        self._answers = self._kept_answers()
        chapters = tuple(self._chapter_jobs())
        told = told_file(self.plan.folder)
        signed_by = self.plan.signed_by if self.plan.is_recorded else ""
        return ProjectJob(chapters=chapters, told=told, signed_by=signed_by) if chapters else None

    def _chapter_jobs(self) -> Iterator[ChapterJob]:
        for report in self.plan.reports:
            for chapter in report.chapters:
                key = (report.language, chapter.task.chapter)
                if chapter.kept is not None and self._answers is not None:
                    self._files[key] = chapter.kept
                    self._states[key] = ChapterState(
                        name=chapter.task.chapter,
                        fingerprint=chapter.fingerprint,
                        seconds=chapter.seconds,
                    )
                    continue
                yield ChapterJob(
                    task=chapter.task,
                    folder=self.plan.folder,
                    fingerprint=chapter.fingerprint,
                    asked=chapter.asked,
                    input_names=self.plan.input_names,
                    inputs=self.plan.inputs,
                )

    def _kept_answers(self) -> Path | None:
        """The answers behind chapters that are all kept; None where some are not."""
        planned = [chapter for report in self.plan.reports for chapter in report.chapters]
        kept = [chapter.kept for chapter in planned if chapter.kept is not None]
        if len(kept) < len(planned):
            return None
        folder = self.plan.folder
        fingerprint = answers_fingerprint([chapter.asked for chapter in planned])
        found = kept_file(folder, fingerprint=fingerprint, name=ANSWERS_FILE)
        if found is None and not any(folder / WORK in file.parents for file in kept):
            # Whole, as the chapters that stand: see `plan`.
            found = folder / ANSWERS_FILE
        return found if found is not None and found.is_file() else None

    def chapter_has_run(self, run: ChapterRun) -> None:
        task = run.task
        planned = next(
            chapter
            for report in self.plan.reports
            for chapter in report.chapters
            if chapter.task == task
        )
        self._states[task.language, task.chapter] = ChapterState(
            name=task.chapter,
            fingerprint=_TO_TRY_AGAIN if run.stood_in else planned.fingerprint,
            failure=run.failure,
            seconds=run.seconds,
        )
        if run.stood_in:
            self._stood_in[task.language, task.chapter] = run.stood_in
        if run.file is not None:
            self._files[task.language, task.chapter] = run.file
            self._answers = run.answers
        self._is_disk_full |= run.is_disk_full
        failure = run.failure or run.stood_in
        state = "failed" if failure else "done"
        self._log.append(log_line(task.chapter, task.language, run.seconds, state, failure))

    @property
    def is_waiting_for_chapters(self) -> bool:
        return len(self._states) < sum(len(report.chapters) for report in self.plan.reports)

    @property
    def _told_in(self) -> LanguageCode:
        return self.plan.reports[0].language

    def report_jobs(self) -> Iterator[ReportJob]:
        """The reports to write, when every chapter has come to an end."""
        as_read = self._is_as_read()
        for report in self.plan.reports:
            self._links[report.language] = self._links_of(report.language)
            if self._is_complete(report) and not self._is_up_to_date(report):
                if as_read:
                    yield self._report_job(report)
                else:
                    failure = Texts(self._told_in)["document.draft_differs"]
                    self._written[report.language] = Written(
                        language=report.language, outputs={}, failure=failure
                    )

    def _is_as_read(self) -> bool:
        """Whether an edition's figures are those of the draft that was read, byte for byte."""
        standing = self.plan.folder / ANSWERS_FILE
        is_read = any(report.is_read for report in self.plan.reports)
        if not is_read or self._answers is None or not standing.is_file():
            return True
        return digest_of(standing) == digest_of(self._answers)

    def report_is_written(self, written: Written) -> None:
        self._written[written.language] = written
        self._is_disk_full |= written.is_disk_full
        state = "failed" if written.failure else "written"
        self._log.append(log_line("report", written.language, 0.0, state, written.failure))

    def relinking_jobs(self) -> Iterator[ReportJob]:
        """Reports to write once more, because a language that they link to could not be."""
        for report in self.plan.reports:
            links = self._links_of(report.language)
            written = self._written.get(report.language)
            if written and not written.failure and links != self._links[report.language]:
                self._links[report.language] = links
                yield self._report_job(report)

    def settled(self) -> tuple[Outcome, ...]:
        """Everything put in place that was made; what became of each report."""
        outcomes = tuple(self._outcome(report) for report in self.plan.reports)
        changed = [one for one, told in zip(self.plan.reports, outcomes, strict=True)
                   if not told.is_up_to_date]  # fmt: skip
        try:
            if (changed or not self.plan.is_manifest_true) and not self._is_disk_full:
                place(self.plan, [self._made(report) for report in changed], self._log)
        except OSError as error:
            sentence = disk_problem(error).in_language(self._told_in)
            outcomes = tuple(_failed(outcome, sentence) for outcome in outcomes)
            self._is_disk_full = True
        self.tidy(outcomes)
        return outcomes

    def tidy(self, outcomes: tuple[Outcome, ...] = ()) -> None:
        """Throw away what is unfinished; keep the chapters of reports still to be made.

        Where a chapter failed the others are not kept: what a project asks is judged together.
        """
        done = {outcome.language for outcome in outcomes if not outcome.failures}
        keep: list[Path] = []
        failed = self._stood_in or any(one.failure for one in self._states.values())
        if self._answers is not None and not failed:
            keep = [file for key, file in self._files.items() if key[0] not in done]
            keep += self.plan.kept_of_others
            keep += [self._answers] * bool(keep)
        tidy(self.plan.folder, keep=[] if self._is_disk_full else keep)

    def _links_of(self, language: LanguageCode) -> tuple[LanguageCode, ...]:
        others = (code for code in self.plan.facts["asks"]["languages"] if code != language)
        return tuple(code for code in others if self._has_page(code))

    def _has_page(self, language: LanguageCode) -> bool:
        """Whether a language will have its HTML page when this run is over."""
        page = file_name(language, "html", is_appendix=self.plan.is_appendix)
        planned = next((one for one in self.plan.reports if one.language == language), None)
        written = self._written.get(language)
        if planned and self._is_complete(planned) and not (written and written.failure):
            return "html" in self.plan.formats
        return (self.plan.folder / page).is_file()

    def _is_complete(self, report: PlannedReport) -> bool:
        return not any(state.failure for state in self._chapters(report))

    def _is_up_to_date(self, report: PlannedReport) -> bool:
        return report.is_whole and report.standing.links == self._links[report.language]

    def _chapters(self, report: PlannedReport) -> tuple[ChapterState, ...]:
        return tuple(self._states[report.language, name] for name in self.plan.chapters)

    def _report_job(self, report: PlannedReport) -> ReportJob:
        return ReportJob(
            project_file=self.plan.project_file,
            folder=self.plan.folder,
            stage=stage_folder(self.plan.folder, report.language),
            language=report.language,
            chapters=self._files_of(report),
            formats=self.plan.formats,
            links=self._links[report.language],
            inputs=self.plan.inputs,
            printed_inputs=self.plan.printed_inputs,
            is_appendix=self.plan.is_appendix,
            told_in=self._told_in,
            answers=self._answers,
            is_draft=self.plan.is_draft,
            signed_by=self.plan.signed_by,
        )

    def _files_of(self, report: PlannedReport) -> dict[str, Path]:
        named = ((name, self._files.get((report.language, name))) for name in self.plan.chapters)
        return {name: file for name, file in named if file is not None}

    def _made(self, report: PlannedReport) -> Made:
        to_try_again = any(language == report.language for language, _ in self._stood_in)
        return Made(
            planned=replace(report, fingerprint=_TO_TRY_AGAIN) if to_try_again else report,
            chapters=self._chapters(report),
            files=self._files_of(report),
            written=self._written.get(report.language),
            links=self._links[report.language],
        )

    def _outcome(self, report: PlannedReport) -> Outcome:
        chapters = self._chapters(report)
        written = self._written.get(report.language)
        failures = sentences(chapters)
        if written and written.failure:
            failures.append(written.failure)
        main = file_name(report.language, self.plan.formats[0], is_appendix=self.plan.is_appendix)
        return Outcome(
            project_id=self.plan.id,
            language=report.language,
            file=None if failures else self.plan.folder / main,
            failures=tuple(failures),
            seconds=sum(chapter.seconds for chapter in chapters),
            is_up_to_date=not failures and written is None,
            is_draft=report.is_draft,
            incomplete=tuple(self._incomplete(report)) if not failures else (),
        )

    def _incomplete(self, report: PlannedReport) -> Iterator[str]:
        """Own notebooks that could not be run: the report is there, and says so in their place."""
        for (language, name), failure in self._stood_in.items():
            if language == report.language:
                yield f"{name}: {failure}"


def _failed(outcome: Outcome, sentence: str) -> Outcome:
    if outcome.is_up_to_date:
        return outcome
    failures = tuple(dict.fromkeys([*outcome.failures, sentence]))
    return replace(outcome, file=None, failures=failures)
