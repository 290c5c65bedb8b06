"""The NATS CLI finds a context: of a local run ready made, elsewhere by a command."""

import json
import stat
from pathlib import Path

from pydantic import SecretStr

from bus.connection import connect
from switchboard.keys import new_seed
from switchboard.local.servers import LocalServers
from switchboard.nats_context import write_context
from tests.switchboard.command import run


def _read(folder: Path, name: str = "switchboard") -> dict[str, str]:
    file = folder / "nats" / "context" / f"{name}.json"
    found: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return found


def _key(context: dict[str, str]) -> str:
    """Return the seed, once nobody else may read it."""
    file = Path(context["nkey"])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    return file.read_text(encoding="utf-8").strip()


async def test_a_local_run_has_one_that_lets_in(servers: LocalServers) -> None:
    folder = servers.directory / "nats-cli"
    context = _read(folder)
    assert (folder / "nats" / "context.txt").read_text(encoding="utf-8") == "switchboard"
    async with connect(context["url"], "operator", SecretStr(_key(context))) as link:
        assert (await link.jetstream.account_info()).limits


async def test_the_command_writes_one_and_leaves_those_of_others(tmp_path: Path) -> None:
    seed = new_seed()
    settings = {
        "NATS_URL": "nats://bus.example.org:4222",
        "NATS_SEED_OPERATOR": seed,
        "XDG_CONFIG_HOME": str(tmp_path),
    }
    theirs = tmp_path / "nats" / "context" / "theirs.json"
    theirs.parent.mkdir(parents=True)
    theirs.write_text('{"description": "somebody\'s"}', encoding="utf-8")
    (tmp_path / "nats" / "context.txt").write_text("theirs", encoding="utf-8")

    for _ in range(2):  # the second time over its own
        said = await run("context", **settings)
        assert (said.status, said.errors) == (0, "")
    assert "nats --context switchboard" in said.output
    context = _read(tmp_path)
    assert context["url"] == "nats://bus.example.org:4222"
    assert _key(context) == seed
    assert (tmp_path / "nats" / "context.txt").read_text(encoding="utf-8") == "theirs"

    refused = await run("context", "--name", "theirs", **settings)
    assert refused.status == 1
    assert "is not Switchboard's" in refused.errors
    assert theirs.read_text(encoding="utf-8") == '{"description": "somebody\'s"}'


def test_certificates_are_fields_of_a_context(tmp_path: Path) -> None:
    write_context(tmp_path, "far", "tls://host:4222?ca=/ca.pem&cert=/c.pem&key=/k.pem", "S")
    context = _read(tmp_path, "far")
    assert context["url"] == "tls://host:4222"
    assert (context["ca"], context["cert"], context["key"]) == ("/ca.pem", "/c.pem", "/k.pem")
