"""The dashboard "Overview": does everybody get an answer, and where does it stop if not."""

from observability.dashboards.expressions import INTERVAL, quantile, quantiles, rate, rates
from observability.dashboards.page import Page, Row
from observability.dashboards.panel import Graph, Lines, Number, Query

PRESS = "press_duration_seconds"
HANDLED = "messaging_process_duration_seconds_count"

NUMBERS = Row(
    "Now",
    (
        Number(
            "Press to answer, 95 %",
            "Nineteen of twenty presses, messages and commands are handled faster than this.",
            unit="s",
            expr=quantile(0.95, PRESS),
            bad=3,
        ),
        Number(
            "Presses",
            "What people send a second, all apps together.",
            unit="reqps",
            expr=f"sum(rate({PRESS}_count[{INTERVAL}]))",
            bad=1000,
        ),
        Number(
            "Messages that fail",
            "The share of messages whose handling broke off or that were given up.",
            unit="percentunit",
            expr=(
                f'sum(rate({HANDLED}{{result=~"failed|dead"}}[{INTERVAL}]))'
                f" / sum(rate({HANDLED}[{INTERVAL}]))"
            ),
            bad=0.05,
        ),
        Number(
            "Waiting",
            "Messages that are not settled, those in hand included.",
            unit="short",
            expr="sum(max by (stream, consumer) (messaging_consumer_lag))",
            bad=100,
        ),
        Number(
            "Dead letters",
            "Messages that were given up and that nobody has replayed or dropped yet.",
            unit="short",
            expr="max(messaging_dead_letters)",
            bad=1,
        ),
        Number(
            "Alerts",
            "How many alerts fire. Their names are marks in the graphs below.",
            unit="short",
            expr='count(ALERTS{alertstate="firing"}) or vector(0)',
            bad=1,
        ),
    ),
)

PEOPLE = Row(
    "What people notice",
    (
        Graph(
            "Press to answer",
            "From the bus having an update to the end of its handling. A point leads to "
            "the trace of one such press.",
            unit="s",
            queries=quantiles(PRESS),
        ),
        Graph(
            "Presses",
            "What people send a second, by app.",
            unit="reqps",
            stacked=True,
            queries=(rates(f"{PRESS}_count", "app"),),
        ),
        Graph(
            "Commands by outcome",
            "How waits for an outcome ended: after `late` the person is told by the notifier.",
            unit="reqps",
            stacked=True,
            queries=(rates("outcome_wait_seconds_count", "result"),),
        ),
        Graph(
            "Dialogs in progress",
            "How many conversations have begun and not ended, by app.",
            unit="short",
            queries=(Query("max by (app) (dialogs_open)", "{{app}}"),),
        ),
    ),
)

WORK = Row(
    "Work",
    (
        Graph(
            "Given to do",
            "Updates, commands, queries, events and notices a second, by service.",
            unit="reqps",
            stacked=True,
            queries=(rates("requests_total", "service", "kind"),),
        ),
        Graph(
            "How handling ended",
            "`dead` was given up, `failed` broke off, `forfeited` went to another copy.",
            unit="reqps",
            stacked=True,
            queries=(rates("messaging_process_duration_seconds_count", "result"),),
        ),
        Graph(
            "Behind",
            "Messages not settled, of the ten longest consumers. Growing: start more copies.",
            unit="short",
            queries=(
                Query("topk(10, max by (consumer) (messaging_consumer_lag))", "{{consumer}}"),
            ),
        ),
        Graph(
            "Buried",
            "Messages given up a second, by app and kind. `switchboard dead list` says why.",
            unit="reqps",
            queries=(rates("messaging_dead_letters_buried_total", "app", "kind"),),
        ),
        Graph(
            "Calls that fail",
            "To NATS, PostgreSQL, Redis, Telegram and the object storage, by who calls.",
            unit="reqps",
            queries=(
                rates(
                    'integration_call_duration_seconds_count{result="failed"}', "service", "target"
                ),
            ),
        ),
        Graph(
            "Calls to what the services depend on",
            "95 % are faster, by target. A point leads to a trace.",
            unit="s",
            queries=(
                Query(
                    quantile(0.95, "integration_call_duration_seconds", ["target"]), "{{target}}"
                ),
            ),
        ),
    ),
)

PROCESSES = Row(
    "Processes",
    (
        Graph(
            "Processor",
            "Seconds of processor time a second. One process uses one core at most.",
            unit="percentunit",
            queries=(
                Query(
                    rate('process_cpu_seconds_total{job="switchboard"}', ["instance"]),
                    "{{instance}}",
                ),
            ),
        ),
        Graph(
            "Memory",
            "What each process holds in memory.",
            unit="bytes",
            queries=(Query('process_resident_memory_bytes{job="switchboard"}', "{{instance}}"),),
        ),
        Graph(
            "Open files",
            "The share of files and sockets that each process may have open.",
            unit="percentunit",
            queries=(Query("process_open_fds / process_max_fds", "{{job}} {{instance}}"),),
        ),
        Graph(
            "Standing still",
            "The longest time in a minute that the event loop was late. From 10 s on messages go "
            "to other copies.",
            unit="s",
            queries=(Query("event_loop_stall_seconds", "{{instance}}"),),
        ),
        Graph(
            "Up",
            "1 while Prometheus can read the figures of a process.",
            unit="short",
            queries=(Query("up", "{{job}} {{instance}}"),),
        ),
        Lines(
            "Warnings and errors",
            "Each line leads to its trace.",
            expr='{service_name=~".+"} | detected_level=~"warn|error|critical|fatal"',
        ),
    ),
)

OVERVIEW = Page(
    "Switchboard: overview",
    "Does everybody get an answer, and where does it stop if not.",
    (NUMBERS, PEOPLE, WORK, PROCESSES),
)
