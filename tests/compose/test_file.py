"""docker-compose.yml by its schema, and by rules that no schema knows."""

import re
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import pytest
import yaml

from bus.server_config import ENVIRONMENT
from services.run import SERVICES
from switchboard.redis_users import REDIS_USERS
from tests.sources import ROOT

FILES = ("docker-compose.yml", "docker-compose.playground.yml")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / FILES[0]).read_text("utf-8"))
CONTAINERS: dict[str, dict[str, Any]] = COMPOSE["services"]
ONE_SHOTS = {"secrets", "migrate", "provision"}
TOOLS = {"nats-box", "operator"}
WITHOUT_PROGRAMS = {"otel-collector", "nats-exporter"}
"""Images in which nothing could ask whether they are healthy."""


@pytest.mark.parametrize("file", FILES)
def test_it_is_what_its_schema_says(file: str) -> None:
    program = Path(sysconfig.get_path("scripts")) / "check-jsonschema"
    checked = subprocess.run(
        [str(program), "--builtin-schema", "vendor.compose-spec", str(ROOT / file)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert checked.returncode == 0, checked.stdout


def test_every_service_has_a_container_and_a_secret_folder_of_its_own() -> None:
    for service in SERVICES:
        assert CONTAINERS[service]["command"] == ["python", "-m", "services", service]
        assert f"secrets-{service}:/run/secrets:ro" in CONTAINERS[service]["volumes"]
    handed = [volume for volume in CONTAINERS["secrets"]["volumes"] if ":/handed/" in volume]
    volumes = {name for name in COMPOSE["volumes"] if name.startswith("secrets-")}
    assert {volume.partition(":")[0] for volume in handed} == volumes
    for name in volumes:
        readers = [
            each
            for each, container in CONTAINERS.items()
            if each != "secrets" and f"{name}:" in str(container.get("volumes", ""))
        ]
        assert readers, name
        assert len(readers) == 1 or readers == ["provision", "operator"], name


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_container_can_do_no_more_than_it_has_to(name: str) -> None:
    container = CONTAINERS[name]
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert container["read_only"] == (name != "secrets")
    assert container["user"] not in ("root", "0", "0:0")
    assert {"mem_limit", "pids_limit", "init", "logging"} <= container.keys()
    assert container["restart"] == ("no" if name in ONE_SHOTS | TOOLS else "unless-stopped")
    waits = ONE_SHOTS | TOOLS | WITHOUT_PROGRAMS
    assert ("healthcheck" in container) == (name not in waits)
    assert set(container.get("profiles", [])) == ({"tools"} if name in TOOLS else set())
    for port in container.get("ports", []):
        assert re.match(r"127\.0\.0\.1:|\$\{PUBLISH_ON:-127\.0\.0\.1\}:", port), port


def test_images_are_of_a_version_and_can_be_had() -> None:
    named = {name: each["image"] for name, each in CONTAINERS.items() if "image" in each}
    theirs = {name: image for name, image in named.items() if not image.startswith("switchboard:")}
    assert len(theirs) == len(CONTAINERS) - len(SERVICES) - len(ONE_SHOTS) - 1
    for image in theirs.values():
        assert re.fullmatch(r"[\w./-]+:v?\d+\.\d+[\w.-]*", image), image
    assert "minio" not in (ROOT / FILES[0]).read_text("utf-8").lower()


def test_networks_part_who_has_nothing_to_say_to_each_other() -> None:
    members: dict[str, set[str]] = {name: set() for name in COMPOSE["networks"]}
    for name, container in CONTAINERS.items():
        for network in container.get("networks", []):
            members[network].add(name)
    assert members["database"] == {"postgres", "migrate", "storage", "query"}
    redis = {user.name for user in REDIS_USERS}
    assert members["memory"] == {"redis", *redis}
    assert members["objects"] == {"s3", "files", "nginx"}
    assert members["edge"] == {"nginx", "gateway", "files"}
    outward = {name for name, network in COMPOSE["networks"].items() if not network}
    assert outward == {"telegram", "front", "dashboards"}
    for name in ("postgres", "redis", "nats", "s3", "storage", "query"):
        assert not set(CONTAINERS[name]["networks"]) & outward, name


def test_no_secret_is_in_the_environment_of_a_container() -> None:
    secret = re.compile(r"SEED|SECRET|TOKEN|PASSWORD|KEY|DATABASE_URL|REDIS_URL")
    for name, container in CONTAINERS.items():
        found = {each for each in container.get("environment", {}) if secret.search(each)}
        assert found <= {"POSTGRES_PASSWORD_FILE"}, name


def test_the_bus_has_the_memory_that_it_is_told_of() -> None:
    nats = CONTAINERS["nats"]
    assert nats["environment"] == ENVIRONMENT
    told, has = ENVIRONMENT["GOMEMLIMIT"], nats["mem_limit"]
    assert int(told.removesuffix("MiB")) < int(has.removesuffix("m"))


def test_what_is_mounted_is_there() -> None:
    mounted = re.findall(
        r"^ +- (\./[^:]+):|\"(\./[^:]+):", (ROOT / FILES[0]).read_text("utf-8"), re.M
    )
    paths = ["".join(each) for each in mounted]
    assert len(paths) > 5
    assert [path for path in paths if not (ROOT / path).exists()] == []
