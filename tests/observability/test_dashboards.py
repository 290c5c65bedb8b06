"""The dashboards: as the code says, explained, in order, and with links that lead somewhere."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from observability.dashboards import PAGES, write
from observability.dashboards.page import as_json
from observability.dashboards.panel import COLUMNS
from tests.observability.promql import (
    DASHBOARDS,
    expressions,
    labels_of_legend,
    named,
    panels,
    rules,
)
from tests.sources import ROOT

PROVISIONING = ROOT / "observability" / "grafana" / "provisioning"
FILLED_IN = re.compile(r"\$\{(__[a-z_.]+)\}")
KNOWN_VARIABLES = {"__from", "__to", "__field.labels.service"}
"""In Grafana's documentation, "Configure data links" and "Global variables"."""


def dashboards() -> dict[str, dict[str, Any]]:
    return {file.stem: json.loads(file.read_text("utf-8")) for file in DASHBOARDS.glob("*.json")}


def test_the_files_are_what_the_code_says(tmp_path: Path) -> None:
    kept = {file.name: file.read_text("utf-8") for file in DASHBOARDS.iterdir()}
    assert kept == {f"{name}.json": as_json(name, page) for name, page in PAGES.items()}, (
        "make dashboards"
    )
    write(tmp_path)
    assert {file.name: file.read_text("utf-8") for file in tmp_path.iterdir()} == kept


def test_every_panel_says_what_it_shows_and_in_which_unit() -> None:
    for place, panel in panels():
        assert len(str(panel["description"])) > 5, place
        assert str(panel["description"]).endswith((".", "?")), place
        defaults: dict[str, Any] = panel["fieldConfig"]["defaults"]
        assert defaults["unit"], place
        assert panel["targets"], place


def test_every_dashboard_has_a_place_of_its_own_and_its_panels_too() -> None:
    shown = dashboards()
    assert len({one["uid"] for one in shown.values()}) == len(shown) == 5
    for name, one in shown.items():
        assert one["uid"] == f"switchboard-{name}"
        assert len({panel["id"] for panel in one["panels"]}) == len(one["panels"])
        taken = Counter(cell for panel in one["panels"] for cell in cells(panel["gridPos"]))
        assert [cell for cell, times in taken.items() if times > 1] == []
        assert all(0 <= column < COLUMNS for column, _ in taken)


def cells(place: dict[str, int]) -> list[tuple[int, int]]:
    columns = range(place["x"], place["x"] + place["w"])
    rows = range(place["y"], place["y"] + place["h"])
    return [(column, row) for column in columns for row in rows]


def test_a_legend_names_only_labels_that_are_left() -> None:
    for place, panel in panels():
        for target in panel["targets"]:
            if not (legend := labels_of_legend(target.get("legendFormat", ""))):
                continue
            inner = re.findall(r"by \(([^)]*)\)", target["expr"])
            left = {label.strip() for labels in inner for label in labels.split(",")}
            assert not inner or legend <= left, place


def test_points_of_histograms_lead_to_traces() -> None:
    asked = [
        target["exemplar"]
        for _, panel in panels()
        if panel["type"] == "timeseries"
        for target in panel["targets"]
        if "_bucket" in target["expr"]
    ]
    assert len(asked) > 10
    assert all(asked)


def test_links_lead_to_explore_with_a_question_it_understands() -> None:
    sources = {"prometheus", "loki", "jaeger"}
    addresses = re.findall(r'"url": "([^"]+)"', "".join(map(read, DASHBOARDS.iterdir())))
    assert addresses
    for address in set(addresses):
        assert set(FILLED_IN.findall(address)) <= KNOWN_VARIABLES
        split = urlsplit(FILLED_IN.sub("1760000000000", address))
        assert split.path == "/explore"
        (panes,) = parse_qs(split.query)["panes"]
        for pane in json.loads(panes).values():
            assert pane["datasource"] in sources
            assert pane["range"] == {"from": "1760000000000", "to": "1760000000000"}
            for query in pane["queries"]:
                assert query["datasource"]["uid"] == pane["datasource"]


def read(file: Path) -> str:
    return file.read_text("utf-8")


def test_all_data_sources_named_are_provisioned() -> None:
    (file,) = (PROVISIONING / "datasources").iterdir()
    provisioned = {one["uid"]: one["type"] for one in yaml.safe_load(read(file))["datasources"]}
    text = "".join(map(read, [*DASHBOARDS.iterdir(), file]))
    assert set(re.findall(r'"uid": "(\w+)"', text)) <= set(provisioned)
    assert set(re.findall(r"[dD]atasourceUid: (\w+)|alertmanagerUid: (\w+)", text)) <= {
        (uid, "") for uid in provisioned
    } | {("", uid) for uid in provisioned}


def test_the_dashboards_lie_where_grafana_looks() -> None:
    (file,) = (PROVISIONING / "dashboards").iterdir()
    (provider,) = yaml.safe_load(read(file))["providers"]
    home = re.search(
        r"default_home_dashboard_path = (\S+)", read(PROVISIONING.parent / "grafana.ini")
    )
    assert home
    assert home[1] == f"{provider['options']['path']}/overview.json"
    assert not provider["allowUiUpdates"]


@pytest.mark.parametrize("metric", ["press_duration_seconds_bucket", "messaging_consumer_lag"])
def test_what_is_read_from_expressions(metric: str) -> None:
    expression = (
        f'topk(3, sum by (app, le) (rate({metric}{{kind="x"}}[5m])) / on (app) -(other) > 2)'
        " and (absent(third) or vector(0))"
    )
    assert named(expression) == {metric: {"app", "le", "kind"}, "other": set(), "third": set()}


def test_every_expression_can_be_read() -> None:
    found = list(expressions())
    assert len(found) > 80 > len(rules())
    assert all(named(expression) for _, expression in found)
