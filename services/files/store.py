"""Object storage by URL: a folder, or a bucket of any S3; what goes wrong there is one error."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

import obstore
from aiohttp import ClientError, ClientSession, ClientTimeout
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store
from pydantic import SecretStr

from observability.calls import Calls, unread_calls

TARGET = "object_storage"
CHUNK_SIZE = 64 * 1024
"""Bytes."""

UPLOADS_AT_ONCE = 2
"""Parts of one object, 5 MB each: what an upload takes of memory at most."""

REQUEST_SECONDS = 30
SIGNED_FOR = timedelta(minutes=1)
"""How long nginx may take to ask S3 for an object; the transfer may take longer."""
RETRIES = 2


class StorageAway(Exception):
    """The object storage cannot be reached or fails; what was asked of it may be asked again."""


@dataclass(frozen=True)
class S3Access:
    """How to reach an S3: the address of its API and the keys to it."""

    endpoint: str
    access_key: SecretStr
    secret_key: SecretStr
    region: str = "us-east-1"


@dataclass(frozen=True)
class ObjectStore:
    """Objects under keys like `app/person/upload`; an object is there whole or not at all."""

    backend: LocalStore | S3Store
    calls: Calls = field(default_factory=unread_calls)

    async def prepare(self) -> None:
        """Make the bucket if it does not exist yet."""
        if isinstance(self.backend, S3Store) and not await self._is_readable():
            with self.calls.timed(TARGET, "make_bucket"):
                await _make_bucket(self.backend)

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> None:
        """Keep the bytes in place of what the key had; what their iterator raises is raised."""
        with self._asking("put"):
            await obstore.put_async(self.backend, key, chunks, max_concurrency=UPLOADS_AT_ONCE)

    async def get(self, key: str) -> AsyncIterator[bytes]:
        """Yield the bytes of an object. Raises FileNotFoundError."""
        async for chunk in await self.open(key):
            yield chunk

    async def open(self, key: str, part: range | None = None) -> AsyncIterator[bytes]:
        """Return the bytes of an object, or of a part of it, once the store has found it.

        Raises FileNotFoundError at once, and StorageAway while the bytes are read, too.
        """
        with self._asking("get"):
            found = await obstore.get_async(
                self.backend,
                key,
                options={"range": (part.start, part.stop)} if part is not None else None,
            )

        async def chunks() -> AsyncIterator[bytes]:
            with self._asking("stream"):
                async for chunk in found.stream(min_chunk_size=CHUNK_SIZE):
                    yield bytes(chunk)

        return chunks()

    async def has(self, key: str) -> bool:
        """Tell whether there is an object."""
        with self._asking("head"):
            try:
                await obstore.head_async(self.backend, key)
            except FileNotFoundError:
                return False
            return True

    async def delete(self, key: str) -> None:
        """Delete an object, if it is there."""
        with self._asking("delete"):
            try:
                await obstore.delete_async(self.backend, key)
            except FileNotFoundError:
                return

    async def folders(self) -> list[str]:
        """Return the first parts of all keys."""
        with self._asking("list_with_delimiter"):
            listing = await obstore.list_with_delimiter_async(self.backend)
            return [str(prefix) for prefix in listing["common_prefixes"]]

    async def keys(self, folder: str) -> list[str]:
        """Return the keys of all objects in a folder and below it."""
        with self._asking("list"):
            listing = obstore.list(self.backend, prefix=f"{folder}/")
            return [found["path"] async for batch in listing for found in batch]

    async def sizes(self) -> AsyncIterator[tuple[str, int]]:
        """Yield the key of every object with its size in bytes."""
        with self._asking("list"):
            async for batch in obstore.list(self.backend):
                for found in batch:
                    yield found["path"], found["size"]

    async def internal_address(self, key: str) -> str:
        """Return where nginx/nginx.conf finds an object."""
        if isinstance(self.backend, LocalStore):
            return f"/_files/{key}"
        with self._asking("sign"):
            url = urlsplit(await obstore.sign_async(self.backend, "GET", key, SIGNED_FOR))
        return f"/_s3{url.path}?{url.query}"

    @contextmanager
    def _asking(self, operation: str) -> Iterator[None]:
        """Watch what is asked, named as obstore names it, and call what goes wrong by its name."""
        with self.calls.traced(TARGET, operation):
            try:
                yield
            except BaseError as error:
                # The first line says it; the rest is the library's own debugging.
                raise StorageAway(str(error).partition("\n")[0]) from error

    async def _is_readable(self) -> bool:
        try:
            with self._asking("list_with_delimiter"):
                await obstore.list_with_delimiter_async(self.backend, prefix="none/")
        except (StorageAway, FileNotFoundError):
            return False
        return True


def object_store(
    files_url: str, s3: S3Access | None = None, calls: Calls | None = None
) -> ObjectStore:
    """Return the store at `file:///folder`, made if missing, or at `s3://bucket`.

    Raises ValueError for a URL of another form, and where an S3 is named without access to it.
    """
    url, timed = urlsplit(files_url), calls or unread_calls()
    if url.scheme == "file" and url.path and not url.netloc:
        return ObjectStore(LocalStore(Path(unquote(url.path)), mkdir=True), timed)
    if url.scheme == "s3" and url.netloc and url.path in ("", "/"):
        return ObjectStore(_bucket(url, s3), timed)
    raise ValueError("FILES_URL must be file:///folder or s3://bucket")


def _bucket(url: SplitResult, s3: S3Access | None) -> S3Store:
    if s3 is None:
        raise ValueError("s3://bucket needs S3_ENDPOINT, S3_ACCESS_KEY and S3_SECRET_KEY")
    return S3Store(
        url.netloc,
        endpoint=s3.endpoint,
        access_key_id=s3.access_key.get_secret_value(),
        secret_access_key=s3.secret_key.get_secret_value(),
        region=s3.region,
        virtual_hosted_style_request=False,
        client_options={"allow_http": True, "timeout": timedelta(seconds=REQUEST_SECONDS)},
        # Few: whoever called keeps its message in hand and tries for as long as it takes.
        retry_config={
            "max_retries": RETRIES,
            "retry_timeout": timedelta(seconds=REQUEST_SECONDS),
        },
    )


async def _make_bucket(bucket: S3Store) -> None:
    """Ask for the bucket by a signed request: obstore itself makes none."""
    url = await obstore.sign_async(bucket, "PUT", "", timedelta(seconds=REQUEST_SECONDS))
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=REQUEST_SECONDS)) as session,
            session.put(url) as response,
        ):
            if response.status not in (HTTPStatus.OK, HTTPStatus.CONFLICT):
                raise StorageAway(f"the bucket cannot be made: answer {response.status}")
    except (ClientError, TimeoutError) as error:
        # Its message may name the signed address: the class has to do.
        raise StorageAway(f"the bucket cannot be made: {type(error).__name__}") from None
