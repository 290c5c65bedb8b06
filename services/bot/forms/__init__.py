"""Forms: the fields of a command are asked for, checked against its contract, and sent."""

from services.bot.forms.dates import Date
from services.bot.forms.fields import Choice, Creation, Offer, Text
from services.bot.forms.form import Form
from services.bot.forms.limits import Unclear, Unfit, fit, tidy
from services.bot.forms.moments import Moment, answer_of, understand
from services.bot.forms.picking import Picker, Press
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
    "Moment",
    "Offer",
    "Picker",
    "Press",
    "Text",
    "Unclear",
    "Unfit",
    "Uploads",
    "answer_of",
    "build_router",
    "fit",
    "open_form",
    "start",
    "stop_awaiting_another",
    "tidy",
    "understand",
    "unfinished_form",
]
