"""What the NATS CLI wants of discovery's answers (ADR-32): the JSON schemas that it checks by.

The files in `micro_schemas` are github.com/nats-io/jsm.go, schemas/micro/v1, as they are there
(Apache License 2.0, The NATS Authors). The CLI leaves out of its lists, silently, what they refuse.
"""

import json
from pathlib import Path

FILES = Path(__file__).parent / "micro_schemas"
SCHEMAS = {
    verb: json.loads((FILES / f"{verb.lower()}_response.json").read_text(encoding="utf-8"))
    for verb in ("PING", "INFO", "STATS")
}
