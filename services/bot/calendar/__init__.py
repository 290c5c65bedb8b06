"""The calendar bot: its commands, forms, lists and buttons."""

import aiogram
from aiogram.filters import Command

from screens import calendar as screens
from screens.calendar import (
    CalendarSettingsButton,
    CreateFeedButton,
    DeleteButton,
    DeleteRepeatingButton,
    DigestButton,
    ExportButton,
    FeedButton,
    FinishButton,
    MonthButton,
    RemindBeforeButton,
    ReopenButton,
    RestoreButton,
    RevokeFeedButton,
    SnoozeButton,
    SnoozeForButton,
    TaskButton,
)
from services.bot import forms
from services.bot.calendar import adding, browsing, doing, editing, settings, sharing, snoozing
from services.bot.calendar.adding import NEW_TASK
from services.bot.calendar.browsing import DAYS, VIEW_COMMANDS, VIEWS
from services.bot.calendar.front_door import FRONT_DOOR
from services.bot.calendar.searching import SEARCH
from services.bot.calendar.settings import DIGEST, REMIND_BEFORE
from services.bot.calendar.snoozing import SNOOZE
from services.bot.menu import described

COMMANDS = described(screens.commands)


def build_router() -> aiogram.Router:
    """Return the router of the bot; it goes last, since nothing passes its fallback."""
    router = aiogram.Router(name="calendar")
    router.include_routers(
        FRONT_DOOR.build_router(),
        forms.build_router(NEW_TASK, *editing.FORMS.values(), SNOOZE, REMIND_BEFORE, DIGEST),
        SEARCH.build_router(),
        adding.build_router(),
        editing.build_router(),
        _browsing_router(),
        _doing_router(),
        _settings_router(),
        VIEWS.build_router(),
        DAYS.build_router(),
        adding.build_unasked_router(),
        FRONT_DOOR.build_fallback(),
    )
    return router


def _browsing_router() -> aiogram.Router:
    router = aiogram.Router(name="calendar, browsing")
    router.message.register(browsing.show_view, Command(*VIEW_COMMANDS))
    router.message.register(browsing.show_this_month, Command("month"))
    router.callback_query.register(browsing.show_month, MonthButton.filter())
    router.callback_query.register(browsing.show_task, TaskButton.filter())
    return router


def _doing_router() -> aiogram.Router:
    router = aiogram.Router(name="calendar, doing")
    router.callback_query.register(doing.finish, FinishButton.filter())
    router.callback_query.register(doing.reopen, ReopenButton.filter())
    router.callback_query.register(doing.ask_what_to_delete, DeleteRepeatingButton.filter())
    router.callback_query.register(doing.delete, DeleteButton.filter())
    router.callback_query.register(doing.restore, RestoreButton.filter())
    router.callback_query.register(snoozing.ask_until_when, SnoozeButton.filter())
    router.callback_query.register(snoozing.snooze, SnoozeForButton.filter())
    return router


def _settings_router() -> aiogram.Router:
    router = aiogram.Router(name="calendar, settings and sharing")
    router.message.register(sharing.export, Command("export"))
    router.message.register(sharing.show_feed, Command("subscribe"))
    router.callback_query.register(settings.show_settings, CalendarSettingsButton.filter())
    router.callback_query.register(settings.begin_to_change_reminders, RemindBeforeButton.filter())
    router.callback_query.register(settings.begin_to_change_digest, DigestButton.filter())
    router.callback_query.register(sharing.export, ExportButton.filter())
    router.callback_query.register(sharing.show_feed, FeedButton.filter())
    router.callback_query.register(sharing.create_feed, CreateFeedButton.filter())
    router.callback_query.register(sharing.revoke_feed, RevokeFeedButton.filter())
    return router
