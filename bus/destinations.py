"""Where messages go, as one of a known few names: a label of metrics, whatever subjects are met."""

from functools import cache, lru_cache
from typing import get_args

from bus.letters import KINDS, OTHER, app_of, kind_of
from contracts.base import Reply, subject_of
from contracts.base import app_of as app_of_message
from contracts.messages import message_types, outcome_types
from contracts.notices import Urgency

SUBJECTS_REMEMBERED = 1024
"""Commands, events and queries have a few for all; of those with a chat the latest."""


@lru_cache(maxsize=SUBJECTS_REMEMBERED)
def subject_template(subject: str) -> str:
    """Return the subject with ids replaced, so that span names and labels stay few."""
    kind, _, rest = subject.partition(".")
    if kind == "update":  # once in its stream, the partition stands before the app
        return f"update.{rest.split('.')[-2]}.{{chat}}" if "." in rest else subject
    if kind == "notice":
        urgency, app, *_ = [*rest.split("."), ""]
        return f"notice.{urgency}.{app}.{{chat}}"
    if kind == "late":  # behind the outcome stand the bot and the chat that is told
        return ".".join(subject.split(".")[:3])
    if kind == "outcome":
        return "outcome.{asker}.{command}"
    if kind == "dead":
        return f"dead.{subject_template(rest)}"
    return subject


@cache
def apps() -> frozenset[str]:
    """Return the apps that messages belong to."""
    return frozenset(app_of_message(message) for message in message_types())


@cache
def destinations() -> frozenset[str]:
    """Return all templates of subjects on which services publish or ask."""
    typed = {subject_of(each) for each in message_types() if not issubclass(each, Reply)}
    late = {subject_of(each).replace("event.", "late.", 1) for each in outcome_types()}
    chats = {f"update.{app}.{{chat}}" for app in apps()}
    chats |= {f"notice.{urgency}.{app}.{{chat}}" for urgency in get_args(Urgency) for app in apps()}
    kept = {each for each in {*typed, *late, *chats} if each.partition(".")[0] in KINDS}
    dead = {f"dead.{each}" for each in kept}
    return frozenset({*typed, *late, *chats, *dead, "outcome.{asker}.{command}"})


@lru_cache(maxsize=SUBJECTS_REMEMBERED)
def destination_of(subject: str) -> str:
    """Return a subject's template if it is known, else `other`: anybody may have written it."""
    template = subject_template(subject)
    return template if template in destinations() else OTHER


@lru_cache(maxsize=SUBJECTS_REMEMBERED)
def request_of(subject: str) -> tuple[str, str]:
    """Return kind and app of a message by its subject; what is not known is `other`."""
    app = app_of(subject)
    return kind_of(subject), app if app in apps() else OTHER
