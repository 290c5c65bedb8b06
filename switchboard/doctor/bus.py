"""NATS: reachable, streams and consumers as declared and read, nothing that waits or lies dead."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from pydantic import SecretStr

from bus.attempt import Attempt, Unreachable, attempt
from bus.checkup import (
    ConsumerState,
    Server,
    Streams,
    look_again,
    server_of,
    storage_of,
    streams_of,
)
from bus.checkup import waits_since as oldest_of
from bus.graveyard import STREAM as DEAD
from switchboard.doctor.findings import Finding, Patient, ok, problem, unknown, warning
from switchboard.doctor.untaken import check_untaken

OLDEST_VERSION = (2, 11)
"""Whose JetStream has all that the streams ask for."""
SKEW_SECONDS = 1.0
"""More than that, and times on both sides of a message contradict each other."""
WAITING_SECONDS = 60.0
"""Nobody should wait longer for something that is not away."""
NEARLY_FULL = 0.8
LOOKS_AGAIN, LOOK_AGAIN_AFTER = 3, 0.5
"""Times, and seconds."""
PROVISION = "Run `switchboard provision`."


async def check_bus(patient: Patient) -> list[Finding]:
    """Look at all that the operator sees."""
    url = patient.setting("NATS_URL")
    try:
        async with attempt(url, "operator", _seed(patient)) as operator:
            server = await server_of(operator)
            found = await streams_of(operator, patient.consumers)
            return [
                *_server(url, server),
                *_streams(found),
                *_undeclared(found),
                *await _readers(operator, found),
                *await _lag(operator, found),
                *await check_untaken(operator, found),
                *_dead(found),
                *_room(found),
                *await _storage(operator),
            ]
    except Unreachable as error:
        refused = "authorization" in str(error).lower()
        advice = (
            "The server's configuration holds another key for operator: write it anew with"
            " `switchboard nats-config`, and reload the server."
            if refused
            else "Start nats-server, or correct NATS_URL. Services wait for it meanwhile."
        )
        return [problem("nats", f"{url} cannot be used as operator: {error}", advice)]


def _seed(patient: Patient) -> SecretStr:
    return SecretStr(patient.setting("NATS_SEED_OPERATOR"))


def _server(url: str, server: Server) -> list[Finding]:
    found = [ok("nats", f"{url} answers operator in account {server.account}")]
    if not server.everything:
        found = [
            problem(
                "nats",
                "the user operator may not do everything",
                "Write the server's configuration anew with `switchboard nats-config`.",
            )
        ]
    version = tuple(int(part) for part in server.version.split("-")[0].split(".")[:2])
    if version < OLDEST_VERSION:
        wanted = ".".join(map(str, OLDEST_VERSION))
        found.append(
            problem(
                "nats version",
                f"nats-server {server.version} is older than {wanted}",
                "Install a newer one; streams and consumers stay.",
            )
        )
    else:
        found.append(ok("nats version", f"nats-server {server.version}"))
    found.append(clock("nats clock", "NATS", server.ahead, server.unsure))
    return found


def clock(check: str, where: str, ahead: float, unsure: float) -> Finding:
    """Compare a clock with this machine's; both numbers are seconds."""
    side = "ahead of" if ahead > 0 else "behind"
    said = f"the clock of {where} is {abs(ahead):.3f} s {side} this machine's"
    if abs(ahead) <= SKEW_SECONDS + unsure:
        return ok(check, said)
    return warning(
        check, said, "Let NTP set both clocks: reminders, ages and log lines go by them."
    )


def _streams(found: Streams) -> list[Finding]:
    wrong = []
    for state in found.streams:
        if state.info is None:
            words = f"stream {state.declared.name} is missing"
            wrong.append(problem("streams", words, f"{PROVISION} What it held is gone."))
        elif state.drift:
            words = f"stream {state.declared.name}: {'; '.join(state.drift)}"
            wrong.append(problem("streams", words, PROVISION))
    for consumer in found.consumers:
        name = f"consumer {consumer.declared.name} of {consumer.declared.stream}"
        if consumer.info is None:
            advice = f"{PROVISION} It begins with what the stream still holds."
            wrong.append(problem("consumers", f"{name} is missing", advice))
        elif consumer.drift:
            wrong.append(problem("consumers", f"{name}: {'; '.join(consumer.drift)}", PROVISION))
    if wrong:
        return wrong
    counted = f"{len(found.streams)} streams and {len(found.consumers)} consumers are as declared"
    return [ok("streams", counted)]


