"""Forms: the fields of a command are asked for, checked against its contract, and sent."""

from services.bot.forms.fields import Choice, Creation, Offer, Text
from services.bot.forms.form import Form
from services.bot.forms.limits import tidy
from services.bot.forms.routing import build_router, open_form, start, unfinished_form
from services.bot.forms.state import Answer, FormState
from services.bot.forms.uploads import Upload

__all__ = [
    "Answer",
    "Choice",
    "Creation",
    "Form",
    "FormState",
    "Offer",
    "Text",
    "Upload",
    "build_router",
    "open_form",
    "start",
    "tidy",
    "unfinished_form",
]
