"""The parameters of a request in every form that Bot API clients send them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiogram.types import BufferedInputFile
from aiohttp import BodyPartReader, MultipartReader, StreamReader, hdrs
from aiohttp.helpers import parse_mimetype
from multidict import CIMultiDictProxy

from services.playground.errors import BadRequest, RequestTooLarge
from services.playground.files import MAX_UPLOAD, MEBIBYTE

MAX_BODY = MAX_UPLOAD + MEBIBYTE  # the file, and room for what comes with it
MAX_PARTS = 1000
# grammY writes names of files without quotes, in whatever language; Telegram takes them.
UNQUOTED_FILE_NAME = re.compile(r'name="(?P<name>[^"]*)"; *filename=(?P<filename>[^"].*)')


class UploadedFile(BufferedInputFile):
    """A file that came with the request, in memory."""

    def __init__(self, data: bytes, filename: str, content_type: str | None) -> None:
        super().__init__(data, filename)
        self.content_type = content_type


@dataclass(frozen=True)
class Parameters:
    """`fields` are strings, or JSON values if the body was JSON; `files` are by part name.

    `parts` are the files with their part names, in their order, also those that share a name.
    """

    fields: dict[str, Any] = field(default_factory=dict)
    files: dict[str, UploadedFile] = field(default_factory=dict)
    parts: list[tuple[str, UploadedFile]] = field(default_factory=list)


async def read_parameters(
    headers: CIMultiDictProxy[str], content: StreamReader, query: Mapping[str, str]
) -> Parameters:
    """Read query and body. The verb does not matter: some clients send GET with a body."""
    mime = parse_mimetype(headers.get(hdrs.CONTENT_TYPE, ""))
    if mime.type == "multipart":
        parameters = await _multipart(headers, content)
    else:
        parameters = Parameters(_body_fields(await _whole(content), f"{mime.type}/{mime.subtype}"))
    for name, value in query.items():
        parameters.fields.setdefault(name, value)
    return parameters


def _body_fields(body: bytes, content_type: str) -> dict[str, Any]:
    try:
        if content_type == "application/json":
            value = json.loads(body or b"{}")
            if not isinstance(value, dict):
                raise BadRequest("object expected as request parameters")
            return {name: item for name, item in value.items() if item is not None}
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    except ValueError:
        raise BadRequest("can't parse the request body") from None


async def _whole(content: StreamReader) -> bytes:
    body = bytearray()
    async for chunk in content.iter_any():
        body += chunk
        if len(body) > MAX_BODY:
            raise RequestTooLarge
    return bytes(body)


async def _multipart(headers: CIMultiDictProxy[str], content: StreamReader) -> Parameters:
    parameters = Parameters()
    left = MAX_BODY
    try:
        reader = MultipartReader(headers, content)
        while (part := await reader.next()) is not None:
            if not isinstance(part, BodyPartReader):
                raise BadRequest("can't parse the request body")
            name, filename = _names(part)
            data = await _part(part, left)
            left -= len(data)
            if len(parameters.fields) + len(parameters.parts) >= MAX_PARTS:
                raise BadRequest("too many parts in the request")
            if filename is None:
                parameters.fields[name] = data.decode()
            else:
                file = UploadedFile(data, filename, part.headers.get(hdrs.CONTENT_TYPE))
                parameters.files[name] = file
                parameters.parts.append((name, file))
    except (ValueError, AssertionError):
        raise BadRequest("can't parse the request body") from None
    return parameters


async def _part(part: BodyPartReader, left: int) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk(MEBIBYTE):
        data += chunk
        if len(data) > left:
            raise RequestTooLarge
    return bytes(data)


def _names(part: BodyPartReader) -> tuple[str, str | None]:
    """The names of a part and, if it is one, of its file."""
    if part.name is not None:
        return part.name, part.filename
    loose = UNQUOTED_FILE_NAME.search(part.headers.get(hdrs.CONTENT_DISPOSITION, ""))
    if loose is None:
        raise BadRequest("can't parse the request body")
    return loose["name"], loose["filename"]
