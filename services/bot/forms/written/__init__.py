"""Moments as people write them, in Russian and English: read, and told apart from other words."""

from services.bot.forms.written.moments import (
    Doubt,
    Reading,
    is_to_come,
    read_moment,
    shown_by_clocks,
)
from services.bot.forms.written.spans import read_spans
from services.bot.forms.written.splitting import Split, split_moment
from services.bot.forms.written.words import uniform

__all__ = [
    "Doubt",
    "Reading",
    "Split",
    "is_to_come",
    "read_moment",
    "read_spans",
    "shown_by_clocks",
    "split_moment",
    "uniform",
]
