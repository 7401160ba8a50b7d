"""The indicator tables of the twelve invented participants, worked by hand.

Who is who stands in ``conftest.py``. Beside each figure are the numbers of the persons it
counts; the rules are those of Regulation (EU) No 1304/2013 and (EU) 2021/1057, Annex I.
"""

from __future__ import annotations

import pandas as pd
import pytest

from evalkit.results import CountTable
from evalkit.statistics.indicators.counts import (
    ALL_ENROLLED,
    COMPLETE,
    INCOMPLETE_ENROLLED,
    INCOMPLETE_LEFT,
    TOTAL,
    by_sex,
    leaving_divisions,
    linked_tables,
    lost_records,
    not_collected,
    output_count,
    output_divisions,
    record_division,
    refused_records,
)
from evalkit.statistics.indicators.definitions import CodeList, code_list, other_funders
from evalkit.statistics.indicators.other_funders import income_support, reconcile
from evalkit.statistics.indicators.outcomes import (
    OutcomeCounts,
    after_leaving_division,
    outcome_counts,
    outcome_division,
    validations,
)
from tests.statistics.indicators.conftest import Records

OLD, NEW = code_list("esf_2014_2020"), code_list("esf_plus_2021_2027")

# Women, men, all; the persons counted beside. No. 6 lacks education: in no code of 2014–2020.
OUTPUTS_2014_2020 = {
    "CO01": (4, 3, 7),  # 1 5 7 11 | 2 10 12
    "CO02": (2, 1, 3),  # 1 under 25 and over six months, 7 over a year | 2; 5 had 365 days: no
    "CO03": (2, 1, 3),  # 3 9 | 4
    "CO04": (1, 1, 2),  # 3 | 4; 9 studies
    "CO05": (0, 1, 1),  # 8
    "CO06": (2, 1, 3),  # 1 was 24 at the first start, 9 | 12
    "CO07": (1, 1, 2),  # 11 | 4
    "CO08": (1, 1, 2),  # 11 | 4
    "CO09": (3, 2, 5),  # 1 at the first start, 9 11 | 4 12
    "CO10": (1, 3, 4),  # 5 | 2 8 10
    "CO11": (2, 0, 2),  # 3 7
    "CO15": (0, 1, 1),  # 10; 3 refused
    "CO16": (1, 0, 1),  # 11; 7 refused
}
OUTPUTS_2021_2027 = {
    "EECO02": (4, 4, 8),  # 6 counts: education is not required
    "EECO03": (2, 1, 3),
    "EECO04": (2, 1, 3),
    "EECO05": (0, 1, 1),
    "EECO06": (0, 1, 1),  # 12
    "EECO07": (3, 0, 3),  # 1 7 9
    "EECO08": (1, 1, 2),  # 11 | 4
    "EECO09": (3, 2, 5),
    "EECO10": (1, 3, 4),
    "EECO11": (2, 0, 2),
    "EECO12": (1, 0, 1),
    "EECO14": (0, 1, 1),
}
# Started, finished, not yet observable, no information, observed, reached.
RESULTS_2014_2020 = {
    "CR01": (3, 2, 0, 0, 2, 1),  # at risk 3 4 9; 4 searched on day 8; 3 worked on day 28
    "CR02": (10, 10, 1, 1, 8, 1),  # all but 9, who studied; 5 not yet; 10 unknown; 7
    "CR03": (11, 10, 1, 1, 8, 1),  # 7 got a certificate on day 19
    "CR04": (10, 9, 1, 1, 7, 4),  # without 8; observed 1 2 3 4 7 11 12; reached 1 3 11 12
    "CR05": (2, 2, 0, 1, 1, 1),  # 10 unknown; 11 in a municipal job
    "CR06": (10, 9, 3, 1, 5, 3),  # 5 11 12 not yet; 10 unknown; of 1 2 3 4 7 reached 1 3 4
    "CR07": (1, 1, 0, 0, 1, 1),  # 8
    "CR08": (2, 2, 1, 0, 1, 1),  # 4; 11 not yet
    "CR09": (2, 2, 1, 1, 0, 0),  # 10 unknown, 11 not yet
}
RESULTS_2021_2027 = {
    "EECR01": (3, 2, 0, 0, 2, 1),
    "EECR02": (11, 11, 1, 1, 9, 1),
    "EECR03": (12, 11, 1, 1, 9, 1),
    "EECR04": (11, 10, 1, 1, 8, 5),  # 6 too
    "EECR05": (11, 10, 3, 2, 5, 3),  # 6 was never heard of again
    "EECR06": (1, 1, 0, 0, 1, 1),
}


def cells(table: CountTable, sex: str = TOTAL) -> dict[str, int | None]:
    rows = table.counts[table.counts["sex"] == sex]
    return dict(zip(rows["code"], rows["n"], strict=True))


