"""Configuration of the tools that watch: read by their own programs, or by what is documented."""

import json
import re
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from tests.observability.promql import named
from tests.observability.tools import checked
from tests.observability.watched import alertmanager_settings
from tests.sources import ROOT

CONFIGURATION = ROOT / "observability"
DOCUMENT = ROOT / "docs" / "observability-config.md"
TOKEN = "8514394749:AAFoSomeBotTokenOfTelegram_0123456789"
FILES = (
    "otel-collector/config.yaml",
    "jaeger/config.yaml",
    "jaeger/ui.json",
    "loki/config.yaml",
    "grafana/provisioning/datasources/switchboard.yaml",
    "grafana/provisioning/dashboards/switchboard.yaml",
    "grafana/grafana.ini",
)
"""Those whose programs cannot be run here: each of their keys is held against the document."""
NAMED_BY_US = {"pipelines", "backends", "metric_backends"}
"""Keys below which the next one is a name of ours."""


def configuration(name: str) -> Any:
    return yaml.safe_load((CONFIGURATION / name).read_text("utf-8"))


def keys(value: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the path of every key that has no keys below it, `…` in the place of names of ours."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            ours = path[-1:] and path[-1] in NAMED_BY_US
            name = "…" if ours else re.sub("/.*", "/…", key)
            yield from keys(inner, (*path, name))
    elif isinstance(value, list) and any(isinstance(inner, dict) for inner in value):
        for inner in value:
            yield from keys(inner, path)
    else:
        yield ".".join(path)


def documented(name: str) -> dict[str, str]:
    """Return the source of each key that the document explains for a file."""
    section = DOCUMENT.read_text("utf-8").partition(f"\n## `observability/{name}`\n")[2]
    rows = re.findall(r"^\| (`.+?) \| (.+) \|$", section.partition("\n## ")[0], re.MULTILINE)
    found: dict[str, str] = {}
    for cell, source in rows:
        first, *inner = re.findall(r"`([^`]+)`", cell)
        for key in [f"{first}.{one}" for one in inner] or [first]:
            assert found.setdefault(key, source) == source, f"{key} is explained twice"
    return found


def test_prometheus_understands_its_configuration() -> None:
    checked("promtool", "check", "config", "prometheus.yml", directory=CONFIGURATION / "prometheus")


def test_alertmanager_understands_its_configuration(tmp_path: Path) -> None:
    directory = CONFIGURATION / "alertmanager"
    checked("amtool", "check-config", "alertmanager.yml", directory=directory)
    calling = alertmanager_settings("http://127.0.0.1:9/")
    (tmp_path / "webhook.yml").write_text(json.dumps(calling))
    checked("amtool", "check-config", "webhook.yml", directory=tmp_path)


def test_who_is_called_and_who_is_not_get_the_same_groups() -> None:
    silent = configuration("alertmanager/alertmanager.yml")
    calling = configuration("alertmanager/webhook.yml")
    assert calling["route"] | {"receiver": "nobody"} == silent["route"]
    assert silent["receivers"] == [{"name": "nobody"}]


def test_all_that_is_scraped_is_in_the_compose_file_and_all_services_are_scraped() -> None:
    settings = configuration("prometheus/prometheus.yml")
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
    targets = {
        job["job_name"]: {target for one in job["static_configs"] for target in one["targets"]}
        for job in settings["scrape_configs"]
    }
    ours = {f"{name}:8083" for name, one in compose.items() if "services" in one.get("command", [])}
    assert targets["switchboard"] == ours - {"playground:8083"}  # no part of an installation
    hosts = {target.partition(":")[0] for job in targets.values() for target in job}
    assert hosts - {"localhost"} <= set(compose)


@pytest.mark.parametrize("name", FILES)
def test_every_key_has_a_source_and_no_source_is_left_over(name: str) -> None:
    if name.endswith(".ini"):
        parser = ConfigParser()
        parser.read_string((CONFIGURATION / name).read_text("utf-8"))
        there = {f"{section}.{key}" for section in parser.sections() for key in parser[section]}
    else:
        there = set(keys(configuration(name)))
    assert set(documented(name)) == there
    assert all(re.search(r"https://\S+", source) for source in documented(name).values())


def test_the_collector_sends_every_pipeline_through_what_there_is() -> None:
    settings = configuration("otel-collector/config.yaml")
    connectors = set(settings["connectors"])
    there = {
        "receivers": {*settings["receivers"], *connectors},
        "processors": set(settings["processors"]),
        "exporters": {*settings["exporters"], *connectors},
    }
    used: dict[str, set[str]] = {kind: set() for kind in there}
    for pipeline in settings["service"]["pipelines"].values():
        for kind in there:
            used[kind] |= set(pipeline.get(kind, []))
    assert used == there
    assert set(settings["service"]["extensions"]) == set(settings["extensions"])


def test_the_collector_lets_no_token_through_and_keeps_other_text() -> None:
    statements = configuration("otel-collector/config.yaml")["processors"]["transform/tokens"]
    patterns = set(re.findall(r'"(\[[^"]+)"', json.dumps(statements).replace('\\"', '"')))
    (pattern,) = patterns
    assert re.sub(pattern, "<token>", f"https://x/bot{TOKEN}/sendMessage") == (
        "https://x/bot<token>/sendMessage"
    )
    kept = (
        "2026-11-21T10:20:30 00-653d7392298eff6968dc6615b842b5a2-bd1ee7be962053ca-03 127.0.0.1:4222"
    )
    assert not re.search(pattern, kept)


def test_a_trace_in_jaeger_leads_to_its_log_lines() -> None:
    (link,) = configuration("jaeger/ui.json")["linkPatterns"]
    (panes,) = parse_qs(urlsplit(link["url"].replace("#{traceID}", "abc")).query)["panes"]
    (query,) = json.loads(panes)["one"]["queries"]
    assert query["expr"] == '{service_name=~".+"} | trace_id="abc"'
    sources = configuration("grafana/provisioning/datasources/switchboard.yaml")["datasources"]
    by_uid = {source["uid"]: source["jsonData"] for source in sources}
    to_logs = by_uid["jaeger"]["tracesToLogsV2"]
    assert to_logs["query"].replace("$${__trace.traceId}", "abc") == query["expr"]
    assert to_logs["datasourceUid"] == "loki"
    assert by_uid["loki"]["derivedFields"][0]["datasourceUid"] == "jaeger"
    (to_traces,) = by_uid["prometheus"]["exemplarTraceIdDestinations"]
    assert to_traces["datasourceUid"] == "jaeger"
    for asked in by_uid["jaeger"]["tracesToMetrics"]["queries"]:
        assert named(asked["query"].replace("$$__tags", 'service="bot"'))
