"""The project's own rules of messages, handlers and places, which no linter knows."""

import importlib
import inspect
import pkgutil
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

import database
from bus.router import Handler
from contracts.base import Command, Event, Language, Query, name_of, outcomes_of
from contracts.messages import command_types, message_types
from contracts.notices import NoticesEnded
from contracts.people import PersonErased
from database.base import Base
from screens import SILENT, screen_of
from screens.texts import texts
from services.discovery import SHARED as SHARED_CONTRACTS
from services.discovery import all_apps, bot_apps, consumers, routers
from services.run import SERVICES
from tests.examples import EXAMPLES
from tests.known_names import DURABLE_NAMES, SHARED_MODULES, UNHEARD
from tests.sources import ROOT, imports, place, sources

for module in pkgutil.iter_modules(database.__path__, f"{database.__name__}."):
    importlib.import_module(module.name)

HEARS_OF_NOBODY_ERASED = {
    "people": "it says that somebody is erased, and erases its own rows with it",
    "forgotten": "whoever was erased stands there, so that what was said before is not believed",
}
"""Modules of database/ with rows of people, but without a handler of PersonErased, and why."""


def handlers() -> Iterator[tuple[str, Handler]]:
    """Yield every handler on the bus with its service."""
    for service in SERVICES:
        for router in routers(service, all_apps()).values():
            for handler in router:
                yield service, handler


# Messages


def structs() -> list[type[msgspec.Struct]]:
    """Return every struct of the contracts, messages and their parts."""
    modules = [
        importlib.import_module(f"contracts.{file.stem}")
        for file in (ROOT / "contracts").glob("[!_]*.py")
    ]
    return [
        member
        for module in modules
        for _, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, msgspec.Struct) and member.__module__ == module.__name__
    ]


@pytest.mark.parametrize("struct", structs(), ids=lambda each: each.__name__)
def test_what_travels_is_frozen_keyword_only_and_explained(struct: type[msgspec.Struct]) -> None:
    parameters = inspect.signature(struct).parameters.values()
    assert struct.__struct_config__.frozen
    assert all(parameter.kind is parameter.KEYWORD_ONLY for parameter in parameters)
    assert struct.__dict__.get("__doc__"), "its docstring describes it on the bus"


def test_names_of_messages_are_unique() -> None:
    names = Counter(message.__name__ for message in message_types())
    assert [name for name, count in names.items() if count > 1] == []


# Handlers


def test_every_command_and_query_is_handled_exactly_once() -> None:
    handled = Counter(handler.message_type for _, handler in handlers())
    wanted = [each for each in message_types() if issubclass(each, Command | Query)]
    assert {each.__name__: handled[each] for each in wanted if handled[each] != 1} == {}


def test_every_event_is_heard_or_deliberately_not() -> None:
    heard = {handler.message_type.__name__ for _, handler in handlers()}
    events = {each.__name__ for each in message_types() if issubclass(each, Event)}
    assert sorted(events - heard - UNHEARD) == [], "nobody hears them"
    assert sorted(UNHEARD & heard) == [], "heard by now"
    assert sorted(UNHEARD - events) == [], "there is no such event"


def test_handlers_are_named_as_their_message_or_as_what_they_do_on_it() -> None:
    for _, handler in handlers():
        name, message = handler.function.__name__, name_of(handler.message_type)
        if issubclass(handler.message_type, Event):
            assert name.endswith(f"_on_{message}"), handler.name
        else:
            assert name == message, handler.name


def test_whoever_keeps_rows_of_people_hears_that_one_is_erased() -> None:
    keeping: dict[str, list[str]] = {}
    for mapper in Base.registry.mappers:
        if "person_id" in mapper.columns:
            table, (_, owner, *_) = mapper.class_.__tablename__, mapper.class_.__module__.split(".")
            keeping.setdefault(owner, []).append(table)
    hearing = {
        app
        for app, router in routers("storage", all_apps()).items()
        if any(handler.message_type is PersonErased for handler in router)
    }
    unheard = keeping.keys() - hearing
    missed = {owner: keeping[owner] for owner in unheard - HEARS_OF_NOBODY_ERASED.keys()}
    assert missed == {}, "tables of no handler of PersonErased"
    assert sorted(HEARS_OF_NOBODY_ERASED.keys() - unheard) == [], "erased by now"


@pytest.mark.parametrize("command", command_types(), ids=lambda each: each.__name__)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_outcome_can_be_shown(command: type[Command[Any]], language: Language) -> None:
    for outcome in outcomes_of(command):
        (example,) = (each for app in EXAMPLES.values() for each in app if type(each) is outcome)
        assert isinstance(example, outcome)
        screen = screen_of(example, texts(language))
        assert (screen is None) == (outcome in SILENT)
        assert screen is None or screen.text


# Places


@pytest.mark.parametrize("room", SHARED_MODULES)
def test_a_module_of_a_room_is_an_app_or_shared_by_all(room: str) -> None:
    found = {file.stem for file in (ROOT / room).iterdir() if not file.name.startswith("_")}
    assert sorted(found - SHARED_MODULES[room] - set(all_apps())) == [], "of no app"
    assert sorted(SHARED_MODULES[room] - found) == [], "there is no such module"


def test_shared_contracts_are_no_apps() -> None:
    assert set(SHARED_CONTRACTS) <= {file.stem for file in (ROOT / "contracts").iterdir()}
    for message in set(message_types()) - {NoticesEnded}:
        assert message.__module__.split(".")[1] in all_apps()


def test_apps_know_only_contracts_of_each_other() -> None:
    for file in sources():
        parts = file.relative_to(ROOT).with_suffix("").parts
        own = [app for app in all_apps() if app in _app_place(parts)]
        if not own:
            continue
        for imported in imports(file):
            others = set(_app_place(tuple(imported.split(".")))) & set(all_apps()) - set(own)
            assert not others, f"{place(file)} imports {imported}"


def _app_place(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Return where an app's name stands in a module of a room: the part after the room."""
    if parts[0] in {"database", "screens"}:
        return parts[1:2]
    return parts[2:3] if parts[0] == "services" else ()


@pytest.mark.parametrize("app", bot_apps())
def test_an_app_with_a_bot_is_told_as_a_chat(app: str) -> None:
    assert (ROOT / "tests" / "flows" / f"test_{app}.py").exists()


def test_durable_names_stay() -> None:
    found: dict[str, list[str]] = {}
    for consumer in consumers():
        found.setdefault(consumer.stream, []).append(consumer.name)
    assert {stream: sorted(names) for stream, names in found.items()} == DURABLE_NAMES
