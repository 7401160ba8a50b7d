"""Two editions of a register, read together."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from evalkit.disclosure.answers import judge_edition
from evalkit.disclosure.editions import (
    REPEATED,
    History,
    NotFoundAgain,
    curve_rows,
    decide_edition,
)
from evalkit.disclosure.linked import decide
from evalkit.disclosure.record import Edition, from_data, judged_rows, to_data, withheld_rows
from evalkit.disclosure.rule import rule_for
from evalkit.results import CountTable, Estimate, FlowStep, Regression
from evalkit.results.answers import Answer, Members, share_members
from evalkit.statistics.time_to_event.event_table import event_table
from tests.disclosure import reports

RULE = rule_for("standard")


def names(persons: pd.DataFrame) -> list[str]:
    return [f"p{index}" for index in persons.index]


def published(persons, answers):
    decision = decide(answers, RULE)
    return Edition(
        name="first", date="2024-06-30", by="somebody", rule=RULE.name, register="",
        persons=tuple(names(persons)), rows=judged_rows(decision, names(persons)),
        withheld=withheld_rows(decision),
    )  # fmt: skip


def places(**counts: int) -> pd.DataFrame:
    n = sum(counts.values())
    persons = reports.register(3, n, {"sex": {"woman": 1}})
    return persons.assign(place=np.repeat(list(counts), list(counts.values())))


def test_a_record_is_read_back_as_it_was_written():
    persons = reports.register(1, 60)
    edition = published(persons, reports.report(persons))
    assert from_data(json.loads(json.dumps(to_data(edition)))) == edition
    assert edition.withheld
    assert all(row.highest is None or row.highest >= RULE.threshold for row in edition.withheld
               if row.reason == "small_count")  # fmt: skip


def test_the_same_edition_again_prints_the_same():
    persons = reports.register(1, 90)
    answers = reports.report(persons, groupings=("sex",))
    edition = published(persons, answers)
    again = decide_edition(answers, RULE, History(tuple(names(persons)), (edition,)))
    assert again.withheld == decide(answers, RULE).withheld


def test_one_more_participant_is_told_by_nothing():
    persons = reports.register(1, 80)
    before = persons.iloc[:79]
    edition = published(before, [reports.report(before)[0]])
    answers = [reports.report(persons)[0]]
    new = decide_edition(answers, RULE, History(tuple(names(persons)), (edition,)))
    assert not isinstance(new.released["persons"].result, FlowStep)


def test_regrouped_places_do_not_tell_the_third():
    before = places(Ystad=37, Sjöbo=22, Simrishamn=17, Lomma=3)
    edition = published(before, [reports.table(before, "place")])
    after = before.assign(place=before["place"].replace({"Sjöbo": "Inland", "Lomma": "Inland"}))
    new = decide_edition(
        [reports.table(after, "place")], RULE, History(tuple(names(after)), (edition,))
    )
    table = new.released["persons.place"].result
    assert isinstance(table, CountTable)
    told = dict(zip(table.counts["place"], table.counts["is_withheld"], strict=True))
    first = {row.key for row in edition.rows if row.is_printed}
    if ("0", "1") in first:  # Sjöbo was printed
        assert told["Inland"]


def model(persons: pd.DataFrame) -> Answer[Regression]:
    reached = (persons["exit_class"] == "employment").to_numpy()
    everyone = np.ones(len(persons), dtype=bool)
    found = Regression(
        model="fine_gray", coefficients=(), ratio="subdistribution_hazard_ratio",
        method="efron", standard_errors="robust", confidence_level=0.95,
        log_likelihood=-10.0, log_likelihood_null=-12.0, n=len(persons),
        events=int(reached.sum()), cells=(len(persons), int(reached.sum())),
        residual_degrees_of_freedom=50,
    )  # fmt: skip
    return Answer(id="model", result=found, members=(share_members(everyone, reached),))


@pytest.mark.parametrize(("more", "stands"), [(0, True), (1, False), (4, False), (5, True)])
def test_a_model_does_not_move_with_a_few_who_have_gone_to_work(more: int, stands: bool):
    """Its intervals tell how many events it rests on, to within one or two."""
    persons = reports.register(1, 60)

    def gone(n: int) -> pd.DataFrame:
        return persons.assign(exit_class=["employment"] * n + ["ongoing"] * (60 - n))

    edition = published(gone(20), [model(gone(20))])
    history = History(tuple(names(persons)), (edition,))
    new = decide_edition([model(gone(20 + more))], RULE, history)
    assert isinstance(new.released["model"].result, Regression) == stands


def test_ten_more_of_whom_one_is_not_in_work():
    """60 of whom 29 in work, then 70 of whom 38: the complement grew by one."""
    way = np.array(["employment"] * 29 + ["ongoing"] * 31 + ["employment"] * 9 + ["ongoing"])
    persons = reports.register(1, 70).assign(exit_class=way)
    before = persons.iloc[:60]

    def answers(frame):
        everyone = np.ones(len(frame), dtype=bool)
        reached = (frame["exit_class"] == "employment").to_numpy()
        return [reports.share(frame, "share.employment", everyone, reached, rank=0)]

    edition = published(before, answers(before))
    new = decide_edition(answers(persons), RULE, History(tuple(names(persons)), (edition,)))
    assert not isinstance(new.released["share.employment"].result, Estimate)


def test_ten_more_who_are_all_enrolled_pass():
    way = np.array(["employment"] * 29 + ["ongoing"] * 41)
    persons = reports.register(1, 70).assign(exit_class=way)
    before = persons.iloc[:60]
    edition = published(before, [reports.table(before, "exit_class", rank=0)])
    new = decide_edition(
        [reports.table(persons, "exit_class", rank=0)],
        RULE,
        History(tuple(names(persons)), (edition,)),
    )
    assert not new.released["persons.exit_class"].result.counts["is_withheld"].any()


def test_an_edition_with_other_pseudonyms_is_not_matched():
    persons = reports.register(1, 60)
    edition = published(persons, reports.report(persons, groupings=()))
    others = tuple(f"q{i}" for i in range(60))
    with pytest.raises(NotFoundAgain) as lost:
        decide_edition([], RULE, History(others, (edition,)))
    assert lost.value.share == 0


def half_years(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A register and the same half a year later: some have left, forty are new."""
    later = reports.register(seed, 240)
    rng = np.random.default_rng(seed)
    before = later.iloc[:200].copy()
    undone = (before["exit_class"] != "ongoing") & (rng.random(200) < 0.25)
    before.loc[undone, "exit_class"] = "ongoing"
    return before, later


