"""A mailing as a picture: how it ended for how many, and its pace; without words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from contracts.broadcasts import MailingPace, Pace, RecipientResult, ResultCount

if TYPE_CHECKING:  # whoever makes no picture needs none of it
    from PIL.ImageDraw import ImageDraw

SIZE = (1200, 760)
"""Pixels."""
COLOURS: Mapping[RecipientResult, str] = {
    "told": "#6fae4a",
    "blocked": "#d9403c",
    "deactivated": "#8f5f46",
    "refused": "#ef8733",
    "too_late": "#a66bc2",
    "fate_unknown": "#f3cc44",
    "opted_out": "#4f9fe0",
    "unreachable": "#303030",
    "no_file": "#cfcfcf",
}
"""As near as can be to the squares that its caption has."""
PAPER, INK, LINES = "#ffffff", "#404040", "#dddddd"
LEFT, RIGHT = 110, 1160
ENDS_TOP, ENDS_BOTTOM = 60, 150
PACE_TOP, PACE_BOTTOM = 230, 680
LETTERS = 26
"""Pixels."""
GRID = 4
ROUND = (1, 2, 5, 10)
TIMES = 6
"""How many of the times below the pace are written at most."""


@dataclass(frozen=True, slots=True)
class Bars:
    """The pace by steps of equal length, with those in which nothing ended."""

    steps: Sequence[Pace | None]
    minutes: int

    @classmethod
    def of(cls, pace: MailingPace) -> "Bars":
        if not pace.steps:
            return cls([None], pace.minutes)
        first, seconds = pace.steps[0].at, pace.minutes * 60
        by_place = {int((step.at - first).total_seconds() // seconds): step for step in pace.steps}
        # What was paused for months has bars side by side rather than none that can be seen.
        if max(by_place) > RIGHT - LEFT:
            return cls(pace.steps, pace.minutes)
        return cls([by_place.get(place) for place in range(max(by_place) + 1)], pace.minutes)

    @property
    def scale(self) -> int:
        """How many a line of the grid stands for, so that the most of a step fits."""
        most = max((step.told + step.failed for step in self.steps if step), default=0)
        power = int("1".ljust(len(str(most // GRID)), "0"))
        return next(power * round_ for round_ in ROUND if power * round_ * GRID >= most)


def drawn(ends: Sequence[ResultCount], pace: MailingPace) -> bytes:
    """Return a PNG."""
    from PIL import Image
    from PIL.ImageDraw import Draw

    picture = Image.new("RGB", SIZE, PAPER)
    draw = Draw(picture)
    _draw_ends(draw, [end for end in ends if end.people and end.result in COLOURS])
    _draw_pace(draw, Bars.of(pace))
    png = BytesIO()
    picture.save(png, "PNG", optimize=True)
    return png.getvalue()


def _draw_ends(draw: "ImageDraw", ends: Sequence[ResultCount]) -> None:
    total = sum(end.people for end in ends)
    draw.rectangle((LEFT, ENDS_TOP, RIGHT, ENDS_BOTTOM), outline=LINES)
    before = 0
    for end in ends:
        begins, finishes = (
            LEFT + (RIGHT - LEFT) * people / total for people in (before, before + end.people)
        )
        # Whatever there is can be seen, one of a million, too.
        finishes = max(finishes, begins + 2)
        draw.rectangle((begins, ENDS_TOP, finishes, ENDS_BOTTOM), fill=COLOURS[end.result])
        before += end.people
    _write(draw, (RIGHT, ENDS_TOP - 8), f"{total}", "rs")


def _draw_pace(draw: "ImageDraw", bars: Bars) -> None:
    for line in range(GRID + 1):
        y = PACE_BOTTOM - (PACE_BOTTOM - PACE_TOP) * line / GRID
        draw.line((LEFT, y, RIGHT, y), fill=LINES, width=2)
        _write(draw, (LEFT - 12, y), f"{bars.scale * line}", "rm")
    width = (RIGHT - LEFT) / len(bars.steps)
    for place, step in enumerate(bars.steps):
        if step:
            _draw_step(draw, LEFT + width * place, width, step, bars.scale * GRID)
    every = -(-len(bars.steps) // TIMES)
    for place in range(0, len(bars.steps), every):
        hours, minutes = divmod(place * bars.minutes, 60)
        _write(draw, (LEFT + width * place, PACE_BOTTOM + 14), f"{hours}:{minutes:02}", "la")


def _draw_step(draw: "ImageDraw", x: float, width: float, step: Pace, highest: int) -> None:
    scale = (PACE_BOTTOM - PACE_TOP) / highest
    between = PACE_BOTTOM - step.told * scale
    ends = x + max(width - 2, 1)
    if step.told:
        draw.rectangle((x, min(between, PACE_BOTTOM - 1), ends, PACE_BOTTOM), fill=COLOURS["told"])
    if step.failed:
        top = min(between - step.failed * scale, between - 1)
        draw.rectangle((x, top, ends, between), fill=COLOURS["blocked"])


def _write(draw: "ImageDraw", at: tuple[float, float], text: str, anchor: str) -> None:
    from PIL import ImageFont

    draw.text(at, text, fill=INK, font=ImageFont.load_default(LETTERS), anchor=anchor)
