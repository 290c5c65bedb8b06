"""Mailings as people see them: menu, questions, lists, and what became of a change."""

from screens.broadcasts.menu import commands, greeting, help_text, menu
from screens.broadcasts.message import mailing_message

__all__ = ["commands", "greeting", "help_text", "mailing_message", "menu"]
