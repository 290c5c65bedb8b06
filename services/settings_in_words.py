"""Says which settings are missing or wrong, and what is expected; never what was given."""

from pydantic import BaseModel, ValidationError
from pydantic_settings.exceptions import SettingsError


def in_words(wanted: type[BaseModel], error: ValidationError) -> str:
    """Return a line a setting."""
    lines = []
    for found in error.errors():
        reason = found["msg"].removeprefix("Value error, ")
        if not found["loc"]:
            lines.append(reason)
            continue
        name = str(found["loc"][0])
        problem = "is missing" if found["type"] == "missing" else f"is wrong ({reason})"
        lines.append(_line(wanted, name, problem))
    return "\n".join(lines)


def no_json_in_words(wanted: type[BaseModel], error: SettingsError) -> str:
    """Return what is wrong with a value that is no JSON where JSON is expected.

    pydantic-settings reads JSON before it validates, and names the field in its text only.
    """
    wrong = [name for name in wanted.model_fields if f'"{name}"' in str(error)]
    return "\n".join(_line(wanted, name, "is wrong (no JSON)") for name in wrong)


def _line(wanted: type[BaseModel], name: str, problem: str) -> str:
    return f"{name.upper()} {problem}; expected: {wanted.model_fields[name].description}"
