"""What nats-server tells of its configuration at its monitoring address only."""

from typing import Any

import aiohttp

from switchboard.doctor.findings import Finding, Patient, ok, problem, unknown, warning

ASK_WITHIN = 3.0
_FSYNC, _ROOM = "NATS fsync", "NATS disk"
GIB = 2**30
LITTLE = 2 * GIB
"""All streams together may grow to nearly that."""


async def check_nats_server(patient: Patient) -> list[Finding]:
    """Ask /varz whether every acknowledged message is on disk."""
    url = patient.monitoring_url
    if not url:
        why = "the address of nats-server's monitoring is not known"
        return [unknown(_FSYNC, why, "Set NATS_MONITORING_URL, e.g. http://127.0.0.1:8222.")]
    try:
        timeout = aiohttp.ClientTimeout(total=ASK_WITHIN)
        async with aiohttp.ClientSession(timeout=timeout) as http, http.get(f"{url}/varz") as got:
            told = await got.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        why = f"{url} does not answer: {type(error).__name__}"
        return [
            unknown(_FSYNC, why, "Correct NATS_MONITORING_URL, or let the server listen there.")
        ]
    return [_fsync(told["jetstream"]["config"]), _room(told["jetstream"])]


def _fsync(config: dict[str, Any]) -> Finding:
    if config.get("sync_always"):
        return ok(_FSYNC, "every acknowledged message is on disk")
    seconds = config.get("sync_interval", 0) / 1e9
    return problem(
        _FSYNC,
        f"messages reach the disk up to {seconds:g} s after they are acknowledged",
        "A power cut would take them: set `sync_interval: always` in the server's jetstream block,"
        " as `switchboard nats-config` writes it.",
    )


def _room(jetstream: dict[str, Any]) -> Finding:
    left = jetstream["config"]["max_storage"] - jetstream["stats"]["storage"]
    if left < LITTLE:
        return warning(
            _ROOM,
            f"the server has {left / GIB:.1f} GiB left for streams",
            "Make room on its disk, or raise max_file_store: streams may grow to 2 GiB.",
        )
    return ok(_ROOM, f"the server has {left / GIB:.1f} GiB left for streams")
