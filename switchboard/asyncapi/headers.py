"""The headers of messages as JSON schemas, by what a message is."""

from typing import Any

from bus.caller import ERROR_CODE_HEADER, ERROR_HEADER
from bus.envelope import ACTOR, ASKER, CAUSATION_ID, CHAT, LOCALE, MESSAGE_ID
from bus.letters import ATTEMPTS, PLACE, REASON
from bus.responder import TRACE_ID_HEADER

_TRACE = "00-653d7392298eff6968dc6615b842b5a2-bd1ee7be962053ca-03"
_SAID: dict[str, tuple[str, str]] = {
    MESSAGE_ID: (
        "Derived from the message's cause, so a repetition repeats it.",
        "documents-917-0c5f4a1e-1-0",
    ),
    CAUSATION_ID: ("The Message-Id of what caused it.", "documents-917-0c5f4a1e"),
    ACTOR: ("Who acts: person@app. Storage and query authorise by it.", "1001@documents"),
    CHAT: ("The chat to be told; a private chat has the id of its person.", "1001"),
    LOCALE: ("The language to tell it in.", "en"),
    ASKER: ("The bot instance that waits for the outcome.", "bot-c5x0Cr6iJaE44HTTXuds7C"),
    "traceparent": ("W3C trace context: the trace goes on in who handles it.", _TRACE),
    "Nats-Msg-Id": (
        "By it the stream drops a repetition within two minutes.",
        "documents-917-0c5f4a1e-1-0",
    ),
    TRACE_ID_HEADER: (
        "The trace in which it was answered, to look for in Jaeger and Loki.",
        _TRACE[3:35],
    ),
    ERROR_HEADER: ("Why there is no answer, in words; the body is empty then.", "nobody asks"),
    ERROR_CODE_HEADER: ("The same as a number, as of HTTP.", "401"),
    REASON: ("The error, as its type and text.", "KeyError: 'name'"),
    ATTEMPTS: ("How often it was delivered.", "4"),
    PLACE: ("File and line at which its handling failed.", "documents.py:17"),
}
"""What each header means, and an example."""

_OF: dict[str, tuple[str, ...]] = {
    "update": (MESSAGE_ID, "Nats-Msg-Id", "traceparent"),
    "command": (MESSAGE_ID, CAUSATION_ID, ACTOR, CHAT, LOCALE, ASKER, "traceparent"),
    "event": (MESSAGE_ID, CAUSATION_ID, ACTOR, CHAT, LOCALE, "traceparent", "Nats-Msg-Id"),
    "query": (MESSAGE_ID, ACTOR, "traceparent"),
    "reply": (TRACE_ID_HEADER, "traceparent"),
    "refusal": (ERROR_HEADER, ERROR_CODE_HEADER, TRACE_ID_HEADER, "traceparent"),
    "notice": (MESSAGE_ID, CAUSATION_ID, ACTOR, CHAT, LOCALE, "traceparent", "Nats-Msg-Id"),
    "dead": (MESSAGE_ID, ACTOR, CHAT, "traceparent", REASON, ATTEMPTS, PLACE),
}
_REQUIRED: dict[str, list[str]] = {
    "query": [],  # asked by hand it needs none but who asks
    "reply": [],
    "refusal": [ERROR_HEADER, ERROR_CODE_HEADER],
    "dead": [REASON, ATTEMPTS],
}


def header_schemas() -> dict[str, Any]:
    """Return a schema a kind, by its name."""
    return {
        f"HeadersOf{kind.capitalize()}": {
            "type": "object",
            "properties": {
                name: {
                    "type": "string",
                    "description": _SAID[name][0],
                    "examples": [_SAID[name][1]],
                }
                for name in names
            },
            "required": _REQUIRED.get(kind, [MESSAGE_ID]),
        }
        for kind, names in _OF.items()
    }


def headers_of(kind: str) -> dict[str, str]:
    """Return the reference to the schema of a kind of message."""
    return {"$ref": f"#/components/schemas/HeadersOf{kind.capitalize()}"}


def example_headers(kind: str) -> dict[str, str]:
    """Return what the headers of such a message may say."""
    return {name: _SAID[name][1] for name in _OF[kind]}
