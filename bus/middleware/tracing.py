"""A span for each handling, the child of the span that published the message."""

import structlog
from opentelemetry.propagate import extract
from opentelemetry.trace import SpanKind, Status, StatusCode, Tracer

from bus.delivery import CallNext, Delivery, Middleware
from bus.destinations import subject_template
from bus.envelope import lower_case

log = structlog.get_logger()


def tracing(tracer: Tracer) -> Middleware:
    """Follow the trace in the message's headers."""

    async def trace(delivery: Delivery, call_next: CallNext) -> None:
        with tracer.start_as_current_span(
            f"process {subject_template(delivery.subject)}",
            context=extract(lower_case(delivery.headers)),
            kind=SpanKind.CONSUMER,
            attributes={
                "messaging.system": "nats",
                "messaging.operation.name": "process",
                "messaging.operation.type": "process",
                "messaging.destination.template": subject_template(delivery.subject),
                "messaging.destination.name": delivery.subject,
                "messaging.consumer.group.name": delivery.consumer,
                "messaging.message.id": delivery.envelope.message_id,
                "messaging.nats.stream": delivery.stream,
                "messaging.nats.num_delivered": delivery.attempt,
            },
        ) as span:
            await call_next(delivery)
            if delivery.buried is None:
                log.debug("message.handled", message=type(delivery.message).__name__)
                span.set_status(Status(StatusCode.OK))
            else:
                span.record_exception(delivery.buried)
                span.set_status(Status(StatusCode.ERROR, "dead letter"))

    return trace
