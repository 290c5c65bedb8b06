"""Chats that are told at once what the quick presses of a test would hold up."""

from dataclasses import replace

import pytest

from telegram_api.rates import Rate, chat_rate

SOON = 0.01


def hold_up_no_chat(patch: pytest.MonkeyPatch) -> None:
    """Have a chat wait for no earlier messages; Telegram's limits for all of a bot stay.

    Nobody presses as fast as a test: what a chat is told unasked would wait ten seconds for that.
    """
    patch.setattr("telegram_api.limits.chat_rate", _rate)


def _rate(burst: int) -> Rate:
    return replace(chat_rate(burst), interval=SOON)
