"""What lines say of a message in hand: inherited, gone with it, and nobody's name."""

import asyncio
import io
import json
import logging
import secrets
from typing import Any

import pytest
import structlog

from observability.discretion import content_of, person_hash, speak_of_people
from observability.handling import bind, handling, name_person

ANNA, BORIS = 7_734_512_906, 7_734_512_907
log = structlog.get_logger()


@pytest.fixture(autouse=True)
def _key() -> None:
    """Lines name people by a key of this test."""
    speak_of_people(secrets.token_urlsafe())


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    """Read the lines back, without those of exporters that earlier tests left behind."""
    found = [json.loads(line) for line in stream.getvalue().splitlines()]
    return [line for line in found if not line["event"].startswith("telemetry.")]


async def test_lines_of_a_message_say_whose_it_is_and_the_next_ones_do_not(
    written: io.StringIO,
) -> None:
    async def deep() -> None:
        log.info("deep.inside")
        logging.getLogger("aiogram").warning("heard")

    with handling(ANNA, app="documents", message_id="documents-7"):
        await deep()
        await asyncio.create_task(deep())
        bind(found="on the way")
        with handling(message_id="link-1"):
            name_person(BORIS)
            log.info("within.another")
        log.info("after.another")
    log.info("of.nobody")

    *of_anna, within, after, outside = lines(written)
    whose = {"app": "documents", "message_id": "documents-7", "person": person_hash(ANNA)}
    assert len(of_anna) == 4
    for line in of_anna:
        assert line.items() >= whose.items()
    assert (within["message_id"], within["person"]) == ("link-1", person_hash(BORIS))
    assert after.items() >= {**whose, "found": "on the way"}.items()
    assert outside.keys() == {"time", "level", "event"}


async def test_side_by_side_nobody_gets_the_others_name(written: io.StringIO) -> None:
    gate = asyncio.Barrier(2)

    async def handle(person: int) -> None:
        with handling(person, message_id=f"documents-{person % 10}"):
            await gate.wait()
            log.info("in.hand", number=person % 10)

    await asyncio.gather(handle(ANNA), handle(BORIS))
    found = {line["number"]: (line["person"], line["message_id"]) for line in lines(written)}
    assert found == {6: (person_hash(ANNA), "documents-6"), 7: (person_hash(BORIS), "documents-7")}


def test_an_id_that_an_error_quotes_becomes_its_hash(written: io.StringIO) -> None:
    with handling(ANNA, message_id="documents-7"):
        try:
            raise ValueError(f"no acknowledgement for update.documents.{ANNA}")
        except ValueError as error:
            log.exception("update.failed", error=error, nested=[{"of": f"chat {ANNA}, 12{ANNA}"}])
        logging.getLogger("aiogram").warning("Flood control in chat %s", ANNA)
    assert written.getvalue().count(f".{person_hash(ANNA)}") == 2
    assert f"chat {person_hash(ANNA)}, 12{ANNA}" in written.getvalue()
    assert f"in chat {person_hash(ANNA)}" in written.getvalue()
    assert written.getvalue().count(str(ANNA)) == 1  # a part of another number


def test_errors_quote_no_word_of_the_message(written: io.StringIO) -> None:
    body = '{"type":"AddType","name":"Анна Сергеева","tags":["o\\"diary"],"count":7}'.encode()
    try:
        raise ExceptionGroup("several", [KeyError("Анна Сергеева, diary"), ValueError("AddType 7")])
    except ExceptionGroup as error:
        with handling(ANNA, body, message_id="documents-7"):
            log.exception("handler.failed", error=error.exceptions[0], reason="KeyError: 'diary'")
            logging.getLogger("asyncio").error("lost: Сергеева", exc_info=error)
        log.warning("elsewhere.said", error="diary")
    inside, heard, outside = lines(written)
    assert inside["error"] == "KeyError(\"'*** ***, ***'\")"
    assert inside["reason"] == "KeyError: '***'"
    assert heard["text"] == "lost: ***"
    for line in (inside, heard):
        assert "KeyError: '*** ***, ***'" in line["exception"]
        assert "ValueError: AddType 7" in line["exception"]
        assert 'raise ExceptionGroup("several", [KeyError(' in line["exception"]
    assert outside["error"] == "diary"


def test_errors_may_name_the_table_that_ids_of_the_message_begin_with(
    written: io.StringIO,
) -> None:
    body = b'{"name":"rent","upload_ids":["documents-262359281-8d1f473b-2"]}'
    with handling(ANNA, body):
        log.error("handler.failed", error='relation "documents" has no rent 262359281')
    (line,) = lines(written)
    assert line["error"] == 'relation "documents" has no *** ***'


@pytest.mark.parametrize(
    "body", [b"Lease", b'"Lease', b'"Lease" \xff', b"[" * 5000 + b'"Lease"' + b"]" * 5000]
)
def test_whatever_came_no_word_of_it_is_quoted(written: io.StringIO, body: bytes) -> None:
    with handling(ANNA, body, message_id="documents-7"):
        log.error("message.dead", reason="MalformedMessage: what is Lease")
    (line,) = lines(written)
    assert line["reason"] == "MalformedMessage: what is ***"


def test_without_a_key_nobody_is_named(written: io.StringIO) -> None:
    speak_of_people("")
    with handling(ANNA, message_id="documents-7"):
        log.warning("chat.gone", error=f"no chat {ANNA}")
    (line,) = lines(written)
    assert "person" not in line
    assert line["error"] == "no chat ***"


def test_only_where_it_is_wanted_lines_hold_what_people_wrote(written: io.StringIO) -> None:
    body = '{"text":"Дневник Анны"}'.encode()
    assert content_of(body) == {}
    key = secrets.token_urlsafe()
    speak_of_people(key, content=True)
    with handling(ANNA, message_id="documents-7"):
        log.info("message.handled", **content_of(body))
        log.info("message.handled", **content_of(b"\xff" * 20_000))
    whole, cut = lines(written)
    assert whole["content"] == body.decode()
    assert whole["person_id"] == ANNA
    assert whole["person"] == person_hash(ANNA)
    assert len(cut["content"]) == 8192
