"""The dashboard "Bus": streams, consumers and the NATS server."""

from observability.dashboards.expressions import INTERVAL, rates, slowest
from observability.dashboards.page import Page, Row
from observability.dashboards.panel import Graph, Query

CALLS = "integration_call_duration_seconds"

MESSAGES = Row(
    "Messages, as the services count them",
    (
        Graph(
            "Sent",
            "Messages that a stream has taken, and questions asked, a second.",
            unit="reqps",
            queries=(rates("messaging_client_sent_messages_total", "service", "destination"),),
        ),
        Graph(
            "Delivered",
            "To each consumer a second, redeliveries included.",
            unit="reqps",
            queries=(rates("messaging_client_consumed_messages_total", "consumer"),),
        ),
        Graph(
            "Tried again",
            "Attempts that failed and are repeated, by consumer and kind of trouble.",
            unit="reqps",
            queries=(rates("messaging_retries_total", "consumer", "reason"),),
        ),
        Graph(
            "Forged",
            "Requests a second that wanted their answer where none belongs: somebody with a key of "
            "ours tries something.",
            unit="reqps",
            queries=(rates("messaging_forged_replies_total", "service"),),
        ),
        Graph(
            "Handling",
            "From delivery to the end, 95 % are faster; the ten slowest types of message.",
            unit="s",
            queries=(slowest("messaging_process_duration_seconds", "consumer", "message"),),
        ),
        Graph(
            "Publishing",
            "Until a stream has a message on disk, 95 % are faster. A point leads to a trace.",
            unit="s",
            queries=(
                slowest(
                    f'{CALLS}{{target="nats", operation=~"publish .*"}}', "service", "operation"
                ),
            ),
        ),
        Graph(
            "Asking",
            "Until an answer is there, 95 % are faster. A point leads to a trace.",
            unit="s",
            queries=(
                slowest(
                    f'{CALLS}{{target="nats", operation=~"request .*"}}', "service", "operation"
                ),
            ),
        ),
    ),
)

WAITING = Row(
    "What waits",
    (
        Graph(
            "Behind",
            "Messages not settled, those in hand included, by stream and consumer.",
            unit="short",
            queries=(
                Query(
                    "max by (stream, consumer) (messaging_consumer_lag) > 0",
                    "{{stream}} {{consumer}}",
                ),
            ),
        ),
        Graph(
            "Oldest in hand",
            "How long a consumer has had its oldest message. Longer than seconds: it is retried.",
            unit="s",
            queries=(
                Query(
                    "max by (stream, consumer) (messaging_consumer_oldest_seconds) > 0",
                    "{{stream}} {{consumer}}",
                ),
            ),
        ),
        Graph(
            "Oldest in a work queue",
            "How old its oldest message is, also while nobody reads it.",
            unit="s",
            queries=(Query("max by (stream) (messaging_stream_oldest_seconds)", "{{stream}}"),),
        ),
        Graph(
            "Dead letters",
            "How many lie in DEAD.",
            unit="short",
            queries=(Query("max(messaging_dead_letters)", "in DEAD"),),
        ),
        Graph(
            "Buried",
            "Messages given up a second, by app and kind.",
            unit="reqps",
            queries=(rates("messaging_dead_letters_buried_total", "app", "kind"),),
        ),
    ),
)

SERVER = Row(
    "The NATS server, as its exporter counts",
    (
        Graph(
            "Messages in streams",
            "Of work queues: what is not handled yet. Of EVENTS and DEAD: what is kept.",
            unit="short",
            queries=(Query("jetstream_stream_total_messages", "{{stream_name}}"),),
        ),
        Graph(
            "How full streams are",
            "The share of the bytes each may have. A full one refuses.",
            unit="percentunit",
            queries=(
                Query(
                    "jetstream_stream_total_bytes / jetstream_stream_limit_bytes", "{{stream_name}}"
                ),
            ),
        ),
        Graph(
            "Stored",
            "Messages that streams take a second.",
            unit="reqps",
            queries=(
                Query(
                    f"sum by (stream_name) (rate(jetstream_stream_last_seq[{INTERVAL}]))",
                    "{{stream_name}}",
                ),
            ),
        ),
        Graph(
            "Not delivered yet",
            "By consumer.",
            unit="short",
            queries=(Query("jetstream_consumer_num_pending", "{{consumer_name}}"),),
        ),
        Graph(
            "In hand",
            "Delivered and not acknowledged, by consumer.",
            unit="short",
            queries=(Query("jetstream_consumer_num_ack_pending", "{{consumer_name}}"),),
        ),
        Graph(
            "Delivered again",
            "Messages in hand that were delivered more than once.",
            unit="short",
            queries=(Query("jetstream_consumer_num_redelivered", "{{consumer_name}}"),),
        ),
        Graph(
            "Who asks for work",
            "Requests of copies that wait for messages. None, and messages wait: nobody reads.",
            unit="short",
            queries=(Query("jetstream_consumer_num_waiting", "{{consumer_name}}"),),
        ),
        Graph(
            "The server",
            "Connections, and clients that read too slowly and were cut off.",
            unit="short",
            queries=(
                Query("gnatsd_varz_connections", "connections"),
                Query("gnatsd_varz_slow_consumers", "too slow"),
            ),
        ),
        Graph(
            "The server's memory",
            "What its process holds.",
            unit="bytes",
            queries=(Query("gnatsd_varz_mem", "nats-server"),),
        ),
    ),
)

BUS = Page(
    "Switchboard: bus",
    "Streams, consumers and the NATS server.",
    (MESSAGES, WAITING, SERVER),
)
