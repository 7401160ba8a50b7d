"""Fetching from services that answer late, wrong, in pieces or not at all."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest
import xlsxwriter
import yaml

from evalkit import chapters as sections
from evalkit import cli
from evalkit.answers.study import open_study
from evalkit.batch.fetch.cache import fetch_project
from evalkit.batch.fetch.client import ATTEMPTS, CALLS_PER_SECOND, Client, FetchError
from evalkit.batch.fetch.services import MOST_CELLS, within_limit
from evalkit.intake import IntakeError, read_series
from evalkit.intake.official.origin import is_as_fetched, read_origin
from evalkit.language import LANGUAGES
from evalkit.project import Project, ProjectError, load_project
from tests.batch.fetch.conftest import Service
from tests.chapters.test_sections import text_of

TEXT = {"sv": "Prov", "en": "Test"}


def project_with(folder: Path, download: dict[str, Any], **changes: Any) -> Project:
    series = {
        "id": "official", "title": TEXT, "file": "official.csv", "unit": TEXT, "source": "Källa",
        "area": "Eskilstuna", "reference": "Riket", "period": ["2016", "2018"],
        "download": download, **changes,
    }  # fmt: skip
    content = {
        "id": "prov", "title": TEXT, "summary": TEXT, "data_cut": "2019-01-01",
        "period": {"start": "2017-01-01", "end": "2018-12-31"},
        "series": [series], "chapters": ["trend_against_reference"],
    }  # fmt: skip
    file = folder / "project.yaml"
    file.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return load_project(file)


def kolada(service: Service) -> dict[str, Any]:
    return {
        "service": "kolada", "base": service.address, "kpi": "N03937", "years": [2016, 2018],
        "areas": {"0484": "Eskilstuna", "0000": "Riket"},
    }  # fmt: skip


def page(municipality: str, values: dict[int, float | None], following: str = "") -> dict[str, Any]:
    """A page as version 3 of Kolada's interface writes it."""
    return {
        "next_url": following or None,
        "previous_url": None,
        "count": len(values),
        "values": [
            {
                "kpi": "N03937", "municipality": municipality, "period": year,
                "values": [
                    {"gender": "K", "value": 99.0, "count": 1, "status": "", "isdeleted": False},
                    {"gender": "T", "value": value, "count": 1, "status": "", "isdeleted": False},
                ],
            }
            for year, value in values.items()
        ],
    }  # fmt: skip


ESKILSTUNA = {2016: 5.459399, 2017: 5.01858, 2018: 4.728684}
NATION = {2016: 3.163472, 2017: 3.169906, 2018: 3.041128}


def test_pages_are_followed_and_written_with_their_origin(
    tmp_path: Path, service: Service, client: Client
) -> None:
    service.reply(page("0484", ESKILSTUNA, following="/v3/second")).reply(page("0000", NATION))
    project = project_with(tmp_path, kolada(service))
    (found,) = fetch_project(project, client)
    assert found.outcome == "fetched"
    assert [path for path, _ in service.asked] == [
        "/data/kpi/N03937/municipality/0484,0000/year/2016,2017,2018",
        "/v3/second",
    ]
    series, findings = read_series(project, project.series[0])
    assert findings == ()
    rows = series.observations
    assert rows[rows["area"] == "Eskilstuna"]["value"].tolist() == list(ESKILSTUNA.values())
    origin = read_origin(tmp_path / "official.csv")
    assert origin is not None
    assert origin.query == {"kpi": "N03937", "years": [2016, 2018], "gender": "T"}
    assert origin.licence
    assert origin.fetched.endswith("+00:00")
    assert is_as_fetched(tmp_path / "official.csv", origin)


