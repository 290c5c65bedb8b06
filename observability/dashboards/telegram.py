"""The dashboard "Telegram": calls of the Bot API, refusals and waits for our turn."""

from observability.dashboards.expressions import rates, slowest
from observability.dashboards.page import Page, Row
from observability.dashboards.panel import Graph, Query

CALLS = "integration_call_duration_seconds"
OF_TELEGRAM = '{target="telegram"}'

TELEGRAM = Page(
    "Switchboard: Telegram",
    "Calls of the Bot API, refusals and waits for our turn.",
    (
        Row(
            "Calls",
            (
                Graph(
                    "Calls",
                    "A second, by method and how they ended.",
                    unit="reqps",
                    queries=(rates(f"{CALLS}_count{OF_TELEGRAM}", "operation", "result"),),
                ),
                Graph(
                    "How long calls take",
                    "95 % are faster, by method. `getUpdates` waits on purpose. A point leads to a "
                    "trace.",
                    unit="s",
                    queries=(slowest(f"{CALLS}{OF_TELEGRAM}", "operation"),),
                ),
                Graph(
                    "Refusals",
                    "Failed calls a second, by app and code: 403 is a person who blocked the bot, "
                    "429 that we are too fast, 401 and 404 a wrong token, 409 another program.",
                    unit="reqps",
                    queries=(rates("telegram_errors_total", "app", "code"),),
                ),
                Graph(
                    "Refused methods",
                    "Failed calls a second, by method and code.",
                    unit="reqps",
                    queries=(rates("telegram_errors_total", "method", "code"),),
                ),
            ),
        ),
        Row(
            "Limits",
            (
                Graph(
                    "Holds",
                    "How often Telegram made a chat, or a whole bot, wait, a second.",
                    unit="reqps",
                    queries=(rates("telegram_holds_total", "service", "scope"),),
                ),
                Graph(
                    "Waits for our turn",
                    "What calls wait so that Telegram does not refuse them, 95 % are shorter. "
                    "What is urgent goes first.",
                    unit="s",
                    queries=(slowest("telegram_limit_wait_seconds", "service", "urgency"),),
                ),
                Graph(
                    "Told unasked",
                    "What the notifier had to tell chats a second, by urgency and how it ended.",
                    unit="reqps",
                    queries=(rates("notifier_tellings_total", "urgency", "result"),),
                ),
                Graph(
                    "Notices that wait",
                    "How many are still to be told, by urgency. Bulk waits for Telegram's limits: "
                    "30 a second of each bot.",
                    unit="short",
                    queries=(Query("max by (urgency) (notifier_notices_waiting)", "{{urgency}}"),),
                ),
                Graph(
                    "How long the oldest has waited",
                    "By urgency. Of answers and reminders it is next to nothing.",
                    unit="s",
                    queries=(
                        Query("max by (urgency) (notifier_notices_oldest_seconds)", "{{urgency}}"),
                    ),
                ),
                Graph(
                    "Calls in turn",
                    "Calls that went through the limits a second, by service and urgency.",
                    unit="reqps",
                    queries=(rates("telegram_limit_wait_seconds_count", "service", "urgency"),),
                ),
            ),
        ),
    ),
)
