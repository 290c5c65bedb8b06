"""The OTLP collector that OpenTelemetry's own settings name, and not waiting for it at the end."""

import asyncio
import os
import threading
from typing import Literal, Protocol

EXPORT_SECONDS = 3.0
"""How long one export may take, unless OTEL_EXPORTER_OTLP_TIMEOUT says otherwise."""

Signal = Literal["TRACES", "LOGS"]


class Provider(Protocol):
    """What exports in the background, and the rest when it is shut down."""

    def shutdown(self) -> None:
        """Export what is left, for as long as that takes."""


def is_disabled() -> bool:
    """Whether OTEL_SDK_DISABLED wants no spans made and nothing exported."""
    return os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"


def collector_is_named(signal: Signal) -> bool:
    """Whether OTEL_EXPORTER_OTLP_ENDPOINT, or the signal's own, says where to export to."""
    if is_disabled() or os.environ.get(f"OTEL_{signal}_EXPORTER") == "none":
        return False
    names = ("OTEL_EXPORTER_OTLP_ENDPOINT", f"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT")
    return any(os.environ.get(name) for name in names)


def export_timeout(signal: Signal) -> float | None:
    """Return our deadline in seconds, None where the exporter is to read one from its settings."""
    names = ("OTEL_EXPORTER_OTLP_TIMEOUT", f"OTEL_EXPORTER_OTLP_{signal}_TIMEOUT")
    # Only the exporter's default of 10 s would hold up every exit.
    return None if any(os.environ.get(name) for name in names) else EXPORT_SECONDS


async def shut_down(*providers: Provider, within_seconds: float = EXPORT_SECONDS) -> None:
    """Export what is left, but do not wait longer than given for a collector that is away."""
    await asyncio.gather(*(_shut_down(provider, within_seconds) for provider in providers))


async def _shut_down(provider: Provider, within_seconds: float) -> None:
    # A daemon thread: what is still stuck in it after the deadline does not keep the process alive.
    exporting = threading.Thread(target=provider.shutdown, name="last-export", daemon=True)
    exporting.start()
    await asyncio.to_thread(exporting.join, within_seconds)