def test_a_file_already_there_is_kept_without_asking(
    tmp_path: Path, service: Service, client: Client
) -> None:
    service.reply(page("0484", ESKILSTUNA)).reply(page("0484", {2016: 1.0}))
    project = project_with(tmp_path, kolada(service))
    list(fetch_project(project, client))
    (kept,) = fetch_project(project, client)
    assert (kept.outcome, kept.observations, len(service.asked)) == ("kept", 3, 1)
    (again,) = fetch_project(project, client, is_refreshed=True)
    assert (again.outcome, again.observations) == ("fetched", 1)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"source": 7}', b"[" * 100_000, b"\xff\xfe",
     b'{"source": "a", "query": {}, "licence": "b", "fetched": "yesterday"}'],
)  # fmt: skip
def test_a_series_whose_origin_is_damaged_is_fetched_again(
    tmp_path: Path, service: Service, client: Client, content: bytes
) -> None:
    service.reply(page("0484", ESKILSTUNA)).reply(page("0484", ESKILSTUNA))
    project = project_with(tmp_path, kolada(service))
    list(fetch_project(project, client))
    origin = tmp_path / "official.csv.source.json"
    whole = origin.read_bytes()
    origin.write_bytes(content)
    (found,) = fetch_project(project, client)
    assert found.outcome == "fetched"
    assert json.loads(origin.read_bytes())["sha256"] == json.loads(whole)["sha256"]


def test_busy_and_failing_services_are_asked_again_after_a_pause(
    tmp_path: Path, service: Service, client: Client, pauses: list[float]
) -> None:
    service.reply(b"slow down", status=429, Retry_After="7").reply(b"oops", status=500)
    service.reply(page("0484", ESKILSTUNA))
    (found,) = fetch_project(project_with(tmp_path, kolada(service)), client)
    assert found.observations == 3
    assert pauses == [7.0, 2.0]


