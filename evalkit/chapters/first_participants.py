"""The main question where a project has neither target nor series: what became of everyone."""

from __future__ import annotations

from evalkit.answers.counts import share_id
from evalkit.chapters.claim_verdicts import verdict_of
from evalkit.chapters.first_answer import Main, written
from evalkit.chapters.report import Report
from evalkit.present.blocks import Figure
from evalkit.present.charts import counts_figure
from evalkit.present.labels import count_behind
from evalkit.present.numbers import whole_percent
from evalkit.results import CountTable, Estimate, Released, Withheld


def answer_of_participants(report: Report) -> Main | None:
    """How many have reached the outcome, or why that cannot be told."""
    positive, words = report.project.outcomes.positive, report.words
    everyone = report.result(share_id(positive, "participants"), Estimate)
    if everyone is None:
        return _of_no_share(report)
    left = report.result(share_id(positive, "exits"), Estimate)
    numbers, reached = words.numbers, count_behind(everyone)
    facts = {
        "outcome": words.labels.done(positive),
        "k": numbers.count(reached),
        "n": numbers.count(everyone.n),
        "value": whole_percent(numbers, everyone.value)[0],
    }
    answer = f"{_word(report)} {written(report, 'answer.participants', **facts)}".strip()
    is_unknown = is_partly_unknown(report)
    sure = ""
    if left is not None and left.n == everyone.n and not is_unknown:
        sure = written(report, "sure.all_left")
    if left is not None and left.n < everyone.n:
        remain = everyone.n - left.n
        facts |= {
            "left": numbers.count(left.n),
            "left_value": whole_percent(numbers, left.value)[0],
            "remain": numbers.count(remain),
        }
        answer = f"{answer} {written(report, 'answer.left', **facts)}"
        ends = (everyone.value, (reached + remain) / everyone.n)
        facts["value"], facts["most"] = whole_percent(numbers, *ends)
        sure = written(report, "sure.remain", **facts)
    if is_unknown:
        sure = f"{sure} {written(report, 'sure.unrecorded')}".lstrip()
    question = written(report, "question.participants", **facts)
    return Main(question, answer, sure, _course_picture(report, everyone, left))


def _of_no_share(report: Report) -> Main | None:
    """Where no share can be told: why, and between what it lies where that is known."""
    positive = report.project.outcomes.positive
    released = report.answers.get(share_id(positive, "participants"))
    is_unknown = report.result("unrecorded", str) in ("mostly", "all")
    if released is None or not (is_unknown or isinstance(released.result, Withheld)):
        return None
    outcome = report.words.labels.done(positive)
    question = written(report, "question.participants", outcome=outcome)
    status = report.answers.get("persons.exit_class")
    picture = None
    if status is not None and isinstance(status.result, CountTable):
        picture = _status_figure(report, status)
    if not is_unknown:
        return Main(question, written(report, "answer.withheld"), "", picture)
    answer = written(report, "answer.unknown")
    bounds = report.result("unrecorded.participants", tuple) or ()
    nothing = report.result("unrecorded", str) == "all"
    sure = written(report, "sure.nothing_known") if nothing else ""
    if not nothing and bounds and all(isinstance(one, Estimate) for one in bounds):
        numbers = report.words.numbers
        low, high = whole_percent(numbers, *(one.value for one in bounds))
        facts = {"n": numbers.count(bounds[0].n), "low": low, "high": high, "outcome": outcome}
        answer = f"{answer} {written(report, 'answer.between', **facts)}"
        sure = written(report, "sure.between")
    return Main(question, answer, sure, picture)


def is_partly_unknown(report: Report) -> bool:
    """Whether some left of whom it is not known how it went."""
    return report.result("unrecorded", str) not in (None, "none")


def _course_picture(report: Report, everyone: Estimate, left: Estimate | None) -> Figure:
    """How many have reached the outcome, left otherwise, and remain: sums of what is printed."""
    words, name = report.words, share_id(report.project.outcomes.positive, "participants")
    labels = (words.labels.level("exit_class", one) for one in report.project.outcomes.positive)
    reached = count_behind(everyone)
    bars = {words.labels.any_of(labels).capitalize(): reached}
    if left is None:  # how many have left is withheld
        bars[written(report, "status.rest")] = everyone.n - reached
    else:
        other = "status.other_or_unknown" if is_partly_unknown(report) else "status.other"
        bars[written(report, other)] = left.n - reached
        bars[written(report, "status.ongoing")] = everyone.n - left.n
    table = CountTable.of([(label, n, False) for label, n in bars.items()], "course")
    return _status_figure(report, Released(table, 0, report.answers[name].rule))


def _status_figure(report: Report, counts: Released[CountTable]) -> Figure:
    date = report.words.numbers.date(report.project.data_cut)
    caption = report.say("participants.status.caption", date=date)
    return counts_figure(counts, report.words, figure_id="first-status", caption=caption)


def _word(report: Report) -> str:
    """Yes, in part or no: the verdict of the claim that a question of one's own is about."""
    if report.project.question is None:
        return ""
    for claim in report.project.claims:
        figure, found = claim.register_figure, verdict_of(report, claim)
        if figure is not None and figure.measure == "share" and found is not None:
            return written(report, f"answer.claim.{found.verdict}")
    return ""
