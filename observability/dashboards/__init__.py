"""Grafana's dashboards as code: `python -m observability.dashboards` writes their JSON.

Grafana reads the JSON; what it shows is decided here. Names of metrics and labels are compared
with what a running installation gives by a test.
"""

from collections.abc import Mapping
from pathlib import Path

from observability.dashboards.bus import BUS
from observability.dashboards.database import DATABASE
from observability.dashboards.one_app import ONE_APP
from observability.dashboards.overview import OVERVIEW
from observability.dashboards.page import Page, as_json
from observability.dashboards.telegram import TELEGRAM

DIRECTORY = Path(__file__).parent.parent / "grafana" / "dashboards"
PAGES: Mapping[str, Page] = {
    "overview": OVERVIEW,
    "bus": BUS,
    "app": ONE_APP,
    "telegram": TELEGRAM,
    "database": DATABASE,
}
"""By the name of the file, which is the end of its address as well."""


def write(directory: Path = DIRECTORY) -> None:
    """Write a file a dashboard; `directory` is there."""
    for name, page in PAGES.items():
        (directory / f"{name}.json").write_text(as_json(name, page), encoding="utf-8")
