"""What log lines tell of a press, as a collector has them."""

from tests.observability.collector import Collector, texts


def lines_with(collector: Collector, message: str) -> list[tuple[str, str, str]]:
    """Return service, event and message of each line at info in traces that handled a message.

    What the collector holds stays there.
    """
    sent = [collector.logs.get_nowait() for _ in range(collector.logs.qsize())]
    for request in sent:
        collector.logs.put_nowait(request)
    lines = [
        (texts(resource.resource.attributes)["service.name"], record, texts(record.attributes))
        for request in sent
        for resource in request.resource_logs
        for scope in resource.scope_logs
        for record in scope.log_records
        if record.severity_text == "INFO"
    ]
    traces = {record.trace_id for _, record, fields in lines if fields.get("message") == message}
    return sorted(
        (service, record.body.string_value, fields.get("message", ""))
        for service, record, fields in lines
        if record.trace_id in traces
    )
