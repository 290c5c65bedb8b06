"""Addresses of Grafana's Explore, with what it is to show."""

import json
import re
from collections.abc import Mapping
from urllib.parse import quote

SOURCES: Mapping[str, Mapping[str, str]] = {
    name: {"type": name, "uid": name} for name in ("prometheus", "loki", "jaeger")
}
"""The data sources, as provisioned, by their uid."""
SHOWN_RANGE = {"from": "${__from}", "to": "${__to}"}
"""The time that the dashboard shows; Grafana fills it in."""


def explore(source: str, query: Mapping[str, str]) -> str:
    """Return the address at which `query` is asked of a data source.

    What Grafana fills in, `${...}`, stays readable; all else is percent-encoded.
    """
    asked = {"refId": "A", "datasource": SOURCES[source], **query}
    panes = {"one": {"datasource": source, "queries": [asked], "range": SHOWN_RANGE}}
    encoded = quote(json.dumps(panes, separators=(",", ":")), safe="")
    readable = re.sub(r"%24%7B(__[a-z._]+)%7D", r"${\1}", encoded)
    return f"/explore?schemaVersion=1&orgId=1&panes={readable}"


def logs(selector: str) -> str:
    """Return the address of the log lines that a LogQL query finds."""
    return explore("loki", {"expr": selector})


def traces(service: str) -> str:
    """Return the address of the traces that have a span of a service."""
    return explore("jaeger", {"queryType": "search", "service": service})
