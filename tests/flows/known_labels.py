"""What labels of metrics may say: all of it is written in our code, or in a library's."""

import inspect
from collections.abc import Mapping
from typing import get_args

from aiogram import methods

from bus.destinations import destinations
from bus.letters import KINDS, OTHER
from bus.meters import UNREADABLE
from bus.topology import STREAMS
from contracts.base import Event, name_of
from contracts.messages import command_types, message_types
from contracts.notices import Urgency
from database.base import Base
from services.bot.presses import KINDS as PRESSES
from services.discovery import all_apps, consumers
from services.notifier.telling import Result
from services.run import SERVICES
from telegram_api.errors import CODES

REDIS_COMMANDS = {"ping", "get", "mget", "set", "del", "exists", "expire", "hset", "hgetall"} | {
    *("eval", "evalsha", "script load", "zcount", "zrem", "pipeline")
}
OBJECT_CALLS = {"put", "get", "stream", "head", "delete", "list", "list_with_delimiter", "sign"} | {
    "make_bucket"
}
VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE")
JETSTREAM = {"STREAM.INFO", "STREAM.LIST", "CONSUMER.LIST", "DIRECT.GET"}


def known_values() -> Mapping[str, set[str]]:
    """Return by label what it may say."""
    messages = {message.__name__ for message in message_types()}
    bot_api = {
        method.__api_method__
        for _, method in inspect.getmembers(methods, inspect.isclass)
        if hasattr(method, "__api_method__")
    }
    asked = {*destinations(), OTHER}
    return {
        "service": set(SERVICES),
        "target": {"nats", "postgresql", "redis", "telegram", "object_storage"},
        "operation": {
            *(f"publish {destination}" for destination in asked),
            *(f"request {destination}" for destination in asked),
            *(f"request $JS.API.{call}" for call in JETSTREAM),
            *(f"{verb} {table}" for verb in VERBS for table in Base.metadata.tables),
            *("COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SELECT"),
            *REDIS_COMMANDS,
            *OBJECT_CALLS,
            *bot_api,
            "download",
        },
        "result": {"ok", "handled", "dead", "forfeited", "in_time", "late", "overloaded"}
        | {"failed", "cancelled", "not_published", *get_args(Result)},
        "consumer": {*(consumer.name for consumer in consumers()), "query"},
        "stream": set(STREAMS),
        "message": {*messages, "TelegramUpdate", "Notice", "CommandBuried", UNREADABLE},
        "command": {command.__name__ for command in command_types()},
        "event": {name_of(event) for event in message_types() if issubclass(event, Event)},
        "destination": asked,
        "kind": {*KINDS, OTHER, "query", "link", *PRESSES},
        "app": {*all_apps(), "notices", OTHER},  # "notices", no app, says how they ended
        "reason": {"away", "held_up", "bug"},
        "urgency": set(get_args(Urgency)),
        "scope": {"chat", "bot"},
        "state": {"in_use", "idle", "allowed"},
        "method": bot_api,
        "code": {code for _, code in CODES} | {"error"},
    }
