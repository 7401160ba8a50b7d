"""Whole reports of made-up registers, attacked by a reader who shares nothing with the engine."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import count

import numpy as np
import pytest

from evalkit import disclosure
from evalkit.disclosure import linked, programme
from evalkit.disclosure.rule import rule_for
from evalkit.results import CountTable, Estimate, Withheld
from evalkit.results.answers import Answer, Late, counted
from evalkit.statistics.means import mean_days
from tests.disclosure import reports
from tests.disclosure.attacker import attack

HORIZONS = (365, 180, 90)
TWO = ("sex", "place")
STRICT = rule_for("strict")


def released(persons, *, profile="standard", curves=True, groupings=TWO):
    rule = rule_for(profile, horizons=HORIZONS)
    answers = reports.report(persons, groupings=groupings, curves=curves)
    return linked.release_all(answers, rule), rule


@pytest.mark.parametrize(("seed", "n"), [(1, 24), (2, 40), (3, 67), (4, 110)])
def test_a_reader_of_a_whole_report_learns_of_nobody(seed, n):
    persons = reports.register(seed, n)
    out, rule = released(persons)
    assert attack(persons, out, TWO, rule.threshold) == []


# 24: exits of one sex by a curve that only one group has; 27: twelve persons in five exits.
@pytest.mark.parametrize("seed", [4, 24, 27])
def test_readers_of_strict_reports_learn_of_nobody(seed):
    test_readers_of_many_reports_learn_of_nobody(seed, "strict")


def test_a_withheld_share_of_a_group_tells_of_somebody():
    """Ten of a place: as one has left, at most nine are still enrolled."""
    persons = reports.register(5000, 103)
    out, rule = released(persons, profile="strict", curves=False)
    assert attack(persons, out, TWO, rule.threshold) == []


def test_names_of_levels_are_not_printed_where_they_tell_that_each_is_small():
    persons = of_exits(employment=3, ongoing=5, a=1, b=1, c=1, d=1)
    table = shown(linked.release_all([reports.table(persons, "exit_class", rank=0)], STRICT))
    assert table == {"total": None}


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["standard", "strict"])
@pytest.mark.parametrize("seed", range(100))
def test_readers_of_many_reports_learn_of_nobody(seed, profile):
    n = int(np.random.default_rng(seed).integers(12, 268))
    persons = reports.register(1000 + seed, n)
    out, rule = released(persons, profile=profile)
    assert attack(persons, out, TWO, rule.threshold) == []


def of_exits(**counts: int):
    """A register with so many of each exit, and one grouping."""
    way = np.repeat(list(counts), list(counts.values()))
    n = len(way)
    persons = reports.register(0, n, {"sex": {"woman": 1.0}})
    return persons.assign(exit_class=way)


def shown(out, name="persons.exit_class"):
    table = out[name].result
    assert isinstance(table, CountTable)
    return {
        level: None if gone else int(n)
        for level, n, gone in table.counts[[table.dimensions[0], "n", "is_withheld"]].itertuples(
            index=False
        )
    }


def release_table(persons, *more: Answer):
    answers = [reports.table(persons, "exit_class", rank=0), *more]
    return linked.release_all(answers, rule_for("standard"))


def test_nor_are_the_names_of_groups_beside_shares_and_curves():
    persons = reports.register(5, 12).assign(place=[*"aaabbbbccddd"])
    out, _ = released(persons, profile="strict", groupings=("place",))
    assert out["share.by.place"].result == ()
    assert out["events.place"].result.hidden == ()
    assert out["share.by.place"].withheld == 4


def test_five_rows_of_one_person_are_not_all_known_to_be_one():
    persons = of_exits(employment=23, ongoing=23, a=1, b=1, c=1, d=1, e=1)
    table = shown(release_table(persons))
    withheld = [level for level, n in table.items() if n is None]
    known = sum(n for level, n in table.items() if n is not None and level != "total")
    # Each row holds somebody: the largest may be all but one for each of the others.
    assert len(persons) - known - (len(withheld) - 1) >= 5


def test_whoever_is_the_only_one_of_a_row_does_not_learn_the_other():
    persons = of_exits(employment=30, studies=12, ill=4, moved=1, ongoing=24)
    table = shown(release_table(persons))
    withheld = [level for level, n in table.items() if n is None]
    known = sum(n for level, n in table.items() if n is not None and level != "total")
    assert {"ill", "moved"} < set(withheld)
    assert len(persons) - known - 1 - (len(withheld) - 2) >= 5


def test_a_small_project_keeps_its_pooled_outcome_and_gives_up_the_split():
    persons = of_exits(employment=14, studies=3, referred=7, dropout=5, ongoing=11)
    everyone = np.ones(40, dtype=bool)
    way = persons["exit_class"].to_numpy()
    pooled = reports.share(
        persons, "share.all", everyone, np.isin(way, ["employment", "studies"]), rank=0
    )
    target = reports.share(
        persons,
        "target",
        way != "ongoing",
        np.isin(way, ["employment", "studies"]),
        rank=1,
    )
    out = release_table(persons, pooled, target)
    assert isinstance(out["share.all"].result, Estimate)
    assert isinstance(out["target"].result, Estimate)
    table = shown(out)
    assert table["studies"] is None
    assert table["employment"] is None
    assert table["dropout"] == 5


def test_zeros_of_one_person_are_not_printed():
    persons = reports.register(4, 64, {"sex": {"woman": 36, "man": 28}})
    persons.loc[0, "sex"] = "non_binary"
    answers = [
        reports.table(persons, "exit_class", rank=0),
        reports.table(persons, "sex"),
        reports.two_way(persons, "exit_class", "sex"),
    ]
    out = linked.release_all(answers, rule_for("standard"))
    counts = out["persons.exit_class.sex"].result.counts
    line = counts[(counts["sex"] == "non_binary") & (counts["exit_class"] != "total")]
    assert line["is_withheld"].all()
    assert attack(persons, out, ("sex",), 5) == []


def test_a_curve_by_sex_tells_nothing_of_one_woman():
    # 23 women and 23 men; one woman and nine men to work; eleven referred back.
    way = ["employment"] + ["referred_back"] * 6 + ["ongoing"] * 16
    way += ["employment"] * 9 + ["referred_back"] * 5 + ["ongoing"] * 9
    persons = reports.register(0, 46, {"sex": {"woman": 1, "man": 1}})
    persons = persons.assign(sex=["woman"] * 23 + ["man"] * 23, exit_class=way)
    everyone = np.ones(46, dtype=bool)
    answers = [
        reports.share(persons, "share.employment", everyone,
                      (persons["exit_class"] == "employment").to_numpy(), rank=0),
        reports.events(persons),
        reports.events(persons, "sex"),
    ]  # fmt: skip
    out = linked.release_all(answers, rule_for("standard", horizons=HORIZONS))
    assert isinstance(out["share.employment"].result, Estimate)
    assert out["events.sex"].result.groups == ()
    assert out["events.sex"].result.blocks == ()


def test_a_sick_group_is_not_said_to_be_all_sick():
    persons = of_exits(health_or_leave=12, employment=20, ongoing=18)
    place = ["Lomma"] * 12 + ["Ystad"] * 38
    persons = persons.assign(place=place)
    answers = [
        reports.table(persons, "exit_class", rank=0),
        reports.table(persons, "place"),
        reports.two_way(persons, "exit_class", "place"),
    ]
    out = linked.release_all(answers, rule_for("standard"))
    counts = out["persons.exit_class.place"].result.counts
    of_lomma = counts[(counts["place"] == "Lomma") & (counts["exit_class"] != "total")]
    assert of_lomma["is_withheld"].all()


# Break it once per rule: the attack must find what the rule is there for.
def without_zeros(system):
    needs = tuple(need for need in system.needs if system.counts[need.cell] > 0)
    return replace(system, needs=needs, follows=())


def without_small(system):
    needs = tuple(need for need in system.needs if system.counts[need.cell] == 0)
    return replace(system, needs=needs)


def without_singletons(system):
    return replace(system, needs=tuple(need for need in system.needs if need.given < 0))


def without_lowest(system):
    return replace(system, lowest=np.zeros_like(system.lowest))


def without_sums(system):
    return replace(system, sums=())


def one_table(persons, *empty: str):
    return persons, [reports.table(persons, "exit_class", rank=0, empty=empty)]


def with_one_non_binary_person():
    persons = reports.register(4, 64, {"sex": {"woman": 36, "man": 28}})
    persons.loc[0, "sex"] = "non_binary"
    return persons, [
        reports.table(persons, "exit_class", rank=0),
        reports.table(persons, "sex"),
        reports.two_way(persons, "exit_class", "sex"),
    ]


THREE_TWOS = {"employment": 23, "ongoing": 23, "a": 2, "b": 2, "c": 2}
ONE_KNOWS = {"employment": 30, "studies": 12, "ill": 4, "moved": 1, "ongoing": 24}


@pytest.mark.parametrize(
    ("broken", "made"),
    [
        (without_zeros, with_one_non_binary_person),
        (without_small, lambda: one_table(of_exits(**ONE_KNOWS))),
        (without_singletons, lambda: one_table(of_exits(**ONE_KNOWS), "unknown")),
        (without_lowest, lambda: one_table(of_exits(**THREE_TWOS))),
        (without_sums, lambda: one_table(of_exits(**ONE_KNOWS))),
    ],
)
def test_the_attack_finds_a_rule_that_is_broken(monkeypatch, broken, made):
    persons, answers = made()
    groupings = ("sex",)
    whole = linked.release_all(answers, rule_for("standard"))
    assert attack(persons, whole, groupings, 5) == []
    make = linked.linked_system
    monkeypatch.setattr(linked, "linked_system", lambda *a, **k: broken(make(*a, **k)))
    assert attack(persons, linked.release_all(answers, rule_for("standard")), groupings, 5)


def test_the_attack_finds_points_that_few_lie_between():
    """Curves: were any day a point, single exits could be read from the blocks."""
    persons = reports.register(3, 80)
    out, rule = released(persons)
    everyone = out["events.everyone"].result
    days = sorted(persons.loc[persons["exit_class"] == "employment", "days"])
    cut = float(days[1])
    first = next(block for block in everyone.blocks if block.kind == "outcome")
    reached = persons["exit_class"].isin(["employment", "studies"])
    early = int((reached & (persons["days"] <= cut)).sum())
    split = (
        replace(first, end=cut, n=early),
        replace(first, start=cut, n=first.n - early),
        *(block for block in everyone.blocks if block is not first),
    )
    broken = {
        "persons": out["persons"],
        "share.all": out["share.all"],
        "events.everyone": replace(out["events.everyone"], result=replace(everyone, blocks=split)),
    }
    assert 0 < early < rule.threshold
    assert small_blocks(broken["events.everyone"].result, rule.threshold)
    assert not small_blocks(everyone, rule.threshold)


def small_blocks(events, threshold):
    return [block for block in events.blocks if 0 < block.n < threshold]


@pytest.mark.parametrize("seed", range(6))
def test_blocks_hold_nobody_or_the_threshold_and_add_up(seed):
    persons = reports.register(50 + seed, 60 + 40 * seed)
    out, rule = released(persons)
    for name in ("events.everyone", "events.sex", "events.place"):
        events = out[name].result
        assert not small_blocks(events, rule.threshold)
        for group in events.groups if events.blocks else ():
            own = [b.n for b in events.blocks if b.groups == ((group,) if group else ())
                   and b.kind in ("outcome", "other", "last_seen", "rest")]  # fmt: skip
            assert sum(own) == events.persons[group]


def test_time_for_a_whole_report_and_for_ten_groupings():
    ten = {f"g{i}": {f"l{j}": 1.0 / (j + 1) for j in range(2 + i % 5)} for i in range(10)}
    for n, groups, limit in ((267, None, 1.0), (1000, ten, 5.0)):
        persons = reports.register(0, n, groups)
        answers = reports.report(persons, groupings=list(groups or reports.GROUPS), curves=True)
        start = time.process_time()
        linked.release_all(answers, rule_for("standard", horizons=HORIZONS))
        assert time.process_time() - start < limit


def test_without_time_the_report_is_coarser_and_says_so():
    persons = reports.register(2, 60)
    answers = reports.report(persons, groupings=("sex",))
    out = linked.release_all(answers, rule_for("standard"), most_steps=0)
    assert all(one.notes == (linked.COARSER,) for one in out.values())
    assert attack(persons, out, ("sex",), 5) == []
    assert any(isinstance(one.result, Withheld) for one in out.values())


def test_a_slow_machine_withholds_the_same(monkeypatch: pytest.MonkeyPatch):
    answers = reports.report(reports.register(2, 60), groupings=("sex",))
    quick = linked.release_all(answers, rule_for("standard"))
    ticks = count()
    monkeypatch.setattr(programme.time, "process_time", lambda: next(ticks) * 2.0)
    more = programme.MOST_STEPS + 1  # or the tests remember what was chosen
    slow = linked.release_all(answers, rule_for("standard"), most_steps=more)
    assert next(ticks) * 2.0 > 30.0
    assert {name: repr(one) for name, one in slow.items()} == {
        name: repr(one) for name, one in quick.items()
    }


def test_an_unknown_shape_is_refused():
    persons = reports.register(1, 40)
    answer = replace(reports.table(persons, "sex"), result=object())
    with pytest.raises(TypeError, match="no disclosure rule"):
        linked.release_all([answer], rule_for("standard"))


def late_share(persons, reached: np.ndarray) -> Late:
    """A share that is asked once the pooled outcome stands."""
    everyone = np.ones(len(persons), dtype=bool)

    def make(_: object) -> Answer:
        return reports.share(persons, "late", everyone, reached, rank=3)

    return Late(id="late", of=("share.all",), make=make)


@pytest.mark.parametrize(("more", "stands"), [(0, True), (2, False), (8, True)])
def test_an_answer_that_others_decide_about_is_linked_with_all_else(more: int, stands: bool):
    """Two of those without the outcome counted as if they had it would be known to be two."""
    persons = of_exits(employment=30, ongoing=30)
    everyone = np.ones(60, dtype=bool)
    reached = np.arange(60) < 30
    pooled = reports.share(persons, "share.all", everyone, reached, rank=0)
    asks = [pooled, late_share(persons, np.arange(60) < 30 + more)]
    out = disclosure.release_all(asks, rule_for("standard"))
    assert isinstance(out["share.all"].result, Estimate)
    assert isinstance(out["late"].result, Estimate) is stands


@pytest.mark.parametrize(("men", "both_stand"), [(7, False), (12, True)])
def test_the_mean_of_a_few_does_not_follow_from_the_means_of_all_and_of_the_others(
    men: int, both_stand: bool
):
    """Thirty women and seven men: everyone's mean less the women's is the seven's."""
    n = 30 + men
    persons = reports.register(0, n, {"sex": {"woman": 1.0}})
    persons = persons.assign(sex=["woman"] * 30 + ["man"] * men)
    is_man = (persons["sex"] == "man").to_numpy()
    answers = [reports.table(persons, "sex")]
    for name, chosen in (("all", is_man >= 0), ("women", ~is_man), ("men", is_man)):
        mean = mean_days(persons.loc[chosen, "days"].to_numpy(dtype=float))
        answers.append(Answer(id=name, result=mean, members=(counted(chosen),)))
    out = linked.release_all(answers, rule_for("standard"))
    stands = [isinstance(out[name].result, Estimate) for name in ("all", "women", "men")]
    assert stands == ([True] * 3 if both_stand else [True, False, False])
    assert not out["persons.sex"].result.counts["is_withheld"].any()


