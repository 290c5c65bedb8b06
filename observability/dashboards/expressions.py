"""PromQL that several dashboards use: quantiles and rates over the interval that is shown."""

from collections.abc import Sequence

from observability.dashboards.panel import Query

INTERVAL = "$__rate_interval"
QUANTILES = {"half": 0.5, "95 %": 0.95, "99 %": 0.99}


def rate(counter: str, by: Sequence[str]) -> str:
    """Return how much a counter grows a second, summed up by labels."""
    return f"sum by ({', '.join(by)}) (rate({counter}[{INTERVAL}]))"


def quantile(share: float, histogram: str, by: Sequence[str] = ()) -> str:
    """Return what `share` of the observations stay under; `histogram` as `name{matchers}`."""
    name, brace, matchers = histogram.partition("{")
    buckets = rate(f"{name}_bucket{brace}{matchers}", [*by, "le"])
    return f"histogram_quantile({share}, {buckets})"


def quantiles(histogram: str) -> tuple[Query, ...]:
    """Return a query each for the usual quantiles of all that was observed."""
    return tuple(Query(quantile(share, histogram), name) for name, share in QUANTILES.items())


def slowest(histogram: str, *by: str) -> Query:
    """Return the 95th percentile by labels, the ten largest only."""
    legend = " ".join(f"{{{{{label}}}}}" for label in by)
    return Query(f"topk(10, {quantile(0.95, histogram, by)})", legend)


def rates(counter: str, *by: str) -> Query:
    """Return how much a counter grows a second, a line each combination of labels."""
    return Query(rate(counter, by), " ".join(f"{{{{{label}}}}}" for label in by))
