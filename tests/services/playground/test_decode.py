"""Every method of aiogram survives the way over the wire; trouble is told in Telegram's words."""

import json
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.methods import SendMediaGroup, SendMessage, SendPhoto
from aiogram.methods.base import TelegramMethod
from aiogram.types import InputFile
from structlog.testing import capture_logs

from services.playground.decode import METHODS, decode, method_named
from services.playground.errors import ApiError
from services.playground.parameters import Parameters, UploadedFile
from tests.services.playground.random_methods import RandomMethods

CALLS_OF_EACH = 8
BOT = Bot("1:x")
SESSION = AiohttpSession()


def _on_the_wire(method: TelegramMethod[Any]) -> Parameters:
    """What aiogram's own session makes of a method."""
    files: dict[str, Any] = {}
    fields = {
        name: SESSION.prepare_value(value, bot=BOT, files=files)
        for name, value in method.model_dump(warnings=False).items()
    }
    parts = {key: UploadedFile(file.data, file.filename, None) for key, file in files.items()}
    return Parameters({name: text for name, text in fields.items() if text}, parts)


def _comparable(parameters: Parameters) -> dict[str, Any]:
    """With the random names of the parts replaced by what is in them."""
    contents = {f"attach://{name}": file.data.hex() for name, file in parameters.files.items()}
    text = json.dumps(parameters.fields, sort_keys=True)
    for reference, content in contents.items():
        text = text.replace(reference, content)
    return {name: _parsed(value) for name, value in json.loads(text).items()}


def _parsed(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value


def test_there_is_something_to_decode() -> None:
    assert len(METHODS) > 150


@pytest.mark.parametrize("name", sorted(METHODS))
def test_round_trip(name: str) -> None:
    methods = RandomMethods(seed=7)
    for _ in range(CALLS_OF_EACH):
        sent = _on_the_wire(methods.build(METHODS[name]))
        received = decode(METHODS[name], sent)
        assert _comparable(_on_the_wire(received)) == _comparable(sent)
        assert not received.model_extra


def test_text_stays_text() -> None:
    for text in ("123", "null", "true", '{"a": 1}', "attach://photo"):
        message = decode(SendMessage, Parameters({"chat_id": "5", "text": text}))
        assert isinstance(message, SendMessage)
        assert (message.chat_id, message.text) == (5, text)


def test_a_part_may_be_named_after_its_parameter() -> None:
    photo = UploadedFile(b"...", "photo.png", "image/png")
    method = decode(SendPhoto, Parameters({"chat_id": "-100"}, {"photo": photo}))
    assert isinstance(method, SendPhoto)
    assert method.photo is photo
    assert method.chat_id == -100


def test_parts_are_found_at_any_depth() -> None:
    media = json.dumps([{"type": "photo", "media": "attach://one"}] * 2)
    file = UploadedFile(b"...", "one.png", None)
    method = decode(SendMediaGroup, Parameters({"chat_id": "@x", "media": media}, {"one": file}))
    assert isinstance(method, SendMediaGroup)
    assert all(isinstance(item.media, InputFile) for item in method.media)
    assert method.chat_id == "@x"


def test_an_unknown_parameter_is_logged() -> None:
    with capture_logs() as logs:
        decode(SendMessage, Parameters({"chat_id": "5", "text": "x", "pares_mode": "HTML"}))
    assert [(entry["event"], entry["names"]) for entry in logs] == [
        ("parameters.ignored", ["pares_mode"])
    ]


def test_names_of_methods_in_any_case() -> None:
    assert method_named("SENDmessage") is SendMessage
    with pytest.raises(ApiError, match="Not Found: method not found"):
        method_named("sendNothing")


def test_nonsense_is_refused_in_words() -> None:
    with pytest.raises(ApiError, match="Bad Request: can't parse parameter message_thread_id"):
        decode(SendMessage, Parameters({"chat_id": "5", "text": "x", "message_thread_id": "nine"}))
