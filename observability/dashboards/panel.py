"""A panel of a dashboard: what it asks Prometheus or Loki, and how it shows the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from observability.dashboards.explore import SOURCES, logs

COLUMNS = 24
Unit = Literal["s", "reqps", "short", "bytes", "percentunit"]
"""In Grafana's words: seconds, a second, a count, bytes, a share of 1."""


@dataclass(frozen=True, slots=True)
class Query:
    """A PromQL expression, and what each of its series is called, with {{labels}} filled in."""

    expr: str
    legend: str

    def asked(self, letter: str, *, now: bool) -> dict[str, Any]:
        """Return what Grafana asks; `now` for one number instead of a line."""
        return {
            "refId": letter,
            "datasource": SOURCES["prometheus"],
            "editorMode": "code",
            "expr": self.expr,
            "legendFormat": self.legend,
            "instant": now,
            "range": not now,
            # Points that lead to a trace are kept for buckets.
            "exemplar": not now and "_bucket" in self.expr,
        }


@dataclass(frozen=True, slots=True)
class Panel:
    """What all kinds have: a title, what it means and what to look for, a place."""

    title: str
    description: str
    width: int = COLUMNS // 2
    height: int = 8

    def shown(self) -> dict[str, Any]:
        """Return the panel's JSON, without its place."""
        return {"title": self.title, "description": self.description}


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph(Panel):
    """Lines over time."""

    unit: Unit
    queries: Sequence[Query]
    stacked: bool = False

    def shown(self) -> dict[str, Any]:
        """Return the panel's JSON, without its place."""
        stacking = {"mode": "normal" if self.stacked else "none", "group": "A"}
        drawn = {
            "lineWidth": 1,
            "fillOpacity": 20 if self.stacked else 5,
            "showPoints": "never",
            "stacking": stacking,
        }
        return {
            **Panel.shown(self),
            "type": "timeseries",
            "datasource": SOURCES["prometheus"],
            "fieldConfig": {
                "defaults": {
                    "unit": self.unit,
                    "min": 0,
                    "custom": drawn,
                    "links": [self._to_logs()],
                },
                "overrides": [],
            },
            "options": {
                "legend": {
                    "displayMode": "table",
                    "placement": "bottom",
                    "showLegend": True,
                    "calcs": ["lastNotNull", "max"],
                    "sortBy": "Max",
                    "sortDesc": True,
                },
                "tooltip": {"mode": "multi", "sort": "desc"},
            },
            "targets": [
                query.asked(chr(ord("A") + number), now=False)
                for number, query in enumerate(self.queries)
            ],
        }

    def _to_logs(self) -> dict[str, Any]:
        by_service = all("{{service}}" in query.legend for query in self.queries)
        whose = "${__field.labels.service}" if by_service else ".+"
        return {"title": "Log lines of this time", "url": logs(f'{{service_name=~"{whose}"}}')}


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Panel):
    """One number, coloured from `bad` on."""

    unit: Unit
    expr: str
    bad: float
    width: int = 4
    height: int = 4

    def shown(self) -> dict[str, Any]:
        """Return the panel's JSON, without its place."""
        steps = [{"color": "green", "value": None}, {"color": "red", "value": self.bad}]
        return {
            **Panel.shown(self),
            "type": "stat",
            "datasource": SOURCES["prometheus"],
            "fieldConfig": {
                "defaults": {
                    "unit": self.unit,
                    "noValue": "-",
                    "thresholds": {"mode": "absolute", "steps": steps},
                },
                "overrides": [],
            },
            "options": {
                "colorMode": "value",
                "graphMode": "none",
                "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
            },
            "targets": [Query(self.expr, "").asked("A", now=True)],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines(Panel):
    """The latest log lines that a LogQL query finds."""

    expr: str
    width: int = COLUMNS

    def shown(self) -> dict[str, Any]:
        """Return the panel's JSON, without its place."""
        return {
            **Panel.shown(self),
            "type": "logs",
            "datasource": SOURCES["loki"],
            "fieldConfig": {"defaults": {"unit": "short"}, "overrides": []},
            "options": {
                "showTime": True,
                "wrapLogMessage": True,
                "enableLogDetails": True,
                "sortOrder": "Descending",
            },
            "targets": [{"refId": "A", "datasource": SOURCES["loki"], "expr": self.expr}],
        }
