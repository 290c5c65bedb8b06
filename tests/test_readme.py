"""The README and docs/ say what the code says: settings, commands, streams, log lines, files."""

import inspect
import re
import tomllib
from pathlib import Path

import click
from pydantic import SecretStr
from pydantic.fields import FieldInfo

import services.settings
from bus.topology import STREAMS
from services.discovery import all_apps
from services.run import SERVICES, load
from services.settings import Settings
from switchboard.cli import switchboard
from switchboard.local.environment import local_environment
from switchboard.local.ports import Ports
from switchboard.local.secrets_file import load_secrets
from switchboard.local.setup import Setup
from tests.sources import ROOT, sources

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
OPERATING = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")


def test_the_table_of_settings_is_that_of_the_classes() -> None:
    table = settings_table()
    assert table in README, f"The README's table of settings has to read:\n\n{table}"


def settings_table() -> str:
    """Return the table as the README has it, a setting a row."""
    readers: dict[str, list[str]] = {}
    rows: dict[str, str] = {}
    for service, settings in _settings_classes().items():
        for field, described in settings.model_fields.items():
            name = _shown_name(field)
            readers.setdefault(name, []).append(service)
            rows[name] = f"{_default(described)} | {_meaning(field, described)}"
    lines = [f"| `{name}` | {_reading(readers[name])} | {row} |" for name, row in rows.items()]
    return "\n".join(lines)


def _settings_classes() -> dict[str, type[Settings]]:
    """Return the settings by who reads them."""
    by_service = {name: load(name)[0] for name in SERVICES}
    return by_service | {"`switchboard`": services.settings.OperatorSettings}


def _shown_name(field: str) -> str:
    return "NATS_SEED_<USER>" if field.startswith("nats_seed_") else field.upper()


def _meaning(field: str, described: FieldInfo) -> str:
    assert described.description
    if field.startswith("nats_seed_"):
        return "the nkey seed of a NATS user; each reads its own only"
    return described.description


def _default(described: FieldInfo) -> str:
    if described.is_required():
        return "required"
    value = described.get_default(call_default_factory=True)
    shown = value.get_secret_value() if isinstance(value, SecretStr) else value
    return f"`{shown}`" if shown not in (None, "", (), frozenset()) else ""


def _reading(services: list[str]) -> str:
    named = list(dict.fromkeys(services))
    everyone = set(_settings_classes())
    if set(named) == everyone:
        return "all"
    missing = everyone - set(named)
    return ", ".join(named) if len(missing) > 1 else f"all but {missing.pop()}"


def test_every_class_of_settings_is_read_by_somebody() -> None:
    classes = {
        found
        for _, found in inspect.getmembers(services.settings, inspect.isclass)
        if issubclass(found, Settings) and not found.__subclasses__()
    }
    assert classes == set(_settings_classes().values())


def test_what_the_local_servers_write_is_explained(tmp_path: Path) -> None:
    ports = Ports(tmp_path / "ports.json")
    for server in ("nats", "postgres", "redis"):
        ports.get(server)
    secrets = load_secrets(tmp_path / "secrets.json", users=["bot"], apps=all_apps())
    setup = Setup(directory=tmp_path, apps=all_apps(), given={}, ports=ports, secrets=secrets)
    names = [re.sub("NATS_SEED_.*", "NATS_SEED_<USER>", name) for name in local_environment(setup)]
    assert [name for name in names if f"`{name}`" not in README] == []


def test_every_make_target_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", README, flags=re.MULTILINE))
    assert {"run", "test", "servers"} <= named <= targets


def test_every_command_of_switchboard_named_exists() -> None:
    named = set(re.findall(r"`switchboard ([a-z-]+)", README + OPERATING))
    assert named <= set(switchboard.list_commands(click.Context(switchboard)))


def test_every_dependency_is_explained() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["local"]
    names = {re.split(r"[ \[(]", dependency)[0] for dependency in wanted}
    assert {name for name in names if f"`{name}`" not in README} == set()


def test_every_stream_is_explained() -> None:
    explained = re.findall(r"^\| ([A-Z]+) \|", OPERATING, flags=re.MULTILINE)
    assert explained == list(STREAMS)


def test_every_log_line_explained_is_written_somewhere() -> None:
    explained = re.findall(r"`([a-z]+\.[a-z_]+)`", OPERATING.partition("## Log lines")[2])
    code = "".join(file.read_text("utf-8") for file in sources() if "tests" not in file.parts)
    assert explained
    assert [event for event in explained if f'"{event}"' not in code] == []


def test_every_log_line_of_a_server_is_explained_once() -> None:
    rows = re.findall(r"^\| (`[a-z]+\.[^|]*)\|", OPERATING.partition("## Log lines")[2], flags=re.M)
    explained = [event for row in rows for event in re.findall(r"`([a-z]+\.[a-z_]+)`", row)]
    assert sorted(explained) == sorted(set(explained))
    written = {
        event
        for file in sources()
        if file.relative_to(ROOT).parts[0] in {"bus", "services", "telegram_api"}
        and "playground" not in file.parts  # for development
        for event in re.findall(
            r'\blog\.(?:info|warning|error|critical|exception)\(\s*"([a-z]+\.[a-z_]+)"',
            file.read_text("utf-8"),
        )
    }
    assert len(written) > 30
    assert sorted(written - set(explained)) == []


def test_every_file_linked_or_named_exists() -> None:
    broken = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        links = re.findall(r"(?:\]\(|src=\")(?!https?:|#)([^)#\"]+)", text)
        named = re.findall(r"`((?:tests|scripts|docs|services|bus)/[\w/.-]+\.\w+)`", text)
        broken += [f"{page.name}: {link}" for link in links if not (page.parent / link).exists()]
        broken += [f"{page.name}: {file}" for file in named if not _exists(file)]
    assert broken == []


def _exists(file: str) -> bool:
    """Whether a file is there, for the imagined app of the docs that of the real one."""
    path = ROOT / file.replace("devices", "documents")
    return path.exists() or path.with_suffix("").is_dir()
