"""What a command is told: environment variables and files of secrets, named as the settings."""

import os
from pathlib import Path

from services.base_settings import SECRETS_DIR


def secret_files() -> dict[str, str]:
    """Return what the files in SECRETS_DIR hold, by the setting's name."""
    folder = Path(os.environ.get("SECRETS_DIR", SECRETS_DIR))
    files = folder.iterdir() if folder.is_dir() else ()
    return {file.name.upper(): file.read_text("utf-8").strip() for file in files if file.is_file()}


def given_settings() -> dict[str, str]:
    """Return all that is given; the environment wins, and what is empty in it is not given."""
    return {**secret_files(), **{name: value for name, value in os.environ.items() if value}}