def test_a_truncated_answer_is_asked_for_again(
    tmp_path: Path, service: Service, client: Client, pauses: list[float]
) -> None:
    whole = json.dumps(page("0484", ESKILSTUNA)).encode()
    service.reply(whole[: len(whole) // 2])  # a proxy that closes early but says it is done
    service.reply(whole[:40], Content_Length=str(len(whole)))  # a connection that breaks
    service.reply(whole)
    (found,) = fetch_project(project_with(tmp_path, kolada(service)), client)
    assert found.observations == 3
    assert len(pauses) == 2


@pytest.mark.parametrize("status", [500, 429, 503])
def test_a_service_that_never_answers_leaves_the_old_file(
    tmp_path: Path, service: Service, client: Client, status: int
) -> None:
    project = project_with(tmp_path, kolada(service))
    service.reply(page("0484", ESKILSTUNA))
    list(fetch_project(project, client))
    before = (tmp_path / "official.csv").read_bytes()
    service.replies.clear()
    service.reply(b"no", status=status)
    with pytest.raises(FetchError, match=f"answered {status}, {ATTEMPTS} times"):
        list(fetch_project(project, client, is_refreshed=True))
    assert (tmp_path / "official.csv").read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "official.csv", "official.csv.source.json", "project.yaml",
    ]  # fmt: skip


def test_a_host_that_refuses_is_said_at_once_and_names_the_files(
    tmp_path: Path, client: Client, pauses: list[float]
) -> None:
    with socket.socket() as taken:  # bound and not listening: nobody else can answer there
        taken.bind(("127.0.0.1", 0))
        download = {
            "service": "kolada", "base": f"http://127.0.0.1:{taken.getsockname()[1]}",
            "kpi": "N03937", "years": [2016, 2018], "areas": {"0484": "Eskilstuna"},
        }  # fmt: skip
        with pytest.raises(FetchError, match="could not be reached") as failed:
            list(fetch_project(project_with(tmp_path, download), client))
    assert "reports are made from them without the network" in str(failed.value)
    assert pauses == []


def test_a_host_without_an_address_is_not_asked_again(
    monkeypatch: pytest.MonkeyPatch, pauses: list[float]
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with (
        Client(pause=pauses.append) as client,
        pytest.raises(FetchError, match=r"^no-such-host\.invalid could not be reached"),
    ):
        client.json("http://no-such-host.invalid/")
    assert pauses == []


def test_a_misspelt_address_is_not_asked_again(client: Client, pauses: list[float]) -> None:
    with pytest.raises(FetchError, match="could not be reached"):
        client.json("htp://127.0.0.1/")
    assert pauses == []


def answering_in_pieces(broken: list[type[httpx.TransportError]]) -> httpx.MockTransport:
    def handle(request: httpx.Request) -> httpx.Response:
        if broken:
            raise broken.pop(0)("gone", request=request)
        return httpx.Response(200, json={"found": True})

    return httpx.MockTransport(handle)


@pytest.mark.parametrize(
    "passing", [httpx.ConnectTimeout, httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError]
)
def test_what_may_pass_is_asked_again(passing: type[httpx.TransportError]) -> None:
    pauses: list[float] = []
    http = httpx.Client(transport=answering_in_pieces([passing, passing]))
    with Client(pause=pauses.append, now=lambda: 1000.0 * len(pauses), _http=http) as patient:
        assert patient.json("http://127.0.0.1/") == {"found": True}
    assert [pause for pause in pauses if pause >= 1.0] == [1.0, 2.0]


def test_a_query_that_is_refused_is_not_repeated(
    tmp_path: Path, service: Service, client: Client, pauses: list[float]
) -> None:
    service.reply(b"no such table", status=404)
    with pytest.raises(FetchError, match="refused the query with 404"):
        list(fetch_project(project_with(tmp_path, kolada(service)), client))
    assert (len(service.asked), pauses) == (1, [])


def test_pages_in_a_ring_end(tmp_path: Path, service: Service, client: Client) -> None:
    service.reply(page("0484", ESKILSTUNA, following="/round"))
    with pytest.raises(FetchError, match="ring"):
        list(fetch_project(project_with(tmp_path, kolada(service)), client))


def test_calls_keep_their_distance(service: Service) -> None:
    service.reply({})
    clock, pauses = iter([0.0, 0.0, 0.1, 0.1]), []
    with Client(pause=pauses.append, now=lambda: next(clock)) as patient:
        patient.json(service.address)
        patient.json(service.address)
    assert pauses == [pytest.approx(1 / 3 - 0.1)]


def test_a_missing_value_is_told_as_absent_and_never_filled_in(
    tmp_path: Path, service: Service, client: Client
) -> None:
    service.reply(page("0484", {**ESKILSTUNA, 2017: None}, following="/b"))
    service.reply(page("0000", NATION))
    project = project_with(tmp_path, kolada(service))
    list(fetch_project(project, client))
    series, findings = read_series(project, project.series[0])
    assert {finding.check for finding in findings} == {"value_absent", "period_gap"}
    own = series.observations.query("area == 'Eskilstuna'")
    assert own["period"].tolist() == ["2016", "2018"]


def scb(service: Service, **changes: Any) -> dict[str, Any]:
    return {
        "service": "scb", "base": service.address, "table": "TAB6471", "area": "Region",
        "selection": {
            "Region": ["01", "25"], "Alder": ["TotSA"], "Kon": ["TotSa"],
            "ContentsCode": ["x"], "Tid": ["2026M01", "2026M02", "2026M03", "2026M04"],
        },
        **changes,
    }  # fmt: skip


@pytest.fixture
def stored(shared_path: Path) -> dict[str, Any]:
    """Statistics Sweden's own answer, cut to one age group and both sexes together."""
    file = shared_path / "data" / "api" / "scb_v2_TAB6471_data.json"
    whole = json.loads(file.read_text(encoding="utf-8"))
    sizes = whole["size"]
    strides = [sizes[1] * sizes[2] * 4, sizes[2] * 4, 4]
    last_age, last_sex = sizes[1] - 1, sizes[2] - 1
    kept = [
        whole["value"][r * strides[0] + last_age * strides[1] + last_sex * strides[2] + t]
        for r in range(sizes[0])
        for t in range(4)
    ]
    for name, place in (("Alder", last_age), ("Kon", last_sex)):
        category = whole["dimension"][name]["category"]
        code = next(code for code, at in category["index"].items() if at == place)
        category["index"] = {code: 0}
    return {**whole, "size": [sizes[0], 1, 1, 1, 4], "value": kept}


def test_a_table_of_statistics_sweden_is_read_with_its_notes(
    tmp_path: Path, service: Service, client: Client, stored: dict[str, Any]
) -> None:
    service.reply(stored)
    changes = {"area": "Stockholm", "reference": "Norrbotten", "period": ["2026-01", "2026-04"]}
    project = project_with(tmp_path, scb(service), **changes)
    (found,) = fetch_project(project, client)
    assert found.observations == 21 * 4
    asked = httpx.URL(f"{service.address}{service.asked[0][0]}")
    assert asked.path == "/tables/TAB6471/data"
    assert asked.params["valueCodes[Region]"] == "01,25"
    assert asked.params["outputFormat"] == "json-stat2"
    series, findings = read_series(project, project.series[0])
    assert findings == ()
    own = series.observations.query("area == 'Stockholm'")  # "Stockholms län" in the table
    assert own["period"].tolist() == ["2026-01", "2026-02", "2026-03", "2026-04"]
    assert own["value"].tolist() == [float(v) for v in stored["value"][:4]]
    origin = read_origin(tmp_path / "official.csv")
    assert origin is not None
    assert any("Cell Key" in note for note in origin.notes)


def test_nulls_sparse_values_and_status_survive(
    tmp_path: Path, service: Service, client: Client, stored: dict[str, Any]
) -> None:
    sparse = {str(i): v for i, v in enumerate(stored["value"]) if i not in (0, 1)}
    service.reply({**stored, "value": sparse, "status": {"1": "<5"}})
    project = project_with(
        tmp_path, scb(service), area="Stockholm", reference="Norrbotten",
        period=["2026-01", "2026-04"],
    )  # fmt: skip
    list(fetch_project(project, client))
    _, findings = read_series(project, project.series[0])
    checks = {finding.check: finding.count or len(finding.rows) for finding in findings}
    assert checks["value_absent"] == 1
    assert checks["suppressed_number"] == 1
    assert checks["period_gap"] == 2


def test_the_older_interface_is_asked_by_post(
    tmp_path: Path, service: Service, client: Client, stored: dict[str, Any]
) -> None:
    service.reply(stored)
    project = project_with(tmp_path, scb(service, version=1, table="BE/BE0101/Manad"))
    list(fetch_project(project, client))
    path, body = service.asked[0]
    assert path == "/BE/BE0101/Manad"
    query = json.loads(body)
    assert query["response"] == {"format": "json-stat2"}
    assert query["query"][0] == {
        "code": "Region", "selection": {"filter": "item", "values": ["01", "25"]},
    }  # fmt: skip


def test_several_categories_of_one_dimension_are_refused(
    tmp_path: Path, service: Service, client: Client, shared_path: Path
) -> None:
    file = shared_path / "data" / "api" / "scb_v2_TAB6471_data.json"
    service.reply(file.read_bytes())
    with pytest.raises(FetchError, match="choose one category of Alder, Kon"):
        list(fetch_project(project_with(tmp_path, scb(service)), client))


def test_large_selections_are_asked_for_in_parts() -> None:
    selection = {"Region": tuple("abcdefg"), "Tid": tuple("123")}
    parts = list(within_limit(selection, most=6))
    assert all(len(part["Region"]) * 3 <= 6 for part in parts)
    assert [code for part in parts for code in part["Region"]] == list("abcdefg")


def workbook(folder: Path) -> bytes:
    file = folder / "af.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Kommuner")
        for row, cells in enumerate(
            [
                ["Inskrivna arbetslösa, andel av den registerbaserade arbetskraften"],
                [],
                ["", "16-65 år", "", "18-24 år", ""],
                ["Kommun", "Antal", "Andel", "Antal", "Andel"],
                ["Sverige", 360000, 7.0, 40000, "8,1"],
                ["Eskilstuna kommun", 6100, 11.9, 700, "11,7"],
                ["Trelleborgs kommun", 1900, "..", "<5", ".."],
                ["Källa: Arbetsförmedlingen"],
            ]
        ):
            for column, cell in enumerate(cells):
                sheet.write(row, column, cell)
    return file.read_bytes()


def test_an_excel_file_is_read_by_its_headers(
    tmp_path: Path, service: Service, client: Client
) -> None:
    service.reply(workbook(tmp_path))
    download = {
        "service": "arbetsformedlingen", "base": f"{service.address}/files/jan-2018.xlsx?v=3",
        "value_column": "16-65 år Andel", "period": "2018-01",
    }  # fmt: skip
    project = project_with(tmp_path, download, period=["2018-01", "2018-01"])
    (found,) = fetch_project(project, client)
    assert found.observations == 3
    series, findings = read_series(project, project.series[0])
    values = dict(zip(series.observations["area"], series.observations["value"], strict=True))
    assert values == {"Eskilstuna": 11.9, "Riket": 7.0}
    assert [finding.check for finding in findings] == ["value_absent"]
    origin = read_origin(tmp_path / "official.csv")
    assert origin is not None
    assert origin.definition == "16–65"


def test_a_project_without_downloads_is_told_so(tmp_path: Path, client: Client) -> None:
    project = load_project(Path(__file__).parents[3] / "data/sample/haninge-arbetsmarknadscenter")
    with pytest.raises(ProjectError, match="nothing to fetch"):
        list(fetch_project(project, client))


def test_the_command_fetches_and_speaks(
    tmp_path: Path, service: Service, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    service.reply(page("0484", ESKILSTUNA))
    project_with(tmp_path, kolada(service))
    monkeypatch.setattr("sys.argv", ["evalkit", "fetch", str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 0
    assert "official: hämtad, 3 värden" in capsys.readouterr().out
    service.replies.clear()
    service.reply(b"no", status=404)
    monkeypatch.setattr("sys.argv", ["evalkit", "fetch", str(tmp_path), "--refresh"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert "avvisade frågan" in capsys.readouterr().err


def test_a_date_to_wait_until_is_kept(
    tmp_path: Path, service: Service, client: Client, pauses: list[float]
) -> None:
    """RFC 9110, section 10.2.3: ``Retry-After`` is seconds or a date."""
    service.reply(
        b"", status=503, Date="Mon, 05 Feb 2018 10:00:00 GMT",
        Retry_After="Mon, 05 Feb 2018 10:00:20 GMT",
    )  # fmt: skip
    service.reply(b"", status=503, Retry_After="soon")
    service.reply(page("0484", ESKILSTUNA))
    list(fetch_project(project_with(tmp_path, kolada(service)), client))
    assert pauses == [20.0, 2.0]


@pytest.mark.parametrize("answer", [[], {"detail": "x"}, "text", 7, None])
@pytest.mark.parametrize("name", ["kolada", "scb"])
def test_an_answer_without_figures_is_one_sentence(
    tmp_path: Path, service: Service, client: Client, name: str, answer: Any
) -> None:
    service.reply(answer)
    project = project_with(tmp_path, {"kolada": kolada, "scb": scb}[name](service))
    with pytest.raises((FetchError, IntakeError)) as failed:
        list(fetch_project(project, client))
    assert "\n" not in str(failed.value)
    assert not (tmp_path / "official.csv").exists()


def test_calls_and_cells_keep_within_what_the_service_states(shared_path: Path) -> None:
    """Statistics Sweden's own /config."""
    file = shared_path / "data" / "api" / "scb_v2_config.json"
    stated = json.loads(file.read_text(encoding="utf-8"))
    assert stated["maxDataCells"] >= MOST_CELLS
    assert stated["maxCallsPerTimeWindow"] / stated["timeWindow"] >= CALLS_PER_SECOND


def test_every_municipality_with_its_genitive_comes_by_its_name(
    tmp_path: Path, service: Service, client: Client, shared_path: Path
) -> None:
    """The employment service's table by POST, "Trelleborgs kommun" and 289 others."""
    file = shared_path / "data" / "api" / "ams-unemployment-monthly-count-total-2016-09.json"
    service.reply(file.read_bytes())
    content = json.loads(file.read_text(encoding="utf-8"))
    period = next(name for name in content["id"] if name != "region")
    download = scb(service, version=1, table="ams", area="region", period=period)
    project = project_with(
        tmp_path, download, area="Trelleborg", reference="Borås", comparison=["Falun", "Ale"],
        period=["2016-09", "2016-09"],
    )  # fmt: skip
    list(fetch_project(project, client))
    series, _ = read_series(project, project.series[0])
    assert set(series.observations["area"]) >= {"Trelleborg", "Borås", "Falun", "Ale"}


def test_suppressed_counts_of_an_excel_file_are_no_values(
    tmp_path: Path, service: Service, client: Client
) -> None:
    service.reply(workbook(tmp_path))
    download = {
        "service": "arbetsformedlingen", "base": f"{service.address}/files/jan-2018.xlsx",
        "value_column": "18-24 år Antal", "period": "2018-01",
    }  # fmt: skip
    project = project_with(tmp_path, download, period=["2018-01", "2018-01"])
    list(fetch_project(project, client))
    assert "Trelleborgs kommun,2018-01,<5" in (tmp_path / "official.csv").read_text("utf-8")
    series, findings = read_series(project, project.series[0])
    assert set(series.observations["area"]) == {"Eskilstuna", "Riket"}
    assert [finding.check for finding in findings] == ["suppressed_number"]


def test_new_ages_in_a_later_file_are_told_as_a_break(
    tmp_path: Path, service: Service, client: Client
) -> None:
    download = {
        "service": "arbetsformedlingen", "base": f"{service.address}/files/af.xlsx",
        "value_column": "Andel", "period_column": "Månad",
    }  # fmt: skip
    for ages in ("16-64", "16-65"):
        file = tmp_path / "af.xlsx"
        with xlsxwriter.Workbook(file) as book:
            sheet = book.add_worksheet()
            for row, cells in enumerate(
                [[f"Arbetslösa {ages} år"], ["Kommun", "Månad", "Andel"],
                 ["Eskilstuna", "2018-01", 11.9], ["Riket", "2018-01", 7.0]]
            ):  # fmt: skip
                for column, cell in enumerate(cells):
                    sheet.write(row, column, cell)
        service.reply(file.read_bytes())
        file.unlink()
    project = project_with(tmp_path, download, period=["2018-01", "2018-01"])
    (first,) = fetch_project(project, client)
    (second,) = fetch_project(project, client, is_refreshed=True)
    assert first.changed_definition is None
    assert second.changed_definition == ("16–64", "16–65")


def test_a_report_is_rebuilt_from_the_files_when_there_is_no_network(
    tmp_path: Path, service: Service, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = {year: 5.0 + (year % 4) / 10 for year in range(2011, 2020)}
    service.reply(page("0484", values, following="/b")).reply(page("0000", values))
    project = project_with(tmp_path, kolada(service), period=["2011", "2019"])
    list(fetch_project(project, client))
    service.shutdown()

    def no_network(*_: Any, **__: Any) -> None:
        raise AssertionError("a report asked the network")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, no_network)
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    for language in LANGUAGES:
        study = open_study(tmp_path, language=language, purpose="release")
        text = text_of(sections.trend_against_reference.series(study))
        assert service.address in text  # from where it came is printed
        assert text_of(sections.trend_against_reference.change(study))
