"""OpenTelemetry's semantic conventions, as far as our spans follow them, in one pinned version.

The names are written out here because those of messaging are not stable: a new version is a
change of this file, not of a library. Beside them stand names of our own, under `messaging.nats`,
which the conventions leave to each system.
"""

from typing import Final

VERSION: Final = "1.44.0"
SCHEMA_URL: Final = f"https://opentelemetry.io/schemas/{VERSION}"
"""Said of every exported span: by it a backend knows which names to expect."""
SOURCE: Final = f"https://github.com/open-telemetry/semantic-conventions/tree/v{VERSION}/docs"
"""Where they are written down: messaging/messaging-spans.md, db/database-spans.md, general/."""

MESSAGING_SYSTEM: Final = "messaging.system"
MESSAGING_OPERATION_NAME: Final = "messaging.operation.name"
MESSAGING_OPERATION_TYPE: Final = "messaging.operation.type"
MESSAGING_DESTINATION_NAME: Final = "messaging.destination.name"
MESSAGING_DESTINATION_TEMPLATE: Final = "messaging.destination.template"
MESSAGING_MESSAGE_ID: Final = "messaging.message.id"
MESSAGING_CONSUMER_GROUP_NAME: Final = "messaging.consumer.group.name"

NATS_STREAM: Final = "messaging.nats.stream"
NATS_SEQUENCE: Final = "messaging.nats.sequence"
"""A message's number in its stream: `nats stream get <stream> <sequence>` shows it."""
NATS_NUM_DELIVERED: Final = "messaging.nats.num_delivered"

DB_SYSTEM_NAME: Final = "db.system.name"
DB_NAMESPACE: Final = "db.namespace"
DB_OPERATION_NAME: Final = "db.operation.name"
DB_QUERY_SUMMARY: Final = "db.query.summary"
DB_QUERY_TEXT: Final = "db.query.text"
DB_RESPONSE_STATUS_CODE: Final = "db.response.status_code"

ERROR_TYPE: Final = "error.type"
EXCEPTION_MESSAGE: Final = "exception.message"
EXCEPTION_TYPE: Final = "exception.type"
EXCEPTION_STACKTRACE: Final = "exception.stacktrace"
SERVER_ADDRESS: Final = "server.address"
SERVER_PORT: Final = "server.port"
