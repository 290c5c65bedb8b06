"""Why an answer about a mailing is none, and what was left out of a list of people."""

from collections.abc import Sequence
from typing import Literal, TypeVar

from screens.texts import Texts

T = TypeVar("T")

FLAWS_SHOWN = 10


def one_file(say: Texts) -> str:
    return say("A mailing has one picture or file. The first one is taken.")


def text_empty(say: Texts) -> str:
    return say("Please send a text.")


def text_too_long(length: int, limit: int, say: Texts) -> str:
    return say(
        "This text has {length} characters, and Telegram takes {limit} here. "
        "Nothing was changed; please send a shorter one.",
        length=length,
        limit=limit,
    )


def shorten_first(length: int, limit: int, say: Texts) -> str:
    """Return why a text cannot stand below a file, as an alert (plain)."""
    return say.plain(
        "Below a picture or file Telegram takes {limit} characters, the text has {length}. "
        "Please shorten it first.",
        length=length,
        limit=limit,
    )


LinkFlaw = Literal["no_link", "bad_link"]


def bad_links(flaws: Sequence[tuple[str, LinkFlaw]], say: Texts) -> str:
    """Return what is wrong with which typed buttons."""
    lines = [say("These are no buttons yet; please send all of them again:")]
    for written, flaw in flaws[:FLAWS_SHOWN]:
        match flaw:
            case "no_link":
                line = say("<code>{written}</code>: no title and link", written=written[:100])
            case "bad_link":
                line = say(
                    "<code>{written}</code>: a link begins with https://, http:// or tg://",
                    written=written[:100],
                )
        lines.append(line)
    return "\n".join([*lines, *_and_more(len(flaws), say)])


def too_many_buttons(rows: int, in_row: int, say: Texts) -> str:
    return say(
        "At most {rows} rows of {in_row} buttons, please, with titles of at most 64 characters.",
        rows=rows,
        in_row=in_row,
    )


def wants_number(most: int, say: Texts) -> str:
    return say("Please send a number from 1 to {most}.", most=most)


def wants_person(say: Texts) -> str:
    return say("Please send a Telegram id, a contact, or a message forwarded from that person.")


def hidden_person(say: Texts) -> str:
    return say(
        "Telegram does not tell me who that is: their account hides it. Please send their "
        "Telegram id."
    )


def wants_list(say: Texts) -> str:
    return say("Please send Telegram ids, or a CSV file with them.")


def list_too_large(most: int, say: Texts) -> str:
    return say.plural(
        "At most {n} person at once, please; more can be added to the list. Nothing was taken.",
        "At most {n} people at once, please; more can be added to the list. Nothing was taken.",
        most,
    )


def file_not_read(say: Texts) -> str:
    return say("Telegram does not give me this file right now. Please send it again.")


RowFlaw = Literal["empty", "not_an_id", "repeated", "unreadable"]


def list_read(
    total: int, unknown: Sequence[int], flaws: Sequence[tuple[int, str, RowFlaw]], say: Texts
) -> str:
    """Return how many people a list has, and which rows are not in it, and why."""
    lines = [
        say.plural("The list has {n} person.", "The list has {n} people.", total),
    ]
    if flaws:
        lines.append(say.plural("{n} row was left out:", "{n} rows were left out:", len(flaws)))
        lines += [_bad_row(number, written, flaw, say) for number, written, flaw in _few(flaws)]
        lines += _and_more(len(flaws), say)
    if unknown:
        lines.append(
            say.plural(
                "{n} person never wrote to our bots:",
                "{n} people never wrote to our bots:",
                len(unknown),
            )
        )
        lines.append(", ".join(map(str, _few(unknown))))
        lines += _and_more(len(unknown), say)
    return "\n".join(lines)


def nobody_named(flaws: Sequence[tuple[int, str, RowFlaw]], say: Texts) -> str:
    """Return what is said where no row names anybody."""
    lines = [_bad_row(number, written, flaw, say) for number, written, flaw in _few(flaws)]
    return "\n".join([say("I find no Telegram id there:"), *lines, *_and_more(len(flaws), say)])


def nobody_known(report: str, say: Texts) -> str:
    """Return what is said below the report (HTML) where none of the people can be written to."""
    word = say("Nobody of them can get a mailing, so the list was not taken.")
    return f"{report}\n\n{word}"


def _bad_row(number: int, written: str, flaw: RowFlaw, say: Texts) -> str:
    match flaw:
        case "empty":
            return say("row {number}: there is no id", number=number)
        case "not_an_id":
            return say(
                "row {number}: <code>{written}</code> is no Telegram id",
                number=number,
                written=written[:32],
            )
        case "repeated":
            return say("row {number}: {written} is named twice", number=number, written=written)
        case "unreadable":
            return say("row {number}: it cannot be read", number=number)


def _few(items: Sequence[T]) -> Sequence[T]:
    return items[:FLAWS_SHOWN]


def _and_more(count: int, say: Texts) -> list[str]:
    more = count - FLAWS_SHOWN
    return [say.plural("and {n} more", "and {n} more", more)] if more > 0 else []
