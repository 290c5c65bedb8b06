"""What became of a link; its address is looked up, since no event may hold it."""

from contracts.files import LinkCreated, LinkRefused, LinkRevoked
from contracts.screens import Screen
from screens.links import to_links
from screens.texts import Texts


def link_created(event: LinkCreated, say: Texts) -> Screen:
    text = say("The link is ready.")
    return Screen(text=text, buttons=((to_links(event.target, say),),))


def link_revoked(event: LinkRevoked, say: Texts) -> Screen:
    text = say("The link works no more.")
    return Screen(text=text, buttons=((to_links(event.target, say),),))


def link_refused(event: LinkRefused, say: Texts) -> Screen:
    match event.reason:
        case "no_such_file":
            text = say("No link was made: the file is no longer there.")
        case "too_many_links":
            text = say("No link was made: there are as many as there may be. Revoke one first.")
        case "no_such_link":
            text = say("There is no such link any more.")
    buttons = ((to_links(event.target, say),),) if event.target else ()
    return Screen(text=text, buttons=buttons)
