"""Whom PostgreSQL runs as: it refuses to run as root, so root lends it a user of its own."""

import os
import pwd
import stat
import subprocess
from pathlib import Path
from typing import NamedTuple, TypedDict

from switchboard.errors import Trouble

NAME = "switchboard-postgres"


class OsUser(NamedTuple):
    uid: int
    gid: int


class RunAs(TypedDict):
    """Arguments of `subprocess` that say whom a child runs as; all None: as its parent."""

    user: int | None
    group: int | None
    extra_groups: list[int] | None


def as_user(user: OsUser | None) -> RunAs:
    if user is None:
        return {"user": None, "group": None, "extra_groups": None}
    return {"user": user.uid, "group": user.gid, "extra_groups": []}


def postgres_user() -> OsUser | None:
    """None: run as whoever we are. Only root gets another user, which is made when missing."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        _make_user()
        entry = pwd.getpwnam(NAME)
    return OsUser(entry.pw_uid, entry.pw_gid)


def _make_user() -> None:
    command = ["useradd", "--system", "--user-group", "--no-create-home", NAME]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=20)
    except (OSError, subprocess.SubprocessError) as error:
        raise Trouble(
            f"PostgreSQL does not run as root, and the user {NAME} could not be made for it "
            f"({error}): run Switchboard as another user."
        ) from None


def let_pass(directory: Path) -> None:
    """Lets other users pass through the parents of a directory, without reading what is there."""
    for parent in directory.resolve().parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)
