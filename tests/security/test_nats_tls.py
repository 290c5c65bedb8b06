"""NATS over TLS: who is believed, who is let in, and what a wrong address says."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import nats
import pytest
import trustme
from nats.errors import Error as NatsError
from pydantic import SecretStr

from bus.address import WrongAddress, read_address
from bus.connection import connect
from bus.users import USERS
from switchboard.keys import new_seed, seed_variable
from switchboard.local.ports import HOST, Ports
from switchboard.local.programs import find_script
from tests.switchboard.command import run

SEEDS = {seed_variable(user): new_seed() for user in USERS if user != "playground"}
OPERATOR = SecretStr(SEEDS["NATS_SEED_OPERATOR"])


class Papers:
    """Certificates as files: of the server, of a client, and of an authority nobody believes."""

    def __init__(self, directory: Path) -> None:
        authority, foreign = trustme.CA(), trustme.CA()
        server, client = authority.issue_cert(HOST), authority.issue_cert("bot@example.org")
        self.ca, self.foreign = str(directory / "ca.pem"), str(directory / "foreign.pem")
        self.cert, self.key = str(directory / "server.pem"), str(directory / "server.key")
        self.client = str(directory / "client.pem")
        authority.cert_pem.write_to_path(self.ca)
        foreign.cert_pem.write_to_path(self.foreign)
        server.cert_chain_pems[0].write_to_path(self.cert)
        server.private_key_pem.write_to_path(self.key)
        client.private_key_and_cert_chain_pem.write_to_path(self.client)


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    """Made once: keys take their time."""
    return Papers(tmp_path_factory.mktemp("papers"))


@asynccontextmanager
async def serving(directory: Path, papers: Papers, *more: str) -> AsyncIterator[str]:
    """Run nats-server with what `nats-config` writes; give its address."""
    port = Ports(directory / "ports.json").get("nats")
    place = ("--store-dir", str(directory / "data"), "--listen", f"{HOST}:{port}", "--http", "")
    tls = ("--tls-cert", papers.cert, "--tls-key", papers.key)
    written = await run("nats-config", *place, *tls, *more, **SEEDS)
    config = directory / "nats.conf"
    config.write_text(written.output)
    command = (find_script("nats-server"), "-c", str(config))
    server = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
    try:
        yield f"tls://{HOST}:{port}"
    finally:
        server.terminate()
        await asyncio.wait_for(server.wait(), 60)


async def greet(url: str) -> bool:
    """Ask the server something, waiting until it is there."""
    async with asyncio.timeout(60), connect(url, "operator", OPERATOR) as link:
        return bool(await link.client.request("$JS.API.INFO", b"", timeout=60))


async def try_once(url: str) -> None:
    """Connect as somebody who gives up."""

    async def silent(_: Exception) -> None:
        """Take errors that are also raised."""

    address, tls = read_address(url)
    client = await nats.connect(
        address,
        tls=tls,
        nkeys_seed_str=OPERATOR.get_secret_value(),
        allow_reconnect=False,
        max_reconnect_attempts=0,
        error_cb=silent,
    )
    await client.close()


async def test_a_server_with_a_certificate(scratch: Path, papers: Papers) -> None:
    async with serving(scratch, papers) as url:
        assert await greet(f"{url}?ca={papers.ca}")
        with pytest.raises(ssl.SSLCertVerificationError):
            await try_once(f"{url}?ca={papers.foreign}")
        with pytest.raises(ssl.SSLCertVerificationError):
            await try_once(url)
        with pytest.raises((NatsError, OSError)):
            await try_once(url.replace("tls:", "nats:"))


async def test_a_server_that_wants_a_certificate_too(scratch: Path, papers: Papers) -> None:
    async with serving(scratch, papers, "--tls-ca", papers.ca) as url:
        assert await greet(f"{url}?ca={papers.ca}&cert={papers.client}&key={papers.client}")
        with pytest.raises((NatsError, OSError)):
            await try_once(f"{url}?ca={papers.ca}")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nats://127.0.0.1:1?ca=/ca.pem", "does not begin with tls:"),
        ("tls://127.0.0.1:1?ca=/nowhere/ca.pem", "ca=/nowhere/ca.pem"),
        ("tls://127.0.0.1:1?cert=/cert.pem", "only one of cert and key"),
        ("tls://127.0.0.1:1?verify=no", "has no verify"),
    ],
)
async def test_a_wrong_address_is_said_to_be_wrong(url: str, said: str) -> None:
    with pytest.raises(WrongAddress, match=said):
        async with connect(url, "operator", OPERATOR):
            pass


async def test_half_of_the_certificates_is_refused() -> None:
    said = await run("nats-config", "--tls-cert", "server.pem", **SEEDS)
    assert said.status != 0
    assert "--tls-cert and --tls-key go together" in said.errors
