"""Links as their person sees them, in whichever bot: which there are, for how long, and the end."""

import html
from typing import Annotated

import pydantic
from aiogram.filters.callback_data import CallbackData

from contracts.files import Link, LinkList
from contracts.screens import Button, Screen
from screens.buttons import Id, Number, Row, button
from screens.texts import Texts

Target = Annotated[str, pydantic.Field(pattern=r"^[A-Za-z0-9_-]{1,32}$")]


class LinksButton(CallbackData, prefix="links"):
    """Show the links to something of the bot."""

    target: Target


class NewLinkButton(CallbackData, prefix="newlink"):
    """Create a link that works for `days`, or until it is revoked where that is 0."""

    target: Target
    days: Number


class RevokeButton(CallbackData, prefix="revoke"):
    """Have a link work no more."""

    target: Target
    link_id: Id


def to_links(target: str, say: Texts) -> Button:
    """Return the button that leads to the links."""
    return button(say.plain("Link"), LinksButton(target=target))


def link_list(found: LinkList, target: str, title: str, time_zone: str, say: Texts) -> Screen:
    """Return the links that work, and the ways to more of them."""
    lines = [say("Links to <b>{title}</b>:", title=title)]
    lines += [_line(number, link, time_zone, say) for number, link in enumerate(found.links, 1)]
    if not found.links:
        lines = [say("No link leads to <b>{title}</b>.", title=title)]
    lines.append(say("For how long shall a new link work? Whoever has it can get the file."))
    revokes = tuple(
        button(
            _revoke(number, len(found.links), say),
            RevokeButton(target=target, link_id=link.link_id),
        )
        for number, link in enumerate(found.links, 1)
    )
    rows = tuple(revokes[at : at + 2] for at in range(0, len(revokes), 2))
    return Screen(text="\n\n".join(lines), buttons=(*_lifetimes(target, say), *rows))


def no_links(say: Texts) -> str:
    """Return the toast where links are switched off."""
    return say.plain("There are no links here: this installation has no public address.")


def _line(number: int, link: Link, time_zone: str, say: Texts) -> str:
    until = say("until revoked")
    if link.expires_at:
        until = say("until {moment}", moment=say.moment(link.expires_at, time_zone))
    return f'{number}. {until}\n<a href="{html.escape(link.url)}">{html.escape(link.url)}</a>'


def _revoke(number: int, count: int, say: Texts) -> str:
    return say.plain("Revoke") if count == 1 else say.plain("Revoke {number}", number=number)


def _lifetimes(target: str, say: Texts) -> tuple[Row, ...]:
    def lasting(label: str, days: int) -> Button:
        return button(label, NewLinkButton(target=target, days=days))

    return (
        (lasting(say.plain("1 day"), 1), lasting(say.plain("7 days"), 7)),
        (lasting(say.plain("30 days"), 30), lasting(say.plain("Until revoked"), 0)),
    )
