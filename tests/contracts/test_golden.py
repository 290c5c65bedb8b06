"""Every message's subject and JSON, byte for byte: what older messages in the streams rely on."""

from pathlib import Path

import msgspec
import pytest

from bus.encoding import decode, encode
from contracts.base import Message
from contracts.messages import message_types
from tests.examples import EXAMPLES, example_subject

GOLDEN = Path(__file__).parent / "golden"
RENEW = "pytest tests/contracts --renew-golden"
ALL = [example for examples in EXAMPLES.values() for example in examples]


def name(example: Message) -> str:
    return type(example).__name__


def written(examples: tuple[Message, ...]) -> str:
    """Return a golden file: by name of the message, its subject and itself, one a line."""
    lines = []
    for example in sorted(examples, key=name):
        subject = msgspec.json.encode(example_subject(example)).decode()
        entry = f'{{"subject":{subject},"message":{encode(example).decode()}}}'
        lines.append(f'"{name(example)}":{entry}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


@pytest.mark.parametrize("module", EXAMPLES)
def test_messages_travel_as_they_always_did(module: str, renewing: bool) -> None:
    file = GOLDEN / f"{module}.json"
    now = written(EXAMPLES[module])
    if renewing:
        file.write_text(now, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == now, (
        "A message travels otherwise than before. Streams hold the old form: a new field needs a "
        f"default, and no limit may be tightened. If all is well: `{RENEW}`, then commit."
    )


def test_no_golden_file_is_left_over() -> None:
    assert {file.stem for file in GOLDEN.glob("*.json")} == set(EXAMPLES)


@pytest.mark.parametrize("example", ALL, ids=name)
def test_an_example_survives_the_way(example: Message) -> None:
    assert decode(type(example), encode(example)) == example


@pytest.mark.parametrize("example", ALL, ids=name)
def test_what_was_said_in_the_old_form_is_understood(example: Message) -> None:
    (module,) = (module for module, examples in EXAMPLES.items() if example in examples)
    golden = msgspec.json.decode((GOLDEN / f"{module}.json").read_bytes())[name(example)]
    assert decode(type(example), msgspec.json.encode(golden["message"])) == example


def test_every_message_has_one_example() -> None:
    examples = [name(example) for example in ALL]
    assert len(examples) == len(set(examples))
    assert set(message_types()) <= {type(example) for example in ALL}
