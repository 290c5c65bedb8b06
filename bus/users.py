"""The NATS users, and what each may do; `server_config` writes them."""

from collections.abc import Mapping
from dataclasses import dataclass

CORE = "CORE"
"""The account of the streams. A reply goes to subjects of the asker's own account only: who is in
another one cannot have the server, or a service of CORE, write on its behalf."""


@dataclass(frozen=True, slots=True)
class User:
    """A NATS user: its account, which streams it reads, and which subjects it may use."""

    account: str
    reads: tuple[str, ...] = ()
    """Streams, through consumers that are named `<user>-...`; it may bury what it reads."""
    publishes: tuple[str, ...] = ()
    subscribes: tuple[str, ...] = ()
    responds: bool = False
    everything: bool = False
    only_development: bool = False
    """Whether a server may do without it."""


USERS: Mapping[str, User] = {
    "gateway": User("GATEWAY", publishes=("update.*.*",)),
    "bot": User(
        "BOT",
        reads=("UPDATES", "EVENTS"),
        publishes=("command.>", "query.>", "notice.answer.*.*"),
        subscribes=("outcome.*.*",),
        responds=True,
    ),
    "storage": User(
        CORE,
        reads=("COMMANDS", "EVENTS"),
        publishes=(
            "event.>",
            "late.>",
            "notice.>",
            "outcome.*.*",
            "command.>",
            # To tell how many dead letters lie there, and how far consumers are behind; a list
            # holds no message.
            "$JS.API.STREAM.INFO.DEAD",
            "$JS.API.STREAM.LIST",
            "$JS.API.CONSUMER.LIST.*",
        ),
    ),
    "query": User(CORE, subscribes=("query.> query", "$SRV.>"), responds=True),
    "notifier": User(
        "NOTIFIER",
        reads=("EVENTS", "LATE", "NOTICES"),
        publishes=(
            "notice.>",
            "event.notices.notices_ended",
            "command.people.change_reachability",
            "command.files.send_upload",
            # What a chat is told waits for what it is to be told before.
            "$JS.API.DIRECT.GET.LATE",
            "$JS.API.DIRECT.GET.NOTICES",
        ),
    ),
    "files": User(
        "FILES",
        reads=("COMMANDS", "EVENTS"),
        publishes=(
            "event.files.>",
            "late.files.>",
            # What it makes files of is asked; all else of those apps is none of its business.
            "event.calendar.calendar_sent",
            "event.calendar.calendar_not_sent",
            "late.calendar.calendar_sent.>",
            "late.calendar.calendar_not_sent.>",
            "event.broadcasts.report_sent",
            "event.broadcasts.report_not_sent",
            "late.broadcasts.report_sent.>",
            "late.broadcasts.report_not_sent.>",
            "notice.answer.*.*",
            "outcome.*.*",
            "query.files.get_link",
            "query.calendar.list_calendar",
            "query.calendar.get_feed",
            "query.broadcasts.get_mailing",
            "query.broadcasts.get_mailing_pace",
            "query.broadcasts.list_recipients",
        ),
    ),
    # It shows what passes. Queries it must not hear: that would count as somebody there to answer.
    # It is in CORE because the server shows no other account what came from a third one.
    "playground": User(
        CORE,
        publishes=("$JS.API.STREAM.LIST", "$JS.API.CONSUMER.LIST.*", "$SRV.STATS"),
        subscribes=("update.>", "command.>", "event.>", "late.>", "notice.>", "dead.>"),
        only_development=True,
    ),
    "operator": User(CORE, everything=True),
}
"""Every service has a user of its own; `operator` provisions and looks at everything."""
