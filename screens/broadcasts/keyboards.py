"""What can be done with a mailing, by its state: below its card, and below its progress."""

from contracts.broadcasts import MailingState
from screens.broadcasts.buttons import (
    AudienceButton,
    CancelMailingButton,
    CardButton,
    CategoryButton,
    DeleteDraftButton,
    EditSentButton,
    PartButton,
    PauseButton,
    PreviewButton,
    ReportButton,
    ResumeButton,
    StartButton,
    TimingButton,
    WithdrawButton,
)
from screens.broadcasts.menu import to_mailings
from screens.buttons import Row, button
from screens.texts import Texts


def composing_keyboard(
    mailing_id: int, version: int, state: MailingState, say: Texts
) -> tuple[Row, ...]:
    """Return the buttons of what is not started yet."""
    scheduled = state == "scheduled"
    start = StartButton(mailing_id=mailing_id, version=version, sure=False)
    begin = button(say.plain("Send now") if scheduled else say.plain("Start"), start)
    end = (
        button(say.plain("Cancel mailing"), CancelMailingButton(mailing_id=mailing_id, sure=False))
        if scheduled
        else button(say.plain("Delete draft"), DeleteDraftButton(mailing_id=mailing_id, sure=False))
    )
    return (
        (
            button(say.plain("Text"), PartButton(mailing_id=mailing_id, part="text")),
            button(say.plain("Picture or file"), PartButton(mailing_id=mailing_id, part="file")),
            button(say.plain("Buttons"), PartButton(mailing_id=mailing_id, part="links")),
        ),
        (
            button(say.plain("Kind"), CategoryButton(mailing_id=mailing_id, version=version)),
            button(say.plain("Audience"), AudienceButton(mailing_id=mailing_id)),
            button(say.plain("When"), TimingButton(mailing_id=mailing_id)),
        ),
        (button(say.plain("Preview"), PreviewButton(mailing_id=mailing_id)), begin),
        (end, to_mailings(say)),
    )


def keyboard(mailing_id: int, state: MailingState, reached: int, say: Texts) -> tuple[Row, ...]:
    """Return the buttons of what was started; `reached` is how many have its message."""
    cancel = button(
        say.plain("Cancel mailing"), CancelMailingButton(mailing_id=mailing_id, sure=False)
    )
    match state:
        case "running":
            return ((button(say.plain("Pause"), PauseButton(mailing_id=mailing_id)), cancel),)
        case "paused":
            return ((button(say.plain("Resume"), ResumeButton(mailing_id=mailing_id)), cancel),)
        case "draft" | "scheduled":
            show = button(say.plain("Show the mailing"), CardButton(mailing_id=mailing_id))
            return ((show, to_mailings(say)),)
        case "cancelled" | "finished" | "withdrawn":
            return _afterwards(mailing_id, state, reached, say)


def _afterwards(mailing_id: int, state: MailingState, reached: int, say: Texts) -> tuple[Row, ...]:
    reports = (
        button(say.plain("Statistics"), ReportButton(mailing_id=mailing_id, kind="chart")),
        button(say.plain("Export XLSX"), ReportButton(mailing_id=mailing_id, kind="xlsx")),
    )
    changes = (
        button(say.plain("Edit text"), EditSentButton(mailing_id=mailing_id, sure=False)),
        button(say.plain("Delete for everyone"), WithdrawButton(mailing_id=mailing_id, sure=False)),
    )
    there = bool(reached) and state != "withdrawn"
    return (reports, *((changes,) if there else ()), (to_mailings(say),))