@pytest.mark.parametrize(("both", "reached", "stand"), [(3, 1, 2), (6, 3, 2), (12, 6, 3)])
def test_two_periods_that_overlap_do_not_tell_of_the_few_in_both(both, reached, stand):
    """20 early, 20 late, and some in both periods: the two less everyone are those in both."""
    persons = of_exits(employment=40 + both)
    period = np.repeat([0, 1, 2], [20, both, 20])
    number = np.concatenate([np.arange(20), np.arange(both), np.arange(20)])
    at_work = number < np.array([9, reached, 8])[period]
    asks = [
        reports.share(persons, name, chosen, at_work, rank=1)
        for name, chosen in (("all", period >= 0), ("early", period < 2), ("late", period > 0))
    ]
    out = disclosure.release_all(asks, rule_for("standard"))
    assert sum(isinstance(one.result, Estimate) for one in out.values()) == stand


@pytest.mark.parametrize(("later", "reached", "stand"), [(3, 1, 3), (12, 3, 3), (12, 6, 4)])
def test_three_years_do_not_tell_of_the_few_of_the_fourth(later, reached, stand):
    """20 a year: everyone less the three years are those who came later, and of them those."""
    persons = of_exits(employment=60 + later)
    year = np.repeat([0, 1, 2, 3], [20, 20, 20, later])
    number = np.concatenate([np.tile(np.arange(20), 3), np.arange(later)])
    at_work = number < np.array([9, 8, 8, reached])[year]
    chosen = {"all": year >= 0} | {f"year {i}": year == i for i in range(3)}
    asks = [reports.share(persons, name, own, at_work, rank=1) for name, own in chosen.items()]
    out = disclosure.release_all(asks, rule_for("standard"))
    assert sum(isinstance(one.result, Estimate) for one in out.values()) == stand


@pytest.mark.parametrize(("beside", "stand"), [(4, 2), (12, 3)])
def test_two_groups_do_not_tell_of_the_few_of_a_longer_period(beside, stand):
    """Women and men to October, and all to September: the difference left in October."""
    persons = of_exits(employment=40 + beside, ongoing=20)
    late = np.arange(60 + beside) >= 40 + beside
    early, woman = np.arange(60 + beside) < 40, np.arange(60 + beside) % 2 == 0
    at_work = np.arange(60 + beside) % 4 < 2
    chosen = {"women": woman & ~late, "men": ~woman & ~late, "early": early}
    asks = [reports.share(persons, name, own, at_work, rank=1) for name, own in chosen.items()]
    out = disclosure.release_all(asks, rule_for("standard"))
    assert sum(isinstance(one.result, Estimate) for one in out.values()) == stand
