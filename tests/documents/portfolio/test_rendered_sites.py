"""Sites of several projects compared over truly rendered reports of made-up projects."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from benchmarks.samples.many import plan, write_project
from benchmarks.samples.many_register import persons
from benchmarks.samples.people import SUCCESS
from evalkit.batch.run import render
from evalkit.documents.portfolio.comparison import Compared, compared_sites
from evalkit.documents.portfolio.entries import open_portfolio
from evalkit.results import Estimate

pytestmark = pytest.mark.slow

NUMBERS = (11, 15, 17)  # the first with sites of some size


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Their chapters on sites, in Swedish, as web pages."""
    folder = tmp_path_factory.mktemp("sites")
    files = [write_project(folder / "projects", plan(number)) for number in NUMBERS]
    for file in files:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        content["chapters"] = ["sites"]
        file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    outcomes = render(files, output=folder / "reports", languages=["sv"], formats=["html"])
    assert not [outcome.failures for outcome in outcomes if outcome.failures]
    return folder / "reports"


@pytest.fixture(scope="module")
def compared(reports: Path) -> Compared:
    found = compared_sites(open_portfolio(reports))
    assert found is not None
    return found


def counted() -> dict[str, tuple[int, int]]:
    """Site and project → with the outcome, of all; straight from the generator's own frame."""
    found = {}
    for planned in map(plan, NUMBERS):
        everyone = persons(planned)
        for code, name in planned.municipalities.items():
            outcome = everyone.loc[everyone["municipality"] == code, "outcome"]
            label = f"{name}, {planned.name[0]} – {planned.area}"
            found[label] = (int(outcome.isin(SUCCESS).sum()), len(outcome))
    return found


def test_every_site_of_every_project_stands_there_with_its_own_counts(compared: Compared) -> None:
    sites = compared.released.result.sites
    shown = {
        label: (round(site.value * site.n), site.n)
        for label, site in zip(compared.labels, sites, strict=True)
        if isinstance(site, Estimate)
    }
    assert shown == counted()
    assert (compared.dimension, compared.denominator) == ("municipality", "participants")


def test_their_mean_and_spread_agree_with_metafor(compared: Compared) -> None:
    found = compared.released.result
    # R, metafor: r <- rma(measure="PLO", xi=c(53,28,33,19,21,12,7),
    #   ni=c(228,104,108,59,73,31,15), method="REML", test="adhoc")
    # plogis(c(r$b, r$ci.lb, r$ci.ub)); sqrt(r$tau2); r$QE; plogis of predict(r)'s pi.lb, pi.ub
    pooled = (found.pooled.value, found.pooled.low, found.pooled.high)
    assert pooled == pytest.approx((0.28859415149, 0.23834592814, 0.34464232426), rel=1e-5)
    assert found.spread == pytest.approx(0.12868431683, rel=1e-3)
    assert found.test.statistic == pytest.approx(7.6601881968, rel=1e-9)
    further = (found.further.low, found.further.high)
    assert further == pytest.approx((0.21243951812, 0.37891393788), rel=1e-4)


def test_the_funnel_holds_each_site_at_its_size_and_on_its_side(compared: Compared) -> None:
    points, sizes = compared.released.result.funnel.points, counted()
    assert [point.size for point in points] == [sizes[label][1] for label in compared.labels]
    for point in points:
        low, high = point.narrow
        assert (point.zone == "inside") == (low <= point.row.value <= high)


def test_the_page_names_every_site_beside_its_project(reports: Path) -> None:
    page = (reports / "index.html").read_text(encoding="utf-8").replace("\u00a0", " ")
    assert "Kommun: till arbete eller studier" in page
    for label in counted():
        assert label in page
