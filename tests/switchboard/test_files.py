"""`switchboard files move` says how far it is, and what stops it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from services.files.store import S3Access, object_store
from tests.services.files.seaweedfs import seaweedfs
from tests.switchboard.command import Said, run


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def s3(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[S3Access]:
    """A running S3."""
    async with seaweedfs(tmp_path_factory.mktemp("seaweedfs")) as access:
        yield access


async def move(s3: S3Access, *arguments: str, **settings: str) -> Said:
    """Run the command as an operator does."""
    keys = {
        "S3_ENDPOINT": s3.endpoint,
        "S3_ACCESS_KEY": s3.access_key.get_secret_value(),
        "S3_SECRET_KEY": s3.secret_key.get_secret_value(),
    }
    return await run("files", "move", *arguments, **keys, **settings)


async def test_files_move_to_s3_and_back(s3: S3Access, tmp_path: Path) -> None:
    here, back = tmp_path / "my files", tmp_path / "back"
    (here / "documents" / "1001").mkdir(parents=True)
    for number in range(3):
        (here / "documents" / "1001" / f"upload-{number}").write_bytes(bytes(2**20))

    there = await move(s3, "--to", "s3://moved", FILES_URL=here.as_uri())
    assert there.status == 0, there.errors
    assert "3 of 3 files, 3.0 of 3.0 MB" in there.output
    assert "Copied 3; 0 were there already." in there.output
    assert "FILES_URL=s3://moved" in there.output

    again = await move(s3, "--to", "s3://moved", "--from", here.as_uri(), "--delete-source")
    assert "Copied 0; 3 were there already. Deleted where they were." in again.output
    assert not [path for path in here.rglob("*") if path.is_file()]

    returned = await move(s3, "--from", "s3://moved", "--to", back.as_uri())
    assert returned.status == 0, returned.errors
    assert len([path for path in back.rglob("*") if path.is_file()]) == 3


async def test_what_stops_a_move_is_said_in_a_sentence(s3: S3Access, tmp_path: Path) -> None:
    there = tmp_path.as_uri()
    for arguments, words in (
        (("--to", there), "FILES_URL"),
        (("--from", there, "--to", there + "/"), "the same place"),
        (("--from", (tmp_path / "none").as_uri(), "--to", "s3://moved"), "There is no folder"),
        (("--from", there, "--to", "ftp://moved"), "--to: "),
    ):
        said = await move(s3, *arguments)
        assert said.status != 0
        assert words in said.errors
        assert "Traceback" not in said.errors


async def test_an_s3_that_is_away_loses_nothing(s3: S3Access, tmp_path: Path) -> None:
    (tmp_path / "upload").write_bytes(b"x")
    away = S3Access("http://127.0.0.1:9", s3.access_key, s3.secret_key)
    said = await move(away, "--from", tmp_path.as_uri(), "--to", "s3://moved", "--delete-source")
    assert said.status == 1
    assert "The object storage does not answer" in said.errors
    assert s3.secret_key.get_secret_value() not in said.errors
    assert (tmp_path / "upload").exists()


async def test_without_keys_s3_is_not_tried(tmp_path: Path) -> None:
    said = await run("files", "move", "--from", tmp_path.as_uri(), "--to", "s3://moved")
    assert "S3_ENDPOINT" in said.errors
    with pytest.raises(ValueError, match="S3_ENDPOINT"):
        object_store("s3://moved")
