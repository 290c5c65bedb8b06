"""A document goes all the way: chat, bytes in S3, link through nginx; what is said and counted."""

import json
from typing import Any

import aiohttp

from tests.bus.waiting import eventually
from tests.chat import Chat
from tests.compose.installation import Installation
from tests.flows.links import create_link, opened
from tests.flows.test_documents import add, open_document

REPORT = b"%PDF-1.4 " + bytes(range(256)) * 1000
OURS = {f"{name}:8083" for name in ("gateway", "bot", "storage", "query", "notifier", "files")}
SERVERS = {"s3:9327", "localhost:9090", "alertmanager:9093"}
HELD = "cat /secrets/secrets.json"


async def test_a_document_is_kept_and_its_link_goes_through_nginx(
    installation: Installation, person: Chat
) -> None:
    await add(person, REPORT, "Отчёт.pdf", "Reports")
    await open_document(person, "Reports (1)", "Отчёт")
    assert await person.receives("Отчёт.pdf") == REPORT

    address = await create_link(person)
    assert address.startswith(f"{installation.nginx}/files/")
    response, body = await opened(address)
    assert (response.status, body) == (200, REPORT)
    assert response.headers["Server"] == "nginx"
    part, body = await opened(address, Range="bytes=5-9")
    assert (part.status, body) == (206, REPORT[5:10])
    forged = address[:-1] + ("A" if address[-1] != "A" else "B")
    for path, status in (
        (forged, 403),
        (f"{installation.nginx}/_s3/files/documents", 404),
        (f"{installation.nginx}/_files/documents", 404),
        (f"{installation.nginx}/metrics", 404),
    ):
        assert (await opened(path))[0].status == status, path


async def test_updates_come_by_webhook_through_nginx(
    installation: Installation, person: Chat
) -> None:
    webhook = {"TELEGRAM_MODE": "webhook", "WEBHOOK_URL": "http://nginx:8080"}
    await installation.up("gateway", given=webhook)
    async with person.http.get("/sim/bots") as response:
        bots = (await response.json())["bots"]
    assert bots
    assert all(bot["webhook"] for bot in bots)
    await person.says("/start")
    await person.sees_new("Add document")
    async with aiohttp.ClientSession() as outside:
        forged = f"{installation.nginx}/telegram/documents"
        async with outside.post(forged, json={"update_id": 1}) as answer:
            assert answer.status == 403
    await installation.up("gateway")
    await person.says("/start")
    await person.sees_new("Add document")


async def test_prometheus_reaches_all_that_runs(installation: Installation) -> None:
    async with aiohttp.ClientSession(installation.prometheus) as http:

        async def all_are_up() -> bool:  # once it has asked each
            return await _up(http) >= OURS | SERVERS

        assert await eventually(all_are_up), await _up(http)
        async with http.get("/api/v1/rules") as response:
            (group, *_) = (await response.json())["data"]["groups"]
    assert {rule["health"] for rule in group["rules"]} <= {"ok", "unknown"}


async def _up(http: aiohttp.ClientSession) -> set[str]:
    async with http.get("/api/v1/targets") as response:
        targets: list[dict[str, Any]] = (await response.json())["data"]["activeTargets"]
    return {each["labels"]["instance"] for each in targets if each["health"] == "up"}


async def test_telemetry_arrives_and_nothing_that_is_said_holds_a_secret(
    installation: Installation,
) -> None:
    ask = "import urllib.request as web; print(web.urlopen('http://127.0.0.1:4318/{}').read())"
    received = await installation.python("otel-collector", ask.format("received"))
    for service in ("gateway", "bot", "storage", "query", "files"):
        assert f"spans of {service}" in received
        assert f"lines of {service}" in received

    keys = await installation.compose("run", "--rm", "-T", "--no-deps", "secrets", "sh", "-c", HELD)
    kept = json.loads(keys)
    secrets = [
        *kept["databases"].values(),
        *kept["nats"].values(),
        *(token.partition(":")[2] for token in kept["bots"].values()),
        *kept["redis_passwords"].values(),
        *(kept[name] for name in ("links", "webhook", "people", "objects")),
    ]
    assert len(secrets) > 15
    said = {
        "telemetry": await installation.python("otel-collector", ask.format("raw")),
        "logs": await installation.compose("logs", "--no-color"),
        "inspect": json.dumps(await installation.containers()),
        "config": await installation.compose("config"),
    }
    for where, text in said.items():
        assert not [secret for secret in secrets if secret in text], where


async def test_given_tokens_are_shown_nowhere_and_leave_no_playground(
    installation: Installation,
) -> None:
    token = "1234567890:AAF-never-shown-0123456789abcdefghijk"
    given = {"BOT_TOKENS": json.dumps({"documents": token})}
    shown = await installation.compose("config", given=given)
    assert "never-shown" not in shown
    services = json.loads(await installation.compose("config", "--format", "json", given=given))
    assert services["services"]["playground"]["scale"] == 0
    address = services["services"]["bot"]["environment"]["TELEGRAM_API_URL"]
    assert address == "https://api.telegram.org"
