"""The dashboard "One app": one bot's presses, work, business figures and calls to Telegram."""

from observability.dashboards.expressions import quantiles, rates, slowest
from observability.dashboards.page import Page, Row
from observability.dashboards.panel import Graph, Lines, Query

OF_THE_APP = '{app="$app"}'
CONSUMERS = '{consumer=~"(bot|storage|files|notifier)-$app(-[0-9]+)?"}'
"""Consumers are named after a service and an app."""

PEOPLE = Row(
    "What people notice",
    (
        Graph(
            "Press to answer",
            "From the bus having an update to the end of its handling. A point leads to "
            "the trace of one such press.",
            unit="s",
            queries=quantiles(f"press_duration_seconds{OF_THE_APP}"),
        ),
        Graph(
            "Presses",
            "What people send a second, by kind.",
            unit="reqps",
            stacked=True,
            queries=(rates(f"press_duration_seconds_count{OF_THE_APP}", "kind"),),
        ),
        Graph(
            "Slow kinds",
            "95 % are faster, by kind.",
            unit="s",
            queries=(slowest(f"press_duration_seconds{OF_THE_APP}", "kind"),),
        ),
        Graph(
            "Dialogs in progress",
            "Conversations that have begun and not ended.",
            unit="short",
            queries=(Query(f"max by (app) (dialogs_open{OF_THE_APP})", "{{app}}"),),
        ),
    ),
)

WORK = Row(
    "Work",
    (
        Graph(
            "What happened",
            "Events a second: documents added, refused, moved, and so on.",
            unit="reqps",
            stacked=True,
            queries=(rates(f"business_events_total{OF_THE_APP}", "event"),),
        ),
        Graph(
            "Given to do",
            "Updates, commands, queries, events and notices a second, by service.",
            unit="reqps",
            stacked=True,
            queries=(rates(f"requests_total{OF_THE_APP}", "service", "kind"),),
        ),
        Graph(
            "How handling ended",
            "By type of message. `dead` was given up, `failed` broke off.",
            unit="reqps",
            queries=(
                rates(f"messaging_process_duration_seconds_count{CONSUMERS}", "message", "result"),
            ),
        ),
        Graph(
            "Handling",
            "95 % are faster, the ten slowest types of message.",
            unit="s",
            queries=(slowest(f"messaging_process_duration_seconds{CONSUMERS}", "message"),),
        ),
        Graph(
            "Waits for outcomes",
            "From saying a command to its outcome, 95 % are faster; of all apps.",
            unit="s",
            queries=(slowest("outcome_wait_seconds", "command", "result"),),
        ),
        Graph(
            "Buried",
            "Messages given up a second. `switchboard dead list --app` says why.",
            unit="reqps",
            queries=(rates(f"messaging_dead_letters_buried_total{OF_THE_APP}", "kind"),),
        ),
    ),
)

OUTSIDE = Row(
    "Telegram and log lines",
    (
        Graph(
            "Telegram's refusals",
            "Failed calls a second, by method and code.",
            unit="reqps",
            queries=(rates(f"telegram_errors_total{OF_THE_APP}", "method", "code"),),
        ),
        Graph(
            "Behind",
            "Messages of this app that are not settled, by consumer.",
            unit="short",
            queries=(
                Query(f"max by (consumer) (messaging_consumer_lag{CONSUMERS})", "{{consumer}}"),
            ),
        ),
        Lines(
            "Warnings and errors",
            "Each line leads to its trace.",
            expr='{service_name=~".+"} | app="$app" | detected_level=~"warn|error|critical|fatal"',
        ),
    ),
)

ONE_APP = Page(
    "Switchboard: one app",
    "One bot's presses, work, business figures and calls to Telegram.",
    (PEOPLE, WORK, OUTSIDE),
    by_app=True,
)