@pytest.mark.parametrize(
    ("codes", "expected"), [(OLD, OUTPUTS_2014_2020), (NEW, OUTPUTS_2021_2027)]
)
def test_output_tables_are_those_worked_by_hand(
    records: Records, codes: CodeList, expected: dict[str, tuple[int, int, int]]
) -> None:
    found = records(codes)
    divisions = output_divisions(found, codes)
    for code, counts in expected.items():
        table = by_sex(found, divisions[codes.indicator(code).block])
        assert tuple(cells(table, sex)[code] for sex in ("woman", "man", TOTAL)) == counts, code
        assert output_count(found, codes, code) == counts[-1], code


@pytest.mark.parametrize(
    ("codes", "expected"), [(OLD, RESULTS_2014_2020), (NEW, RESULTS_2021_2027)]
)
def test_result_tables_are_those_worked_by_hand(
    records: Records, codes: CodeList, expected: dict[str, tuple[int, ...]]
) -> None:
    found = records(codes)
    for code, counts in expected.items():
        assert _of(by_sex(found, outcome_division(found, codes.indicator(code))), code) == counts, (
            code
        )


def test_results_by_sex_add_up_to_the_total(records: Records) -> None:
    table = by_sex(records(OLD), outcome_division(records(OLD), OLD.indicator("CR04")))
    assert _of(table, "CR04", "woman") == (6, 5, 1, 0, 4, 3)  # 1 3 5 7 9 11; reached 1 3 11
    assert _of(table, "CR04", "man") == (4, 4, 0, 1, 3, 1)  # 2 4 10 12; reached 12


def test_an_incomplete_record_counts_in_the_grand_total_only(records: Records) -> None:
    for codes, complete in ((OLD, 11), (NEW, 12)):
        found = records(codes)
        assert cells(by_sex(found, record_division(found))) == {
            "complete": complete,
            "incomplete": 12 - complete,
            TOTAL: 12,
        }
    assert output_count(records(NEW), NEW, "EECO01") == 12


def test_everybody_counts_in_no_block_of_codes(records: Records) -> None:
    """EECO01 is all records, incomplete ones too, and divides nothing."""
    assert set(output_divisions(records(NEW), NEW)) == {
        "status", "long_term", "age", "education", "disability", "foreign_background",
    }  # fmt: skip


def test_a_part_counts_within_its_whole_only(records: Records) -> None:
    """9, who studied at entry, is under 25: registered as out of work for a year, still not 03."""
    found = records(NEW)
    ninth = found.index[8]
    found = found.assign(unemployed_days=found["unemployed_days"].where(found.index != ninth, 366))
    assert output_count(found, NEW, "EECO03") == 3  # 1 7 2, as before


def test_a_code_of_organisations_counts_no_persons(records: Records) -> None:
    with pytest.raises(ValueError, match="EECO18 does not count persons"):
        output_count(records(NEW), NEW, "EECO18")


def test_a_sex_that_nobody_has_is_left_out_unless_it_is_one_of_the_two(records: Records) -> None:
    found = records(NEW)
    table = by_sex(found, record_division(found))
    assert list(dict.fromkeys(table.counts["sex"])) == ["woman", "man", TOTAL]
    women = found[found["sex"] == "woman"]
    table = by_sex(women, record_division(women))
    assert cells(table, "man") == {"complete": 0, "incomplete": 0, TOTAL: 0}


def test_only_sums_are_margins(records: Records) -> None:
    table = by_sex(records(NEW), record_division(records(NEW))).counts
    inner = table.loc[~table["is_margin"], ["code", "sex"]].to_numpy().tolist()
    assert inner == [[c, s] for c in ("complete", "incomplete") for s in ("woman", "man")]
    assert len(table) == 9


def test_records_lost_are_listed_per_variable_and_refusals_apart(records: Records) -> None:
    lost = {name: round(share.value * share.n) for name, share in lost_records(records(OLD), OLD)}
    assert lost == {"sex": 0, "status": 0, "age": 0, "education": 1}
    refused = {name: share.cells[0] for name, share in refused_records(records(OLD), OLD)}
    assert refused == {"foreign_background": 1, "disability": 1}


def test_codes_that_the_register_cannot_tell_are_listed(records: Records) -> None:
    assert not_collected(records(OLD), OLD.indicators) == ("CO17", "CO18", "CO19")
    assert not_collected(records(NEW), NEW.indicators) == ("EECO13", "EECO15", "EECO16", "EECO17")


def test_what_came_after_leaving_is_divided_as_swedish_reporting_asks(records: Records) -> None:
    found = records(OLD)
    assert cells(by_sex(found, after_leaving_division(found))) == {
        "after:employment": 5,  # 1 3 8 11 12
        "after:studies": 1,  # 7
        "after:programme": 0,
        "after:other": 2,  # 2 4
        "after:no_information": 1,  # 10
        "after:not_yet_observable": 1,  # 5
        "after:still_enrolled": 1,  # 9
        "incomplete": 1,  # 6
        TOTAL: 12,
    }


