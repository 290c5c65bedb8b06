"""When a mailing goes out."""

from contracts.broadcasts import Mailing
from contracts.screens import Screen
from screens.broadcasts.buttons import CardButton, NowButton, PartButton, QuietToggle
from screens.broadcasts.parts import timing_lines
from screens.buttons import button
from screens.texts import Texts


def timing(mailing: Mailing, time_zone: str, say: Texts) -> Screen:
    """Return the choices; what is chosen has a mark."""
    mailing_id, when = mailing.mailing_id, mailing.timing
    here = {"mailing_id": mailing_id, "version": mailing.version}
    now = _marked(say.plain("When it is started"), chosen=not (when.at or when.local))
    moment = _marked(say.plain("At a moment…"), chosen=bool(when.at))
    local = _marked(say.plain("By everybody's own clock…"), chosen=bool(when.local))
    quiet = _marked(say.plain("Respect quiet hours"), chosen=when.respect_quiet_hours)
    text = "\n".join(timing_lines(when, time_zone, say))
    return Screen(
        text=text,
        buttons=(
            (button(now, NowButton(**here)),),
            (button(moment, PartButton(mailing_id=mailing_id, part="moment")),),
            (button(local, PartButton(mailing_id=mailing_id, part="local")),),
            (button(quiet, QuietToggle(**here)),),
            (button(say.plain("Back"), CardButton(mailing_id=mailing_id)),),
        ),
    )


def _marked(text: str, *, chosen: bool) -> str:
    return f"✓ {text}" if chosen else text
