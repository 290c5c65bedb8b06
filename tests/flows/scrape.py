"""What a running installation shows at /metrics, over HTTP, read by Prometheus' own parser."""

import os
from pathlib import Path
from typing import Any

import aiohttp
from prometheus_client.metrics_core import Metric
from prometheus_client.openmetrics import parser

from services.health_address import addresses_in

OPEN_METRICS = "application/openmetrics-text; version=1.0.0"
Families = dict[str, Metric]


async def scrape() -> Families:
    """Return all families of the process that tests run services in."""
    (address,) = addresses_in(Path(os.environ["HEALTH_DIR"]))
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{address}/metrics", headers={"Accept": OPEN_METRICS}) as response,
    ):
        assert response.status == 200, await response.text()
        assert response.headers["Content-Type"].startswith("application/openmetrics-text")
        text = await response.text()
    parse: Any = parser.text_string_to_metric_families  # not typed there
    return {family.name: family for family in parse(text)}


def labels_of(family: Metric) -> set[str]:
    """Return the labels that a family's samples have, besides those of its type."""
    of_type = {"histogram": {"le"}, "info": set(), "gauge": set(), "counter": set()}
    found = {label for sample in family.samples for label in sample.labels}
    return found - of_type.get(family.type, set())


def value(shown: Families, name: str, **labels: str) -> float:
    """Return the sum of the samples of a name that have these labels."""
    return sum(
        sample.value
        for family in shown.values()
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    )