def _undeclared(found: Streams) -> list[Finding]:
    return [
        warning(
            "consumers",
            f"{name} is in no table any more, and holds work",
            "Run the version that reads it until it is empty; `switchboard provision` removes it.",
        )
        for name in found.undeclared
    ]


async def _readers(operator: Attempt, found: Streams) -> list[Finding]:
    unread = [state for state in found.consumers if not state.is_read]
    for _ in range(LOOKS_AGAIN):
        if not unread:
            return [ok("readers", "every consumer is read")]
        # Between two pulls nobody seems to read, for a moment.
        await asyncio.sleep(LOOK_AGAIN_AFTER)
        again = [await look_again(operator, state) for state in unread]
        unread = [state for state in again if not state.is_read]
    services = Counter(state.declared.name.partition("-")[0] for state in unread)
    return [
        problem(
            "readers",
            f"nobody reads {count} of the consumers of {service}",
            f"Start the service {service}; if it runs, its log says what it waits for.",
        )
        for service, count in services.items()
    ] or [ok("readers", "every consumer is read")]


async def _lag(operator: Attempt, found: Streams) -> list[Finding]:
    behind = []
    for state in found.consumers:
        finding = await _lag_of(operator, state)
        if finding:
            behind.append(finding)
    return behind or [ok("lag", f"nothing waits longer than {WAITING_SECONDS:g} s")]


async def _lag_of(operator: Attempt, state: ConsumerState) -> Finding | None:
    info = state.info
    if info is None or not (info.num_pending or info.num_ack_pending):
        return None
    since = await oldest_of(operator, state)
    seconds = (datetime.now(UTC) - since).total_seconds() if since else 0.0
    if seconds <= WAITING_SECONDS:
        return None
    return warning(
        "lag",
        f"{state.declared.name} of {state.declared.stream}: {info.num_pending} wait,"
        f" {info.num_ack_pending} are in hand, the oldest for {_age(seconds)}",
        "Look into the service's log: a dependency is away, somebody sends too much,"
        " or more copies are needed.",
    )


def _age(seconds: float) -> str:
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"


def _dead(found: Streams) -> list[Finding]:
    (state,) = [state for state in found.streams if state.declared.name == DEAD]
    if state.info is None:
        return [unknown("dead letters", "its stream is not there", PROVISION)]
    count = state.info.state.messages
    if not count:
        return [ok("dead letters", "there are none")]
    letters = "one dead letter lies" if count == 1 else f"{count} dead letters lie"
    return [
        problem(
            "dead letters",
            f"{letters} in DEAD",
            "`switchboard dead list` says why; then replay or drop.",
        )
    ]


def _room(found: Streams) -> list[Finding]:
    full = []
    for state in found.streams:
        allowed = state.declared.max_bytes or 0
        if state.info and allowed and state.info.state.bytes > NEARLY_FULL * allowed:
            share = state.info.state.bytes / allowed
            full.append(
                problem(
                    "room in streams",
                    f"stream {state.declared.name} is {share:.0%} full",
                    "Full, it refuses. Find out who does not read it: see readers and lag."
                    if state.declared.name != "DEAD"
                    else "Full, it lets its oldest go. Look through it, replay or drop.",
                )
            )
    return full or [ok("room in streams", f"none is more than {NEARLY_FULL:.0%} full")]


async def _storage(operator: Attempt) -> Sequence[Finding]:
    storage = await storage_of(operator)
    used, allowed = storage["used"], storage["allowed"]
    if allowed > 0 and used > NEARLY_FULL * allowed:
        return [
            problem(
                "JetStream storage",
                f"{used / allowed:.0%} of what the account may hold is used",
                "Raise the account's max_file, or delete streams that are not Switchboard's.",
            )
        ]
    return [ok("JetStream storage", f"{used / 2**20:.1f} MiB are used")]
