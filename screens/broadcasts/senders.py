"""Who may send mailings."""

from contracts.people import RoleHolders
from contracts.screens import Screen
from screens.broadcasts.buttons import AddSenderButton, RevokeButton, SendersButton
from screens.buttons import button
from screens.menu import to_menu
from screens.texts import Texts


def senders(found: RoleHolders, time_zone: str, say: Texts) -> Screen:
    """Return who was let, beside the administrators."""
    add = button(say.plain("Let somebody send"), AddSenderButton())
    lines = [
        say("Administrators may send mailings: whoever runs these bots names them."),
        say("Beside them:") if found.holders else say("Nobody else may yet."),
    ]
    lines += [
        say(
            "<code>{person}</code>, since {moment}",
            person=holder.person_id,
            moment=say.moment(holder.granted_at, time_zone),
        )
        for holder in found.holders
    ]
    rows = tuple(
        (
            button(
                say.plain("Revoke {person}", person=holder.person_id),
                RevokeButton(person_id=holder.person_id, sure=False),
            ),
        )
        for holder in found.holders
    )
    return Screen(text="\n".join(lines), buttons=(*rows, (add,), (to_menu(say),)))


def confirm_revocation(person_id: int, say: Texts) -> Screen:
    return Screen(
        text=say("Shall <code>{person}</code> send no more mailings?", person=person_id),
        buttons=(
            (button(say.plain("Yes, revoke"), RevokeButton(person_id=person_id, sure=True)),),
            (button(say.plain("Back"), SendersButton()),),
        ),
    )


def administrators_only(say: Texts) -> Screen:
    text = say("Only administrators see and choose who may send mailings.")
    return Screen(text=text, buttons=((to_menu(say),),))
