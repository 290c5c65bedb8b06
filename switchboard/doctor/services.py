"""The services themselves: those whose addresses are known say whether they are ready."""

import asyncio
from typing import Any

import aiohttp
from pydantic import SecretStr

from bus.attempt import NotAllowed, Unreachable, attempt
from switchboard.doctor.findings import Finding, Patient, ok, problem, unknown
from switchboard.local.environment import HEALTH

ASK_WITHIN = 6.0
"""Seconds; a service gives each of its dependencies some to answer."""
_QUERY = "service query"


async def check_services(patient: Patient) -> list[Finding]:
    """Ask each process, and query also by the bus."""
    if patient.health_urls:
        answers = await asyncio.gather(*map(_process, patient.health_urls))
        found = [finding for answer in answers for finding in answer]
    elif patient.directory:
        why = f"no service has left its address in {patient.directory / HEALTH}"
        found = [unknown("services", why, f"Start them: `. {patient.directory}/env` first.")]
    else:
        why = "the addresses at which they tell of their health are not known"
        found = [unknown("services", why, "Name them with --health, or set HEALTH_PORT.")]
    return [*found, await _query(patient)]


async def _process(url: str) -> list[Finding]:
    timeout = aiohttp.ClientTimeout(total=ASK_WITHIN)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as http, http.get(f"{url}/readyz") as got:
            told: dict[str, Any] = await got.json(content_type=None)
            services = told["services"]
    except (aiohttp.ClientError, TimeoutError, ValueError, LookupError, TypeError) as error:
        said = f"{url} does not answer: {type(error).__name__}"
        return [problem("services", said, "Start it, or correct --health or HEALTH_PORT.")]
    return [_service(name, state["reasons"]) for name, state in services.items()]


def _service(name: str, reasons: list[str]) -> Finding:
    if not reasons:
        return ok(f"service {name}", "is ready")
    return problem(
        f"service {name}",
        f"is not ready: {'; '.join(reasons)}",
        "It goes on by itself once that is over; the other findings say what to do.",
    )


async def _query(patient: Patient) -> Finding:
    seed = SecretStr(patient.setting("NATS_SEED_OPERATOR"))
    try:
        async with attempt(patient.setting("NATS_URL"), "operator", seed) as operator:
            await operator.request("$SRV.PING.query")
    except Unreachable:
        return unknown(_QUERY, "NATS cannot be reached")
    except NotAllowed:
        advice = "Start the service query; until then people read that nothing can be looked up."
        return problem(_QUERY, "nobody answers queries", advice)
    return ok(_QUERY, "answers on the bus")