def test_a_zero_outside_the_risk_is_a_cell_only_where_readers_do_not_know_it(
    records: Records,
) -> None:
    def has_outside(found: pd.DataFrame) -> bool:
        return "CR01:not_at_risk" in outcome_division(found, OLD.indicator("CR01")).order

    found = records(OLD)
    inactive = found[found["status"].isin(["inactive", "studies"])]  # 3 4 9
    assert has_outside(found)
    assert not has_outside(inactive)
    sixth = found.iloc[[5]]  # out of work, but incomplete: counted apart
    assert not has_outside(pd.concat([inactive, sixth]))


def test_incomplete_records_meet_the_tables_of_all_who_left(records: Records) -> None:
    """6 has left and lacks education; here 5 is made to lack it too, and to be enrolled still."""
    found = records(OLD)
    fifth, sixth = found.index[4], found.index[5]
    found = found.assign(
        complete=found["complete"].where(~found.index.isin([fifth, sixth]), "no"),
        immediate_window=found["immediate_window"].where(found.index != fifth, "enrolled"),
    )
    by_completeness, everyone = leaving_divisions(found, after_leaving_division(found))
    assert cells(by_sex(found, by_completeness)) == {
        COMPLETE: 10,
        INCOMPLETE_LEFT: 1,  # 6
        INCOMPLETE_ENROLLED: 1,  # 5
        TOTAL: 12,
    }
    assert cells(by_sex(found, everyone)) == {
        "after:employment": 5,
        "after:studies": 1,
        "after:programme": 0,
        "after:other": 2,
        "after:no_information": 1,
        "after:not_yet_observable": 0,
        INCOMPLETE_LEFT: 1,
        ALL_ENROLLED: 2,  # 5 9
        TOTAL: 12,
    }


def test_levels_that_nobody_has_keep_names_of_their_own(records: Records) -> None:
    found = records(OLD)
    names = linked_tables(
        found, [after_leaving_division(found), outcome_division(found, OLD.indicator("CR07"))]
    ).names
    assert names["after:programme"] == "after:programme"
    assert names["CR07:no_information"] == "CR07:no_information"  # 8 was heard of


def test_the_same_persons_have_one_name_in_all_tables(records: Records) -> None:
    """Only 5 is not yet observable, among all who left and among those who could find work."""
    found = records(OLD)
    divisions = [
        after_leaving_division(found),
        *(outcome_division(found, OLD.indicator(code)) for code in ("CR02", "CR04", "CR06")),
    ]
    names = linked_tables(found, divisions).names
    five = names["after:not_yet_observable"]
    assert names["CR02:not_yet_observable"] == names["CR04:not_yet_observable"] == five
    assert names["CR06:not_yet_observable"] != five  # 5 11 12
    assert names["CR02:reached"] == names["after:studies"]  # 7
    assert names["CR04:reached"] != names["after:employment"]  # 8 worked at entry


def test_every_validation_test_holds(records: Records, codes: CodeList) -> None:
    assert {test.verdict for test in validations(records(codes), codes)} == {"holds"}


def test_a_follow_up_of_contacts_carries_no_status_to_the_sixth_month(records: Records) -> None:
    """1 was asked in November, 4 on day 29; nobody asked 2, 3 and 7 after the first weeks."""
    found = records(OLD, follow_up="contacts")
    assert _of(by_sex(found, outcome_division(found, OLD.indicator("CR06"))), "CR06") == (
        10,
        9,
        3,
        4,
        2,
        2,
    )


def test_every_step_between_two_shares_tells_whom_it_moves(records: Records) -> None:
    steps = reconcile(records(OLD), other_funders().chains[0].steps)
    told = [(s.changes, s.estimate.cells[0], s.estimate.n, s.moves) for s in steps]
    assert told == [
        (("own",), 6, 11, (0, 0, 0, 0)),  # 1 2 5 6 7 12
        (("no_municipal_jobs",), 6, 11, (0, 0, 0, 0)),
        (("work_a_month",), 5, 11, (0, 0, 1, 0)),  # 2
        (("kolada",), 5, 11, (0, 0, 0, 0)),
        (("observed",), 3, 7, (4, 0, 2, 0)),  # out 5 6 8 10, of whom 5 and 6 counted
        (("work_only",), 2, 7, (0, 0, 1, 0)),  # 7
        (("last_event_decides",), 4, 7, (0, 0, 0, 2)),  # 3 11
        (("six_months_known",), 2, 5, (2, 0, 2, 0)),  # out 11 12
        (("six_months_status",), 3, 5, (0, 0, 0, 1)),  # 4
    ]


def test_income_support_before_is_not_invented(records: Records) -> None:
    assert income_support(records(OLD)) is None  # the register has it after leaving only


def _of(table: CountTable, code: str, sex: str = TOTAL) -> tuple[int | None, ...]:
    counts: OutcomeCounts = outcome_counts(cells(table, sex), code)
    return (
        counts.started,
        counts.finished,
        counts.not_yet_observable,
        counts.no_information,
        counts.observed,
        counts.reached,
    )
