"""Finds a person in log lines, which name people by a keyed hash of their id."""

from pathlib import Path

from observability.discretion import person_hash, speak_of_people
from services.base_settings import Settings
from services.settings import WrongSettings, read_settings
from switchboard.errors import Trouble
from switchboard.operator import find_installation


def hash_of(person_id: int, directory: Path) -> str:
    """Return what stands for this person in the field `person` of all lines.

    Raises:
        Trouble: it is not known by which key services hash, or that key is none.
    """
    find_installation(directory)
    try:
        key = read_settings(Settings).log_person_key.get_secret_value()
    except WrongSettings as error:
        raise Trouble(str(error)) from None
    if not key:
        raise Trouble(f"LOG_PERSON_KEY is not set. Nor is there a local run in {directory}.")
    speak_of_people(key)
    return person_hash(person_id)
