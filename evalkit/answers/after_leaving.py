"""Where persons are after leaving: at work on a day, throughout, for how many days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from evalkit.answers.asking import judged
from evalkit.answers.study import Study
from evalkit.project import Project
from evalkit.project.registers import FollowUp, name_among
from evalkit.results import (
    Answer,
    Ask,
    CannotBeComputed,
    Late,
    NotComputed,
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
DAYS = "days_in_state"
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

    def started_in(self, state: str) -> np.ndarray:
        """Who left to a state, of those followed."""
        found: np.ndarray = self.histories.first == self.histories.code(state)
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
            yield _share(study, found, name, who, day)


def of_whom(project: Project) -> tuple[str, ...]:
    """Those who left to work; all who left, where no common indicator tells of them already.

    Two shares of nearly the same persons, of two definitions, would tell of the few between.
    """
    return ("work",) if "esf_indicators" in project.chapters else WHO


def sustained(study: Study) -> Iterator[Ask]:
    """Of those who left to work: work throughout, up to each day.

    From contacts the last day has nearly the persons of the funders' definitions side by side,
    which rest on one chain: that is judged first, and this stands where it has room beside it.
    """
    found = leavers(study)
    is_beside = found.spec.kind == "contacts" and of_whom(study.project) != WHO
    yield PublicAnswer(id="after_leaving.beside", result=is_beside)
    for day in found.spec.days:
        name = f"after_leaving.sustained.{day}"
        answer = _sustained(study, found, name, day)
        if is_beside and day == max(found.spec.days):
            make = partial(_as_made, answer)
            yield Late(id=name, of=("after_leaving.beside",), make=make, is_last=True)
        else:
            yield answer


def _as_made(answer: Answer[Any], _: Any) -> Answer[Any]:
    return answer


def days_in_work(study: Study) -> Iterator[Ask]:
    """Mean days at work and return to unemployment within the longest time asked of."""
    found = leavers(study)
    horizon = max(found.spec.days)
    yield work_days(study, found, "after_leaving.days", horizon, found.started_in("work"))
    # From contacts the indicators' tables tell already who was unemployed.
    if found.spec.kind == "changes" or of_whom(study.project) == WHO:
        yield _return(study, found, horizon)


def states(study: Study) -> Iterator[Ask]:
    """The share in each state day by day, where every change is dated."""
    found = leavers(study)
    yield _states(study, found)


def conclusions(study: Study) -> Iterator[Ask]:
    """What follow-up after leaving can carry."""
    yield from still_in_work(study)


def leavers(study: Study) -> Leavers:
    """Everyone who left on a known day, from registers with a follow-up.

    Raises:
        CannotBeComputed: ``no_follow_up_after_leaving`` where no register has one; ``no_persons``.
    """
    project, spec = study.project, study.project.follow_up
    if spec is None:
        raise CannotBeComputed("no_follow_up_after_leaving")
    followed_in = [name_among(one, project.registers) for one in project.registers if one.follow_up]
    persons = study.persons
    left = persons["exit"].notna() & persons["register"].isin(followed_in)
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


def _share(study: Study, found: Leavers, name: str, who: str, day: int, state: str = "work") -> Ask:
    chosen = found.started_in("work") | (who != "work")
    given: dict[str, Any] = {
        "state": state,
        "day": found.last_day(day),
        "kind": found.spec.kind,
        "window": found.spec.window_days,
    }
    histories = found.histories.only(chosen)
    members = _members(found, seen_on_day(histories, **given), chosen)
    share = partial(share_in_state, histories, fewest=study.rule.threshold, **given)
    return judged(name, members, lambda: replace(share(), day=day))


def _sustained(study: Study, found: Leavers, name: str, day: int) -> Answer[Any]:
    given: dict[str, Any] = {
        "day": found.last_day(day),
        "kind": found.spec.kind,
        "window": found.spec.window_days,
    }
    everyone = np.ones(found.histories.n, dtype=bool)
    members = _members(found, sustained_to_day(found.histories, **given), everyone)
    work = partial(sustained_work, found.histories, fewest=study.rule.threshold, **given)
    return judged(name, members, lambda: replace(work(), day=day), measure=DAYS)


def _members(found: Leavers, seen: Seen, chosen: np.ndarray) -> tuple[Members, ...]:
    """Known or not among the followed, and in the state or not among the known."""

    def wide(own: np.ndarray) -> np.ndarray:
        placed = np.zeros(len(chosen), dtype=bool)
        placed[np.flatnonzero(chosen)] = own
        return found.mask(placed)

    followed, known, in_state = (wide(one) for one in (seen.followed, seen.known, seen.in_state))
    return share_members(followed, known), share_members(known, in_state)


def work_days(
    study: Study, found: Leavers, name: str, horizon: int, chosen: np.ndarray, fewest: int = 0
) -> Answer[Any]:
    """Mean days at work of those chosen; from contacts the least and the most they can be."""
    if found.spec.kind == "contacts":
        # The persons of the share on that day: of nearly the same ones the few between were told.
        until = chosen & (found.histories.followed >= found.last_day(horizon))
        members = (counted(found.mask(until)),)
        if until.sum() < fewest:
            why = NotComputed(reason="beyond_follow_up", facts={"measure": DAYS})
            return Answer(id=name, result=why, members=members)
        own = partial(days_range, found.histories.only(until), horizon=horizon)
        return judged(name, members, own, measure=DAYS)

    def days() -> Any:
        own = found.histories.only(chosen)
        curves = state_curves(own, kind="changes", horizon=horizon, fewest=_fewest(study))
        return mean_days_in(curves, state="work")

    return judged(name, (counted(found.mask(chosen)),), days, measure=DAYS, group="work")


def _return(study: Study, found: Leavers, horizon: int) -> Ask:
    """From contacts it is the share on the day they were asked of, and no more."""
    if found.spec.kind == "contacts":
        return _share(study, found, "after_leaving.return", "work", horizon, "unemployed")

    def returned() -> Any:
        curves = return_curves(
            found.histories,
            kind="changes",
            horizon=horizon,
            days=[horizon],
            fewest=_fewest(study),
        )
        return share_on_day(curves, state="unemployed", day=horizon)

    back = np.zeros(found.histories.n, dtype=bool)
    other = np.flatnonzero(found.histories.state != found.histories.code("work"))
    persons, first = np.unique(found.histories.person[other], return_index=True)
    rows = other[first]  # each person's first situation that is not work
    back[persons] = (found.histories.state[rows] == found.histories.code("unemployed")) & (
        found.histories.day[rows] <= horizon
    )
    members = share_members(found.mask(found.started_in("work")), found.mask(back))
    whose = {"measure": "state_share", "group": "unemployed"}
    return judged("after_leaving.return", (members,), returned, **whose)


def _states(study: Study, found: Leavers) -> Ask:
    if found.spec.kind == "contacts":
        return _no_curve("after_leaving.states")
    everyone = (counted(found.mask(np.ones(found.histories.n, dtype=bool))),)
    curves = partial(state_curves, found.histories, kind="changes", fewest=_fewest(study))
    answer = judged("after_leaving.states", everyone, curves)
    if not isinstance(answer.result, StateCurves):
        return answer
    return replace(answer, members=tuple(_by_state(found, int(d)) for d in answer.result.days))


def _by_state(found: Leavers, day: int) -> Members:
    """Those followed to a day by where they were then."""
    state, _ = found.histories.at(np.full(found.histories.n, float(day)))
    # A state of another day is another level: that few are in it is not known of this one.
    keys = tuple((f"{one} {day}",) for one in found.histories.states)
    cells = np.full(found.population, OUTSIDE, dtype=np.int64)
    cells[found.rows] = np.where(found.histories.followed >= day, state, OUTSIDE)
    return Members(cells=cells, keys=keys)


def _no_curve(name: str) -> PublicAnswer[NotComputed]:
    return PublicAnswer(id=name, result=NotComputed(reason="contacts_have_no_curve"))


def _fewest(study: Study) -> int:
    return max(FEWEST_FOLLOWED, study.rule.threshold)