@pytest.mark.parametrize("seed", range(6))
def test_ordinary_half_year_editions_keep_their_headline(seed):
    before, later = half_years(seed)
    edition = published(before, reports.report(before, groupings=("sex",)))
    new = decide_edition(
        reports.report(later, groupings=("sex",)), RULE, History(tuple(names(later)), (edition,))
    )
    assert isinstance(new.released["persons"].result, FlowStep)
    assert isinstance(new.released["share.all"].result, Estimate)


def recorded(persons: pd.DataFrame, date: str, *earlier: Edition) -> tuple[Edition, dict]:
    """An edition as `evalkit publish` records it, and what it printed."""
    answers = [*reports.report(persons, groupings=()), reports.events(persons)]
    history = History(tuple(names(persons)), earlier, project="p", files=("a.csv",))
    judged = judge_edition(answers, RULE, history, with_record=True)
    edition = Edition(
        name="p", date=date, by="somebody", rule=RULE.name, register="", project="p",
        files=("a.csv",), persons=tuple(names(persons)), rows=judged.rows,
        curves=judged.curves, steps=judged.steps, data_cut=date,
    )  # fmt: skip
    return edition, judged.store


def blocks_of(edition: Edition) -> dict:
    return {row.key: row.sets for row in edition.rows if row.key[0] == "block"}


def test_what_an_edition_withheld_is_not_printed_by_the_next():
    """Three rows are corrected; the curve of the first edition is repeated by the second."""
    before = reports.register(5, 120)
    after = before.copy()
    after.loc[after.index[after["exit_class"] == "dropout"][:3], "exit_class"] = "employment"
    first, printed = recorded(before, "2024-06-30")
    assert isinstance(printed["share.employment"].result, Estimate)
    second, printed = recorded(after, "2024-12-31", first)
    assert not isinstance(printed["share.employment"].result, Estimate)
    assert f"{REPEATED}:2024-06-30:2024-06-30" in printed["events.everyone"].notes
    assert blocks_of(first) == blocks_of(second)
    third, printed = recorded(after, "2025-06-30", first, second)
    assert not isinstance(printed["share.employment"].result, Estimate)
    assert f"{REPEATED}:2024-06-30:2024-06-30" in printed["events.everyone"].notes
    assert third.curves == first.curves


def test_a_curve_is_repeated_though_somebody_has_been_removed_from_the_register():
    """Its numbers still count who is gone: so says the record, and the record after it."""
    before = reports.register(5, 120)
    after = before.drop(before.index[7])
    first, _ = recorded(before, "2024-06-30")
    second, printed = recorded(after, "2024-12-31", first)
    assert f"{REPEATED}:2024-06-30:2024-06-30" in printed["events.everyone"].notes
    assert set(second.everyone) - set(second.persons) == {"p7"}
    read = from_data(json.loads(json.dumps(to_data(second))))
    assert read == second
    third, _ = recorded(after, "2025-06-30", read)
    assert blocks_of(third) == blocks_of(first)


def test_a_way_out_that_is_called_other_is_not_taken_for_all_other_ways():
    persons = reports.register(2, 120)
    way = persons["exit_class"].to_numpy()
    kinds = ("", "work", "studies", "other")
    causes = np.select([way == "ongoing", way == "employment", way == "studies"], [0, 1, 2], 3)
    days = persons["days"].to_numpy(dtype=np.int64)
    table = event_table(days, causes, cause_names=kinds[1:])
    keys = tuple(("", kind) for kind in kinds)
    curve = Answer(
        id="events", result=table, members=(Members(cells=causes, keys=keys, days=days),)
    )
    released = judge_edition([curve], RULE, History(tuple(names(persons)))).store
    recorded = curve_rows([curve], released, History(tuple(names(persons))))
    of_other = [row for row in recorded if row.key[1] == "way:other"]
    assert sum(len(row.sets[0]) for row in of_other) == (causes == 3).sum()


def test_the_record_lists_groups_without_a_curve_and_figures_refused_by_themselves():
    persons = places(north=40, south=3)
    few = persons["place"].to_numpy() == "south"
    asks = [reports.events(persons, "place"),
            reports.share(persons, "few", few, persons["is_late"].to_numpy(), rank=1)]  # fmt: skip
    decision = decide(asks, rule_for("standard", horizons=[365, 180]))
    curves = decision.released["events.place"].result
    rows = {(row.answer, row.key) for row in withheld_rows(decision)}
    missing = {
        (str(day), group)
        for group in curves.groups
        for day in (365, 180)
        if day not in curves.points.get((group, curves.causes[0]), ())
    }
    assert curves.hidden or missing
    assert {("events.place", key) for key in {(one,) for one in curves.hidden} | missing} <= rows
    assert ("few", ("whole",)) in rows
