"""The buttons of the broadcasts bot; they carry ids only, what people typed does not fit."""

from typing import Literal

from aiogram.filters.callback_data import CallbackData

from contracts.base import Language
from contracts.broadcasts import ReportKind
from contracts.people import Category
from screens.buttons import Id, Number, PageButton

Part = Literal["text", "file", "links", "days", "list", "more", "moment", "local"]


class NewMailingButton(CallbackData, prefix="mnew"):
    """Begin a mailing."""


class MailingListButton(PageButton, prefix="mlist"):
    """A page of the mailings."""


class CardButton(CallbackData, prefix="mail"):
    """Show a mailing and what can be done with it."""

    mailing_id: Id


class PartButton(CallbackData, prefix="mpart"):
    """Ask for a part of a mailing anew."""

    mailing_id: Id
    part: Part


class VersionButton(CallbackData, prefix="mshown"):
    """Something to do with the version of a mailing that was shown; the others add what."""

    mailing_id: Id
    version: Id


class CategoryButton(VersionButton, prefix="mcat"):
    """Choose what the version of a mailing that was shown is about; asks first without one."""

    category: Category | Literal[""] = ""


class AudienceButton(CallbackData, prefix="maud"):
    """Show whom a mailing is for."""

    mailing_id: Id


class BotToggle(VersionButton, prefix="mbot"):
    """Choose a bot whose people get the mailing, or leave it out."""

    app: str


class LanguageToggle(VersionButton, prefix="mlang"):
    """Choose a language whose speakers get the mailing, or leave it out."""

    language: Language


class DaysToggle(VersionButton, prefix="mdays"):
    """Choose who was active within so many days; 0 for whenever."""

    days: Number


class NoListButton(VersionButton, prefix="mnolist"):
    """Have the mailing for others than those on a list, too."""


class TimingButton(CallbackData, prefix="mwhen"):
    """Show when a mailing goes out."""

    mailing_id: Id


class NowButton(VersionButton, prefix="mnow"):
    """Have the mailing go out when it is started."""


class QuietToggle(VersionButton, prefix="mquiet"):
    """Respect quiet hours, or do not."""


class PreviewButton(CallbackData, prefix="mview"):
    """Show a mailing as its recipients will see it."""

    mailing_id: Id


class StartButton(VersionButton, prefix="mstart"):
    """Start the version of a mailing that was shown: asked first, done when `sure`."""

    sure: bool


class DeleteDraftButton(CallbackData, prefix="mdrop"):
    """Forget a draft: asked first, done when `sure`."""

    mailing_id: Id
    sure: bool


class PauseButton(CallbackData, prefix="mpause"):
    """Hold a running mailing."""

    mailing_id: Id


class ResumeButton(CallbackData, prefix="mgo"):
    """Have a paused mailing go on."""

    mailing_id: Id


class CancelMailingButton(CallbackData, prefix="mcancel"):
    """Stop a mailing for good: asked first, done when `sure`."""

    mailing_id: Id
    sure: bool


class EditSentButton(CallbackData, prefix="medit"):
    """Ask for another text of what was sent; done when `sure`."""

    mailing_id: Id
    sure: bool


class WithdrawButton(CallbackData, prefix="mback"):
    """Delete what was sent: asked first, done when `sure`."""

    mailing_id: Id
    sure: bool


class ReportButton(CallbackData, prefix="mreport"):
    """Have a report of a mailing sent."""

    mailing_id: Id
    kind: ReportKind


class SendersButton(CallbackData, prefix="msenders"):
    """Show who may send mailings."""


class AddSenderButton(CallbackData, prefix="maddsender"):
    """Let somebody send mailings."""


class RevokeButton(CallbackData, prefix="mrevoke"):
    """Let somebody send mailings no longer: asked first, done when `sure`."""

    person_id: Id
    sure: bool
