"""What really happened in the tables: written down by triggers, in the transaction that did it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import asyncpg
import msgspec

from tests.faults.ledger import Deed

WATCHED = ("documents", "document_types", "links", "people", "calendar_tasks")

_SETUP = """
CREATE TABLE IF NOT EXISTS fault_effects (
    id bigint GENERATED ALWAYS AS IDENTITY, at timestamptz DEFAULT clock_timestamp(),
    place text, operation text, was jsonb, became jsonb);
CREATE OR REPLACE FUNCTION fault_write_down() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO fault_effects (place, operation, was, became) VALUES (TG_TABLE_NAME, TG_OP,
        CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - 'search_marks' - 'search_text' END,
        CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - 'search_marks' - 'search_text' END);
    RETURN NULL;
END $$;
"""
_TRIGGER = """
CREATE OR REPLACE TRIGGER fault_write_down AFTER INSERT OR UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION fault_write_down();
"""
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Effect:
    """One change of a row: which kind of deed has it, and the name in it."""

    kind: str
    name: str


async def watch_tables(database: asyncpg.Connection) -> None:
    """Have every change of the watched tables written down from now on."""
    await database.execute(_SETUP)
    for table in WATCHED:
        await database.execute(_TRIGGER.format(table=table))


async def read_effects(database: asyncpg.Connection) -> Counter[Effect]:
    """Count all changes so far."""
    rows = await database.fetch("SELECT place, operation, was, became FROM fault_effects")
    return Counter(
        effect
        for row in rows
        for effect in _effects(row["place"], _row(row["was"]), _row(row["became"]))
    )


def expected_effect(deed: Deed) -> Effect | None:
    """Return what a deed that was done has changed; a refused one has changed nothing."""
    return None if deed.kind in ("twin", "stale") else Effect(deed.kind, deed.name)


def _row(text: str | None) -> Row | None:
    return msgspec.json.decode(text) if text else None


def _effects(place: str, was: Row | None, became: Row | None) -> list[Effect]:
    if became is None:
        return [Effect("removed", str((was or {}).get("name")))]
    match place:
        case "documents":
            return _of_document(was, became)
        case "calendar_tasks":
            return _of_task(was, became)
        case "document_types":
            return [Effect("type" if was is None else "type changed", became["name"])]
        case "people":
            moved = was is not None and was["time_zone"] != became["time_zone"]
            return [Effect("zone", f"{became['id']} {became['time_zone']}")] if moved else []
        case _:
            return [Effect("link" if was is None else "link changed", became["title"])]


def _of_document(was: Row | None, became: Row) -> list[Effect]:
    name = became["name"]
    if was is None:
        return [Effect("add", name)]
    found = []
    if was["name"] != name:
        found.append(Effect("rename", name))
    if was["note"] != became["note"]:
        found.append(Effect("note", became["note"]))
    if was["expires_on"] != became["expires_on"]:
        found.append(Effect("expire", name))
    if bool(was["deleted_at"]) != bool(became["deleted_at"]):
        found.append(Effect("delete" if became["deleted_at"] else "restore", name))
    # A change that changes nothing else but the count of changes is a repeated one.
    return found or [Effect("changed again", name)]


def _of_task(was: Row | None, became: Row) -> list[Effect]:
    title = became["title"]
    if was is None:
        return [Effect("task", title)]
    changes = (("finish", "done_at"), ("drop", "deleted_at"))
    found = [Effect(kind, title) for kind, field in changes if was[field] != became[field]]
    return found or [Effect("changed again", title)]
