"""The calendar as people see it: menu, questions, lists, and what became of a change."""

from screens.calendar.menu import commands, greeting, help_text, menu

__all__ = ["commands", "greeting", "help_text", "menu"]
