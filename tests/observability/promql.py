"""PromQL of the dashboards and of the alert rules, and which metrics and labels it names."""

import json
import re
from collections.abc import Iterator
from typing import Any

import promql_parser
import yaml

from tests.sources import ROOT

DASHBOARDS = ROOT / "observability" / "grafana" / "dashboards"
RULES = ROOT / "observability" / "prometheus" / "rules" / "switchboard.yml"
_FILLED_IN = {"$__rate_interval": "5m", "$app": "documents"}

Named = dict[str, set[str]]
"""Metrics, with the labels that are asked of each."""


def panels() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every panel of every dashboard that shows something, with its place."""
    for file in sorted(DASHBOARDS.glob("*.json")):
        for panel in json.loads(file.read_text("utf-8"))["panels"]:
            if panel["type"] != "row":
                yield f"{file.stem}: {panel['title']}", panel


def expressions() -> Iterator[tuple[str, str]]:
    """Yield every PromQL expression with its place, Grafana's variables filled in."""
    for place, panel in panels():
        for target in panel["targets"]:
            if target["datasource"]["type"] == "prometheus":
                yield place, _filled_in(target["expr"])
    for name, rule in rules().items():
        yield name, rule["expr"]


def rules() -> dict[str, dict[str, Any]]:
    """Return the alert rules by name."""
    read = yaml.safe_load(RULES.read_text("utf-8"))
    return {rule["alert"]: rule for group in read["groups"] for rule in group["rules"]}


def named(expression: str) -> Named:
    """Return what an expression names; a label it sums up by is asked of all below it."""
    found: Named = {}
    _collect(promql_parser.parse(expression), set(), found)
    return found


def labels_of_legend(legend: str) -> set[str]:
    """Return the labels that a legend fills in."""
    return set(re.findall(r"\{\{(\w+)\}\}", legend))


def _filled_in(expression: str) -> str:
    for variable, value in _FILLED_IN.items():
        expression = expression.replace(variable, value)
    return expression


def _collect(node: object, asked: set[str], found: Named) -> None:
    match node:
        case promql_parser.VectorSelector():
            assert node.name, "a selector without a name"
            matched = {matcher.name for matcher in node.matchers.matchers}
            found.setdefault(node.name, set()).update(asked | matched)
        case promql_parser.MatrixSelector():
            _collect(node.vector_selector, asked, found)
        case promql_parser.AggregateExpr():
            # What is summed up by something below has that label, and no other.
            by = set(node.modifier.labels) if node.modifier else set()
            _collect(node.expr, asked | by, found)
        case promql_parser.Call():
            for argument in node.args:
                _collect(argument, asked, found)
        case promql_parser.BinaryExpr():
            _collect(node.lhs, asked, found)
            _collect(node.rhs, asked, found)
        case promql_parser.ParenExpr() | promql_parser.UnaryExpr() | promql_parser.SubqueryExpr():
            _collect(node.expr, asked, found)
        case promql_parser.NumberLiteral() | promql_parser.StringLiteral():
            pass
        case _:
            raise AssertionError(f"an unknown part of an expression: {node}")
