"""The alert rules: they fire when they should, and each says what to do."""

import re

import yaml

from bus.topology import STREAMS
from tests.observability.promql import RULES, rules
from tests.observability.tools import checked
from tests.sources import ROOT

TESTS = RULES.with_name("switchboard_test.yml")


def test_the_rules_are_valid() -> None:
    checked("promtool", "check", "rules", RULES.name, directory=RULES.parent)


def test_alerts_fire_when_they_should_and_not_before() -> None:
    checked("promtool", "test", "rules", TESTS.name, directory=TESTS.parent)


def test_every_alert_is_tried() -> None:
    tried = {
        one["alertname"]
        for test in yaml.safe_load(TESTS.read_text("utf-8"))["tests"]
        for one in test["alert_rule_test"]
        if one["exp_alerts"]
    }
    assert tried == set(rules())


def test_every_alert_says_what_to_do_in_a_place_of_its_own() -> None:
    said = {name: rule["annotations"]["runbook"] for name, rule in rules().items()}
    assert said == {name: f"docs/operating.md#{name.lower()}" for name in rules()}
    text = (ROOT / "docs" / "operating.md").read_text("utf-8")
    section = text.partition("\n## Alerts\n")[2].partition("\n## ")[0]
    explained = dict(re.findall(r"^### (\w+)\n\n(\S.+)", section, re.MULTILINE))
    assert set(explained) == set(rules())


def test_a_stream_is_nearly_full_by_its_own_limit() -> None:
    limits = re.findall(
        r'stream_name=~?"([A-Z|]+)"\}\s*> 0.8 \* (\d+)', rules()["StreamNearlyFull"]["expr"]
    )
    said = {stream: int(limit) for streams, limit in limits for stream in streams.split("|")}
    assert said == {name: stream.max_bytes for name, stream in STREAMS.items()}
