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


class CategoryButton(CallbackData, prefix="mcat"):
    """Choose what the version of a mailing that was shown is about; asks first without one."""

    mailing_id: Id
    version: Id
    category: Category | Literal[""] = ""


class AudienceButton(CallbackData, prefix="maud"):
    """Show whom a mailing is for."""

    mailing_id: Id


class BotToggle(CallbackData, prefix="mbot"):
    """Choose a bot whose people get the mailing, or leave it out."""

    mailing_id: Id
    version: Id
    app: str


class LanguageToggle(CallbackData, prefix="mlang"):
    """Choose a language whose speakers get the mailing, or leave it out."""

    mailing_id: Id
    version: Id
    language: Language


class DaysToggle(CallbackData, prefix="mdays"):
    """Choose who was active within so many days; 0 for whenever."""

    mailing_id: Id
    version: Id
    days: Number


class NoListButton(CallbackData, prefix="mnolist"):
    """Have the mailing for others than those on a list, too."""

    mailing_id: Id
    version: Id


class TimingButton(CallbackData, prefix="mwhen"):
    """Show when a mailing goes out."""

    mailing_id: Id


class NowButton(CallbackData, prefix="mnow"):
    """Have the mailing go out when it is started."""

    mailing_id: Id
    version: Id


class QuietToggle(CallbackData, prefix="mquiet"):
    """Respect quiet hours, or do not."""

    mailing_id: Id
    version: Id


class PreviewButton(CallbackData, prefix="mview"):
    """Show a mailing as its recipients will see it."""

    mailing_id: Id


class StartButton(CallbackData, prefix="mstart"):
    """Start the version of a mailing that was shown: asked first, done when `sure`."""

    mailing_id: Id
    version: Id
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
