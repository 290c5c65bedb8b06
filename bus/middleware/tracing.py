"""A span for each handling, the child of the span that published the message."""

from opentelemetry.trace import Status, StatusCode, Tracer

from bus.delivery import CallNext, Delivery, Middleware
from bus.spans import Arrival, died, processing

_HANDLED = Status(StatusCode.OK)


def tracing(tracer: Tracer) -> Middleware:
    """Follow the trace in the message's headers; each delivery of a message is a span of it."""

    async def trace(delivery: Delivery, call_next: CallNext) -> None:
        with processing(tracer, _arrival_of(delivery), delivery.headers) as span:
            await call_next(delivery)
            if delivery.buried is None:
                span.set_status(_HANDLED)
            else:
                died(span, delivery.buried)

    return trace


def _arrival_of(delivery: Delivery) -> Arrival:
    return Arrival(
        delivery.subject,
        delivery.envelope.message_id,
        delivery.stream,
        delivery.consumer,
        delivery.sequence,
        delivery.attempt,
    )
