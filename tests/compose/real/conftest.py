"""An engine, images and an installation that came up from nothing, for all tests of a run."""

import asyncio
import os
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
import yaml

from tests.chat import Chat
from tests.compose.engine import Engine, NoEngine, cache, engine
from tests.compose.installation import Installation
from tests.compose.stand_ins.images import (
    ALONE,
    PYTHON,
    TOGETHER,
    index_of_pip,
    make_base,
    make_stand_ins,
)
from tests.sources import ROOT

BUILT_WITHIN = 600.0

if not os.environ.get("COMPOSE_TEST"):
    collect_ignore_glob = ["test_*.py"]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def docker() -> AsyncIterator[Engine]:
    """An engine with nothing in it but images of earlier runs."""
    try:
        async with engine(cache()) as running:
            yield running
    except NoEngine as error:
        pytest.exit(f"docker-compose.yml cannot be run here: {error}", returncode=1)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def images(docker: Engine) -> Engine:
    """The image of our Dockerfile, as it is, and stand-ins for all others."""
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
    began = time.monotonic()
    await make_base(docker)
    await make_stand_ins(
        docker, {"python": PYTHON, **{each: services[each]["image"] for each in ALONE}}
    )
    print(f"\nthe base took {time.monotonic() - began:.0f} s")  # noqa: T201 # shown by -s
    began = time.monotonic()
    installation = Installation(docker)
    index = index_of_pip()
    arguments = ["--build-arg", f"PIP_INDEX_URL={index}"] if index else []
    await asyncio.gather(
        make_stand_ins(docker, {each: services[each]["image"] for each in TOGETHER}),
        installation.compose("build", "-q", *arguments, within=BUILT_WITHIN),
    )
    print(f"our image and the servers took {time.monotonic() - began:.0f} s")  # noqa: T201 # -s
    return docker


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def installation(images: Engine) -> AsyncIterator[Installation]:
    """Up from nothing; gone at the end, with its data."""
    made = Installation(images)
    await made.compose("down", "-v", "--remove-orphans", "-t", "0")  # of a run that was cut short
    try:
        began = time.monotonic()
        await made.up()
        print(f"up from nothing took {time.monotonic() - began:.0f} s")  # noqa: T201 # shown by -s
        yield made
    finally:
        await made.compose("down", "-v", "--remove-orphans", "-t", "0")


@pytest_asyncio.fixture(loop_scope="session")
async def person(installation: Installation) -> AsyncIterator[Chat]:
    """Somebody new."""
    async with aiohttp.ClientSession(installation.playground) as http:
        async with http.post("/sim/people", json={"first_name": "Somebody"}) as response:
            person_id = (await response.json())["id"]
        yield Chat(http, "documents", person_id)
