"""What the NATS CLI wants of discovery's answers (ADR-32), as JSON schemas."""

from typing import Any

NAME = {"type": "string", "pattern": "^[a-zA-Z0-9_-]+$"}
TEXT = {"type": "string", "minLength": 1}
COUNT = {"type": "integer", "minimum": 0}
METADATA = {"type": ["object", "null"], "additionalProperties": {"type": "string"}}
SEMANTIC_VERSION = {"type": "string", "pattern": r"^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$"}


def schema(verb: str, required: dict[str, Any]) -> dict[str, Any]:
    """Return the JSON schema of one kind of answer (ADR-32, `io.nats.micro.v1`)."""
    properties = {
        "type": {"const": f"io.nats.micro.v1.{verb.lower()}_response"},
        "name": NAME,
        "id": TEXT,
        "version": SEMANTIC_VERSION,
        **required,
    }
    return {
        "type": "object",
        "required": list(properties),
        "properties": {**properties, "metadata": METADATA},
    }


def endpoints(required: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a list of endpoints."""
    properties = {"name": NAME, "subject": TEXT, **required}
    item = {
        "type": "object",
        "required": list(properties),
        "properties": {**properties, "queue_group": TEXT, "metadata": METADATA},
    }
    return {"type": "array", "items": item, "minItems": 1}


SCHEMAS = {
    "PING": schema("PING", {}),
    "INFO": schema("INFO", {"description": {"type": "string"}, "endpoints": endpoints({})}),
    "STATS": schema(
        "STATS",
        {
            "started": {"type": "string", "format": "date-time"},
            "endpoints": endpoints(
                {
                    "num_requests": COUNT,
                    "num_errors": COUNT,
                    "last_error": {"type": "string"},
                    "processing_time": COUNT,
                    "average_processing_time": COUNT,
                }
            ),
        },
    ),
}
