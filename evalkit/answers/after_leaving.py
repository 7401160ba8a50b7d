"""Where persons are after leaving: at work on a day, throughout, for how many days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from evalkit.answers.asking import attempt
from evalkit.answers.study import Study
from evalkit.intake import printed_name
from evalkit.project import Project
from evalkit.project.registers import FollowUp
from evalkit.results import (
    Answer,
    Ask,
    BoundedShare,
    CannotBeComputed,
    PublicAnswer,
    StateCurves,
)
from evalkit.results.answers import OUTSIDE, Members, counted, share_members
from evalkit.statistics.states.curves import (
    FEWEST_FOLLOWED,
    mean_days_in,
    return_curves,
    share_on_day,
    state_curves,
)
from evalkit.statistics.states.histories import Histories, read_histories
from evalkit.statistics.states.on_a_day import (
    Seen,
    days_range,
    seen_on_day,
    share_in_state,
    sustained_to_day,
    sustained_work,
)

WHO = ("work", "all")
STATES = ("work", "studies", "unemployed", "other", "unknown")
# A municipal job is no work of the kind that is asked for; a qualification is no situation.
STATE_OF = {
    "employment": "work",
    "studies": "studies",
    "programme": "unemployed",
    "unemployed": "unemployed",
    "long_term_unemployed": "unemployed",
    "referred_back": "unemployed",
    "municipal_employment": "other",
    "health_or_leave": "other",
    "inactive": "other",
    "sick": "other",
    "parental_leave": "other",
    "moved_or_deceased": "unknown",
    "dropout": "unknown",
    "completed_unknown": "unknown",
    "unknown": "unknown",
}


@dataclass(frozen=True, slots=True, eq=False)
class Leavers:
    """Those who have left on a known day, with their statuses since.

    Attributes:
        spec: How they were followed.
        histories: In the order of ``rows``.
        rows: ``(n,)`` position of each among the study's persons.
        population: Persons of the study.
    """

    spec: FollowUp
    histories: Histories
    rows: np.ndarray
    population: int

    def mask(self, own: np.ndarray) -> np.ndarray:
        """Over all persons of the study."""
        found = np.zeros(self.population, dtype=bool)
        found[self.rows[own]] = True
        return found

    def last_day(self, day: int) -> int:
        """The day up to which an answer to the question of a day may have come."""
        return day + (self.spec.slack_days if self.spec.kind == "contacts" else 0)


def still_in_work(study: Study) -> Iterator[Ask]:
    """The share at work some days after leaving, with the unknown at both extremes."""
    found = leavers(study)
    for day in found.spec.days:
        for who in of_whom(study.project):
            name = f"after_leaving.share.{who}.{day}"
            yield attempt(name, partial(_share, study, found, name, who, day))


def of_whom(project: Project) -> tuple[str, ...]:
    """Those who left to work; all who left, where no common indicator tells of them already.

    Two shares of nearly the same persons, of two definitions, would tell of the few between.
    """
    return ("work",) if "esf_indicators" in project.chapters else WHO


def sustained(study: Study) -> Iterator[Ask]:
    """Of those who left to work: work throughout, up to each day."""
    found = leavers(study)
    for day in found.spec.days:
        name = f"after_leaving.sustained.{day}"
        yield attempt(name, partial(_sustained, study, found, name, day))


def days_in_work(study: Study) -> Iterator[Ask]:
    """Mean days at work and return to unemployment within the longest time asked of."""
    found = leavers(study)
    horizon = max(found.spec.days)
    yield attempt("after_leaving.days", partial(_days, study, found, horizon))
    # From contacts the indicators' tables tell already who was unemployed.
    if found.spec.kind == "changes" or of_whom(study.project) == WHO:
        yield attempt("after_leaving.return", partial(_return, study, found, horizon))


def states(study: Study) -> Iterator[Ask]:
    """The share in each state day by day, where every change is dated."""
    found = leavers(study)
    yield attempt("after_leaving.states", partial(_states, study, found))


def conclusions(study: Study) -> Iterator[Ask]:
    """What follow-up after leaving can carry."""
    yield from still_in_work(study)


def leavers(study: Study) -> Leavers:
    """Everyone who left on a known day, from registers with a follow-up.

    Raises:
        CannotBeComputed: ``no_follow_up_after_leaving`` where no register has one; ``no_persons``.
    """
    specs = {
        printed_name(one, study.project): one.follow_up
        for one in study.project.registers
        if one.follow_up is not None
    }
    if not specs:
        raise CannotBeComputed("no_follow_up_after_leaving")
    first = next(iter(specs.values()))
    careful = any(spec.kind == "contacts" for spec in specs.values())
    spec = first.model_copy(update={"kind": "contacts" if careful else "changes"})
    persons = study.persons
    left = persons["exit"].notna() & persons["register"].isin(list(specs))
    left &= ~study.ends_unknown.reindex(persons.index).fillna(False).astype(bool)
    chosen = persons[left.to_numpy(dtype=bool)]
    if chosen.empty:
        raise CannotBeComputed("no_persons")
    cut = pd.Timestamp(study.project.data_cut)
    followed = pd.Series((cut - chosen["exit"]).dt.days.to_numpy(), index=chosen["person"])
    return Leavers(
        spec,
        read_histories(_statuses(study, chosen), followed, states=STATES),
        np.flatnonzero(left.to_numpy(dtype=bool)),
        len(persons),
    )


def _statuses(study: Study, chosen: pd.DataFrame) -> pd.DataFrame:
    """The way out on day 0, and every dated status later than that."""
    start = pd.DataFrame({"id": chosen["person"], "day": 0, "status": chosen["exit_class"]})
    later = study.dated_statuses.merge(chosen[["person", "exit"]], on="person")
    later = later.assign(id=later["person"], day=(later["date"] - later["exit"]).dt.days)
    rows = pd.concat([start, later.loc[later["day"] > 0, ["id", "day", "status"]]])
    rows = rows[rows["status"].isin(list(STATE_OF))]
    return rows.assign(status=rows["status"].map(STATE_OF))


def _share(
    study: Study, found: Leavers, name: str, who: str, day: int, state: str = "work"
) -> Answer[BoundedShare]:
    chosen = np.ones(found.histories.n, dtype=bool)
    if who == "work":
        chosen = found.histories.first == found.histories.code("work")
    given: dict[str, Any] = {
        "state": state,
        "day": found.last_day(day),
        "kind": found.spec.kind,
        "window": found.spec.window_days,
    }
    histories = found.histories.only(chosen)
    result = share_in_state(histories, fewest=study.rule.threshold, **given)
    seen = seen_on_day(histories, **given)
    return Answer(id=name, result=replace(result, day=day), members=_members(found, seen, chosen))


def _sustained(study: Study, found: Leavers, name: str, day: int) -> Ask:
    given: dict[str, Any] = {
        "day": found.last_day(day),
        "kind": found.spec.kind,
        "window": found.spec.window_days,
    }
    result = sustained_work(found.histories, fewest=study.rule.threshold, **given)
    seen = sustained_to_day(found.histories, **given)
    everyone = np.ones(found.histories.n, dtype=bool)
    return Answer(id=name, result=replace(result, day=day), members=_members(found, seen, everyone))


def _members(found: Leavers, seen: Seen, chosen: np.ndarray) -> tuple[Members, ...]:
    """Known or not among the followed, and in the state or not among the known."""

    def wide(own: np.ndarray) -> np.ndarray:
        placed = np.zeros(len(chosen), dtype=bool)
        placed[np.flatnonzero(chosen)] = own
        return found.mask(placed)

    followed, known, in_state = (wide(one) for one in (seen.followed, seen.known, seen.in_state))
    return share_members(followed, known), share_members(known, in_state)


def _days(study: Study, found: Leavers, horizon: int) -> Ask:
    workers = found.histories.starting_in("work")
    to_work = found.histories.first == found.histories.code("work")
    name = "after_leaving.days"
    if found.spec.kind == "contacts":
        # The persons of the share on that day: of nearly the same ones the few between were told.
        until = to_work & (found.histories.followed >= found.last_day(horizon))
        result = days_range(found.histories.only(until), horizon=horizon)
        return Answer(id=name, result=result, members=(counted(found.mask(until)),))
    curves = state_curves(workers, kind="changes", horizon=horizon, fewest=_fewest(study))
    members = (counted(found.mask(to_work)),)
    return Answer(id=name, result=mean_days_in(curves, state="work"), members=members)


def _return(study: Study, found: Leavers, horizon: int) -> Ask:
    """From contacts it is the share on the day they were asked of, and no more."""
    if found.spec.kind == "contacts":
        return _share(study, found, "after_leaving.return", "work", horizon, "unemployed")
    to_work = found.histories.first == found.histories.code("work")
    curves = return_curves(
        found.histories,
        kind="changes",
        horizon=horizon,
        days=[horizon],
        fewest=_fewest(study),
    )
    result = share_on_day(curves, state="unemployed", day=horizon)
    back = np.zeros(found.histories.n, dtype=bool)
    other = np.flatnonzero(found.histories.state != found.histories.code("work"))
    persons, first = np.unique(found.histories.person[other], return_index=True)
    rows = other[first]  # each person's first situation that is not work
    back[persons] = (found.histories.state[rows] == found.histories.code("unemployed")) & (
        found.histories.day[rows] <= horizon
    )
    members = share_members(found.mask(to_work), found.mask(back))
    return Answer(id="after_leaving.return", result=result, members=(members,))


def _states(study: Study, found: Leavers) -> Ask:
    if found.spec.kind == "contacts":
        return PublicAnswer(id="after_leaving.states", result=_no_curve())
    curves: StateCurves = state_curves(found.histories, kind="changes", fewest=_fewest(study))
    days = tuple(_by_state(found, int(day)) for day in curves.days)
    return Answer(id="after_leaving.states", result=curves, members=days)


def _by_state(found: Leavers, day: int) -> Members:
    """Those followed to a day by where they were then."""
    state, _ = found.histories.at(np.full(found.histories.n, float(day)))
    # A state of another day is another level: that few are in it is not known of this one.
    keys = tuple((f"{one} {day}",) for one in found.histories.states)
    cells = np.full(found.population, OUTSIDE, dtype=np.int64)
    cells[found.rows] = np.where(found.histories.followed >= day, state, OUTSIDE)
    return Members(cells=cells, keys=keys)


def _no_curve() -> Any:
    raise CannotBeComputed("contacts_have_no_curve")


def _fewest(study: Study) -> int:
    return max(FEWEST_FOLLOWED, study.rule.threshold)
