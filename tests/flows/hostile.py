"""Everything a stranger may write, in one place: names, texts, subjects and bytes, all marked."""

from aiohttp import ClientSession
from nats.errors import Error as NatsError

from bus.connection import Link
from bus.topology import STREAMS
from tests.chat import Chat

MARK = "Zq7Stranger"
"""Stands in all of it, and must not be met again."""
_IN_ITS_NAME = f'{{"update_id": 1, "{MARK}": {{"id": "{MARK}"}}}}'.encode()


async def act_strangely(person: Chat) -> None:
    """Say and press what no bot expects."""
    for text in (f"/{MARK}", f"/find {MARK}", f'"}} {MARK}\n# HELP {MARK}', f"/start {MARK}"):
        await person.says(text)


async def meet_strange_answers(person: Chat) -> None:
    """Have Telegram answer what it never does, and then what slows down all that comes later."""
    for fault in ({"code": 418, "description": f"{MARK} is a teapot"}, {"retry_after": 1}):
        order = {"method": "sendMessage", **fault}
        async with person.http.post("/sim/faults", json=order) as response:
            assert response.status == 201
    await person.says(f"/documents {MARK}")


async def publish_strangely(operator: Link, person: Chat) -> None:
    """Publish what no service would, to every stream and to who answers questions."""
    chat = person.person_id
    headers = {"Actor": f"{MARK}@{MARK}", "Message-Id": MARK, "Asker": MARK, "Locale": MARK}
    for subject, body in (
        ("command.documents.add_type", MARK.encode()),
        (f"command.documents.{MARK}", b"{}"),
        (f"command.{MARK}.add_type", b"{}"),
        (f"event.documents.{MARK}", b"{}"),
        ("event.files.upload_kept", MARK.encode()),
        (f"late.documents.{MARK}.documents.{chat}", b"{}"),
        (f"late.documents.type_added.{MARK}.{MARK}", b"{}"),
        (f"notice.answer.documents.{MARK}", b"{}"),
        (f"update.documents.{MARK}", _IN_ITS_NAME),
    ):
        await operator.jetstream.publish(subject, body, headers=headers)
    # Of no person and of no known kind, and readable all the same.
    named = {"Message-Id": MARK}
    await operator.jetstream.publish(f"update.documents.{chat}", _IN_ITS_NAME, headers=named)
    for query in ("query.documents.list_types", f"query.{MARK}.{MARK}"):
        try:
            await operator.client.request(query, MARK.encode(), timeout=10, headers=headers)
        except NatsError:
            continue  # nobody is there to answer, as should be


async def ask_strangely(health: str, links: str) -> None:
    """Ask for what is not served, by methods that there are not, and for a link of one's own."""
    async with ClientSession(health) as http:
        for method in ("POST", "DELETE", "PROPFIND", MARK.upper()):
            async with http.request(method, f"/metrics?{MARK}={MARK}") as response:
                assert response.status in {400, 405}
        async with http.get(f"/{MARK}") as response:
            assert response.status == 404
        async with http.get(f"{links}/files/{MARK}?{MARK}") as response:
            assert response.status == 403


async def clear(operator: Link) -> None:
    """Leave nothing of it to others."""
    for stream in STREAMS:
        await operator.jetstream.purge_stream(stream)
