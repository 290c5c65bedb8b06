"""Looks after object storage: moves the files of an installation from one place to another."""

import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
from pydantic import SecretStr

from services.files.move import Move, NotTheSame, Progress
from services.files.store import ObjectStore, S3Access, StorageAway, object_store
from switchboard.errors import Trouble

_SAY_EVERY = 1.0
_S3 = ("S3_ENDPOINT", "S3_ACCESS_KEY", "S3_SECRET_KEY")
_AGAIN = "Nothing was deleted; the same command goes on where this one stopped."


async def move_files(
    source_url: str, target_url: str, environment: Mapping[str, str], *, delete_source: bool
) -> None:
    """Moves all files and says how far it is. Raises `Trouble`."""
    if source_url.rstrip("/") == target_url.rstrip("/"):
        raise Trouble("The files are there already: --from and --to name the same place.")
    source, target = _source(source_url, environment), _store("--to", target_url, environment)
    says = _Sayer()
    try:
        await source.prepare()
        await target.prepare()
        progress = await Move(source, target, says.from_time_to_time).run(
            delete_source=delete_source
        )
    except StorageAway as error:
        raise Trouble(f"The object storage does not answer: {error}. {_AGAIN}") from error
    except NotTheSame as error:
        raise Trouble(f"{error} came back otherwise than it was copied. {_AGAIN}") from error
    says.say(progress)
    click.echo(_summary(progress, target_url, deleted=delete_source))


class _Sayer:
    """Says how far a move is, but not all the time."""

    def __init__(self) -> None:
        self._said_at = time.monotonic()

    def from_time_to_time(self, progress: Progress) -> None:
        if time.monotonic() - self._said_at >= _SAY_EVERY:
            self.say(progress)

    def say(self, progress: Progress) -> None:
        self._said_at = time.monotonic()
        click.echo(
            f"{progress.objects_done} of {progress.objects} files, "
            f"{_megabytes(progress.size_done)} of {_megabytes(progress.size)} MB"
        )


def _source(url: str, environment: Mapping[str, str]) -> ObjectStore:
    parts = urlsplit(url)
    if parts.scheme == "file" and not Path(unquote(parts.path)).is_dir():
        raise Trouble(f"There is no folder {unquote(parts.path)} to move files from.")
    return _store("--from", url, environment)


def _store(option: str, url: str, environment: Mapping[str, str]) -> ObjectStore:
    endpoint, access_key, secret_key = (environment.get(name, "") for name in _S3)
    s3 = None
    if endpoint and access_key and secret_key:
        s3 = S3Access(endpoint, SecretStr(access_key), SecretStr(secret_key))
    try:
        return object_store(url, s3)
    except ValueError as error:
        raise Trouble(f"{option}: {error}.") from None


def _summary(progress: Progress, target_url: str, *, deleted: bool) -> str:
    copied = progress.objects - progress.equal - progress.gone
    words = f"Copied {copied}; {progress.equal} were there already."
    if progress.gone:
        words += f" {progress.gone} were deleted meanwhile: was the service files stopped?"
    if deleted:
        words += " Deleted where they were."
    return f"{words}\nNow start the service files with FILES_URL={target_url}"


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.1f}"
