"""What became of granting a role, or of taking it."""

from contracts.people import Role, RoleGranted, RoleRefused, RoleRevoked
from contracts.screens import Screen
from screens.menu import to_menu
from screens.texts import Texts


def role_granted(event: RoleGranted, say: Texts) -> Screen:
    text = say(
        "<code>{person}</code> is now {role}.",
        person=event.person_id,
        role=_role_name(event.role, say),
    )
    return Screen(text=text, buttons=((to_menu(say),),))


def role_revoked(event: RoleRevoked, say: Texts) -> Screen:
    text = say(
        "<code>{person}</code> is no longer {role}.",
        person=event.person_id,
        role=_role_name(event.role, say),
    )
    return Screen(text=text, buttons=((to_menu(say),),))


def role_refused(event: RoleRefused, say: Texts) -> Screen:
    match event.reason:
        case "not_permitted":
            text = say("Only administrators give others a role, or take it from them.")
        case "unknown_person":
            text = say(
                "I do not know <code>{person}</code> yet. Let them write to one of our bots first.",
                person=event.person_id,
            )
        case "not_held":
            text = say(
                "<code>{person}</code> is not {role}.",
                person=event.person_id,
                role=_role_name(event.role, say),
            )
    return Screen(text=text, buttons=((to_menu(say),),))


def _role_name(role: Role, say: Texts) -> str:
    match role:
        case "broadcaster":
            return say.plain("a sender of mailings")
