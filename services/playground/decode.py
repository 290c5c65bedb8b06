"""Requests of any Bot API client, decoded with aiogram's own method classes."""

import json
import types
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import aiogram.methods
import structlog
from aiogram.client.default import Default
from aiogram.methods.base import TelegramMethod
from aiogram.types import InputFile
from pydantic import ValidationError

from services.playground.errors import ApiError, BadRequest, not_found
from services.playground.keyboards import read_markup
from services.playground.parameters import Parameters, UploadedFile

log = structlog.get_logger()

AnyMethod = TelegramMethod[Any]
METHODS: dict[str, type[AnyMethod]] = {
    method.__api_method__.lower(): method
    for name in aiogram.methods.__all__
    if isinstance(method := getattr(aiogram.methods, name), type)
    and issubclass(method, TelegramMethod)
    and method is not TelegramMethod
}

# What Telegram says when the one parameter it cannot do without is missing.
MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "photo": "there is no photo in the request",
    "document": "there is no document in the request",
    "video": "there is no video in the request",
    "voice": "there is no voice in the request",
    "sticker": "there is no sticker in the request",
    "media": 'parameter "media" is required',
    "message_ids": "message identifiers are not specified",
    "message_id": "message identifier is not specified",
    "file_id": "file_id not specified",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
}
MALFORMED = {
    "reply_markup": "inline keyboard expected",  # only edits take that kind alone
    "chat_id": "chat not found",
}


def method_named(name: str) -> type[AnyMethod]:
    """The class of a method, in whatever case it was written."""
    method = METHODS.get(name.lower())
    if method is None:
        raise not_found()
    return method


def decode(method: type[AnyMethod], parameters: Parameters) -> AnyMethod:
    """Build the method from what arrived; raises ApiError in Telegram's words."""
    values = {
        name: _value(method, name, raw, parameters.files) for name, raw in parameters.fields.items()
    }
    for name, file in parameters.files.items():
        if name in method.model_fields:  # the part is named after the parameter itself
            values.setdefault(name, file)
    if "reply_markup" in values and "reply_markup" in method.model_fields:
        values["reply_markup"] = read_markup(values["reply_markup"])
    try:
        decoded = method.model_validate(values)
    except ValidationError as error:
        raise _refusal(error) from None
    if decoded.model_extra:
        log.warning(
            "parameters.ignored", method=method.__api_method__, names=sorted(decoded.model_extra)
        )
    return decoded


def _value(method: type[AnyMethod], name: str, raw: Any, files: Mapping[str, UploadedFile]) -> Any:
    encoding = _encodings(method).get(name, "text")
    if encoding == "text":
        return raw
    value = raw
    if isinstance(raw, str) and encoding == "json":
        value = _parsed(name, raw)
    elif isinstance(raw, str) and encoding == "integer or text":
        value = int(raw) if raw.removeprefix("-").isdecimal() else raw
    return _with_files(value, files)


def _parsed(name: str, raw: str) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        if name == "reply_markup":
            raise BadRequest("can't parse reply keyboard markup JSON object") from None
        return raw  # the field's own type decides


def _with_files(value: Any, files: Mapping[str, UploadedFile]) -> Any:
    """Replace every `attach://name`, at any depth, by the part of that name."""
    if isinstance(value, str):
        name = value.removeprefix("attach://")
        return files.get(name, value) if name != value else value
    if isinstance(value, list):
        return [_with_files(item, files) for item in value]
    if isinstance(value, dict):
        return {key: _with_files(item, files) for key, item in value.items()}
    return value


Encoding = Literal["text", "file", "integer or text", "json"]


@cache
def _encodings(method: type[AnyMethod]) -> dict[str, Encoding]:
    return {name: _encoding(field.annotation) for name, field in method.model_fields.items()}


def _encoding(annotation: Any) -> Encoding:
    alternatives = set(_alternatives(annotation)) - {types.NoneType, Default}
    if alternatives == {str}:
        return "text"
    if alternatives <= {str, InputFile}:
        return "file"
    if alternatives == {int, str}:
        return "integer or text"
    return "json"


def _alternatives(annotation: Any) -> Iterator[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _alternatives(get_args(annotation)[0])
    elif origin in (Union, types.UnionType):
        for member in get_args(annotation):
            yield from _alternatives(member)
    else:
        yield annotation if origin is None else origin


def _refusal(error: ValidationError) -> ApiError:
    first = error.errors(include_url=False, include_input=False)[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    if first["type"] == "missing" and len(first["loc"]) == 1 and name in MISSING:
        return BadRequest(MISSING[name])
    if len(first["loc"]) == 1 and name in MALFORMED:
        return BadRequest(MALFORMED[name])
    where = ".".join(str(part) for part in first["loc"])
    return BadRequest(f"can't parse parameter {where}: {first['msg']}")
