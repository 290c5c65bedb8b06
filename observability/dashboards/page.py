"""A dashboard: panels in rows, and the JSON that Grafana keeps of them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from observability.dashboards.explore import SOURCES, logs, traces
from observability.dashboards.panel import COLUMNS, Panel

TAG = "switchboard"
SCHEMA_VERSION = 41
"""Of the JSON; Grafana brings older ones up to date as it reads them."""


@dataclass(frozen=True, slots=True)
class Row:
    """Panels under a heading."""

    title: str
    panels: Sequence[Panel]


@dataclass(frozen=True, slots=True)
class Page:
    """One dashboard; with `by_app` somebody chooses the app, which is `$app` in queries."""

    title: str
    description: str
    rows: Sequence[Row]
    by_app: bool = False


def as_json(name: str, page: Page) -> str:
    """Return the file that Grafana reads, for the address `/d/switchboard-<name>`."""
    shown = {
        "uid": f"{TAG}-{name}",
        "title": page.title,
        "description": page.description,
        "tags": [TAG],
        "schemaVersion": SCHEMA_VERSION,
        "editable": True,
        "graphTooltip": 1,
        "time": {"from": "now-1h", "to": "now"},
        "refresh": "30s",
        "links": _links(),
        "annotations": {"list": [_alerts()]},
        "templating": {"list": [_app()] if page.by_app else []},
        "panels": list(_laid_out(page.rows)),
    }
    return json.dumps(shown, indent=2, ensure_ascii=False) + "\n"


def _laid_out(rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    number, top = 0, 0
    for row in rows:
        number += 1
        place = {"h": 1, "w": COLUMNS, "x": 0, "y": top}
        yield {
            "id": number,
            "type": "row",
            "title": row.title,
            "collapsed": False,
            "gridPos": place,
            "panels": [],
        }
        top, left, height = top + 1, 0, 0
        for panel in row.panels:
            if left + panel.width > COLUMNS:
                top, left, height = top + height, 0, 0
            number += 1
            place = {"h": panel.height, "w": panel.width, "x": left, "y": top}
            yield {"id": number, "gridPos": place, **panel.shown()}
            left, height = left + panel.width, max(height, panel.height)
        top += height


def _links() -> list[dict[str, Any]]:
    by_tag = {"type": "dashboards", "title": "Dashboards", "tags": [TAG], "asDropdown": False}
    addresses = {
        "Log lines": logs('{service_name=~".+"}'),
        "Traces": traces("bot"),
    }
    return [
        {**by_tag, "keepTime": True, "includeVars": True},
        *(
            {"type": "link", "title": title, "url": url, "icon": "external link"}
            for title, url in addresses.items()
        ),
    ]


def _alerts() -> dict[str, Any]:
    return {
        "name": "Alerts",
        "datasource": SOURCES["prometheus"],
        "enable": True,
        "iconColor": "red",
        "expr": 'ALERTS{alertstate="firing"}',
        "titleFormat": "{{alertname}}",
        "textFormat": "{{severity}}",
        "step": "60s",
    }


def _app() -> dict[str, Any]:
    return {
        "name": "app",
        "label": "App",
        "type": "query",
        "datasource": SOURCES["prometheus"],
        # Counted from the start for every app there is; for messages of none as "other".
        "definition": "label_values(messaging_dead_letters_buried_total, app)",
        "query": {
            "query": "label_values(messaging_dead_letters_buried_total, app)",
            "refId": "app",
        },
        "regex": "^(?!other$).+",
        "refresh": 2,
        "sort": 1,
        "multi": False,
        "includeAll": False,
    }
