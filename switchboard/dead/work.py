"""What the commands do: read DEAD, send letters again, drop them."""

import sys
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import click

from bus.errors import NotPublished, Overloaded
from bus.graveyard import Graveyard, GraveyardAway, NoSuchLetter, graveyard
from bus.letters import Letter
from bus.publisher import Publisher
from bus.replaying import NotReplayable, replay
from observability.collector import shut_down
from observability.traces import tracer_provider
from services.settings import OperatorSettings
from switchboard.dead.selection import Choice, Filters
from switchboard.dead.showing import as_line, as_object, in_full, in_full_as_object, table
from switchboard.errors import Trouble

_GONE = "There is no dead letter {}: it was replayed, dropped, or was older than 30 days."
_NEVER = "There has never been a dead letter {}."


@asynccontextmanager
async def _opened(settings: OperatorSettings) -> AsyncIterator[Graveyard]:
    try:
        async with graveyard(settings.nats_url, settings.nats_seed_operator) as letters:
            yield letters
    except GraveyardAway as error:
        raise Trouble(f"DEAD at {settings.nats_url} cannot be read: {error}.") from error


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is shown: so many, older than the letter of a number."""

    limit: int
    before: int | None
    as_json: bool


async def list_letters(settings: OperatorSettings, filters: Filters, page: Page) -> None:
    """Print the newest letters first."""
    newest: deque[Letter] = deque(maxlen=page.limit)
    matching = 0
    async with _opened(settings) as letters:
        async for letter in letters.letters():
            if filters.match(letter) and (page.before is None or letter.seq < page.before):
                matching += 1
                newest.append(letter)
    found = list(reversed(newest))
    if page.as_json:
        for letter in found:
            click.echo(as_line(as_object(letter)))
    elif not found:
        narrowed = filters or page.before is not None
        click.echo("No dead letter matches." if narrowed else "There are no dead letters.")
    else:
        click.echo(table(found))
        if matching > len(found):
            click.echo(f"\n{matching - len(found)} more: --before {found[-1].seq}")


async def show_letters(settings: OperatorSettings, numbers: Sequence[int], as_json: bool) -> int:
    """Print everything of some letters; return how many were not there."""
    missing = 0
    async with _opened(settings) as letters:
        for number in numbers:
            try:
                letter, body = await letters.letter(number)
            except NoSuchLetter:
                click.echo(await _missing(letters, number), err=True)
                missing += 1
                continue
            if as_json:
                click.echo(as_line(in_full_as_object(letter, body)))
            else:
                click.echo(in_full(letter, body))
    return missing


@dataclass(slots=True)
class _Tally:
    done: int = 0
    before: int = 0
    refused: list[str] = field(default_factory=list)


async def replay_letters(settings: OperatorSettings, choice: Choice, *, yes: bool) -> int:
    """Send letters to where they came from, the oldest first; return how many could not be."""
    provider = tracer_provider("switchboard")
    tally = _Tally()

    async def send(letters: Graveyard, number: int) -> None:
        publisher = Publisher(letters.link, provider.get_tracer("switchboard.dead"))
        try:
            replayed = await replay(letters, publisher, number)
        except NotReplayable as error:
            tally.refused.append(f"{number} stays: {error}.")
        except (NotPublished, Overloaded) as error:
            raise Trouble(
                f"Letter {number} was not taken ({error}). {tally.done} were replayed; "
                "it and the rest stay in DEAD."
            ) from error
        else:
            tally.done += 1
            tally.before += replayed.before

    try:
        async with _opened(settings) as letters:
            await _each(letters, choice, "Replay", yes=yes, act=_noting_gone(send, tally))
    finally:
        await shut_down(provider)
    return _say(tally, "Replayed")


async def drop_letters(settings: OperatorSettings, choice: Choice, *, yes: bool) -> int:
    """Take letters out of DEAD for good; return how many were not there."""
    tally = _Tally()

    async def drop(letters: Graveyard, number: int) -> None:
        if not await letters.remove(number):
            raise NoSuchLetter(str(number))
        tally.done += 1

    async with _opened(settings) as letters:
        await _each(letters, choice, "Drop", yes=yes, act=_noting_gone(drop, tally))
    return _say(tally, "Dropped")


Act = Callable[[Graveyard, int], Awaitable[None]]


def _noting_gone(act: Act, tally: _Tally) -> Act:
    async def noting(letters: Graveyard, number: int) -> None:
        try:
            await act(letters, number)
        except NoSuchLetter:
            tally.refused.append(await _missing(letters, number))

    return noting


async def _missing(letters: Graveyard, number: int) -> str:
    words = _GONE if number <= await letters.newest() else _NEVER
    return words.format(number)


async def _each(letters: Graveyard, choice: Choice, verb: str, *, yes: bool, act: Act) -> None:
    chosen = await _chosen(letters, choice)
    if not chosen:
        return
    if not yes:
        _ask(verb, chosen, choice)
    with click.progressbar(chosen, label=f"{verb}ing".replace("Drop", "Dropp")) as bar:
        for number in bar:
            await act(letters, number)


async def _chosen(letters: Graveyard, choice: Choice) -> Sequence[int]:
    if choice.numbers:
        return sorted(set(choice.numbers))
    kinds: Counter[str] = Counter()
    chosen = []
    async for letter in letters.letters():
        if choice.filters.match(letter):
            chosen.append(letter.seq)
            kinds[f"{letter.kind} of {letter.app or 'no app'}"] += 1
    for kind, count in kinds.most_common():
        click.echo(f"{count:>7}  {kind}")
    return chosen


def _ask(verb: str, chosen: Sequence[int], choice: Choice) -> None:
    count = "one dead letter" if len(chosen) == 1 else f"{len(chosen)} dead letters"
    if not click.confirm(f"{verb} {count}?"):
        click.echo("Nothing was done.")
        sys.exit(1)


def _say(tally: _Tally, done: str) -> int:
    for words in tally.refused:
        click.echo(words, err=True)
    if not (tally.done or tally.refused):
        click.echo("No dead letter matches.")
        return 0
    again = f" ({tally.before} had been sent a moment before)" if tally.before else ""
    click.echo(f"{done} {tally.done}{again}.")
    return len(tally.refused)
