"""Forms: the fields of a command are asked for, checked against its contract, and sent."""

from services.bot.forms.dates import Date
from services.bot.forms.fields import Choice, Creation, Offer, Text
from services.bot.forms.form import Form
from services.bot.forms.limits import Unclear, Unfit, fit, tidy
from services.bot.forms.routing import (
    build_router,
    open_form,
    start,
    stop_awaiting_another,
    unfinished_form,
)
from services.bot.forms.state import Answer, FormState
from services.bot.forms.uploads import Uploads

__all__ = [
    "Answer",
    "Choice",
    "Creation",
    "Date",
    "Form",
    "FormState",
    "Offer",
    "Text",
    "Unclear",
    "Unfit",
    "Uploads",
    "build_router",
    "fit",
    "open_form",
    "start",
    "stop_awaiting_another",
    "tidy",
    "unfinished_form",
]
