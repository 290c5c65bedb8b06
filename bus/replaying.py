"""Sends a dead letter again, under a trace of its own that is linked to the first one."""

from dataclasses import dataclass

from opentelemetry.trace import format_trace_id

from bus.envelope import ASKER
from bus.errors import BusError, StreamRefused
from bus.graveyard import Graveyard
from bus.letters import OTHER, Letter, sent_to
from bus.publisher import Publisher
from bus.spans import beginning

DEADLINE = 10.0
"""Seconds until a stream must have taken it."""
REPLAY_OF = "Replay-Of"
"""The header of a replayed message that holds the traceparent of the dead one."""
NOBODY = "replayed"
"""Nobody waits for it any more: its outcome goes the late way, even where the one who asked is
still there and has been told that it failed."""
_TRACE = ("traceparent", "tracestate")


class NotReplayable(BusError):
    """A letter cannot be sent again; the text says why."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """A letter that was sent again, and the trace in which that is handled."""

    seq: int
    subject: str
    trace_id: str
    before: bool
    """Whether its stream had it already: somebody sent it a moment ago, and it was left."""


async def replay(letters: Graveyard, publisher: Publisher, seq: int) -> Replayed:
    """Send a letter to where it came from, and only then take it out of DEAD.

    A crash in between leaves it there. Sent again within two minutes, its stream drops it; later
    its receivers do, who remember its Message-Id.

    Raises:
        NoSuchLetter: it is not there any more.
        NotReplayable: it is cut, or belongs to no stream, or its stream refuses it for good.
        NotPublished, Overloaded: its stream did not take it.
    """
    letter, body = await letters.letter(seq)
    _check(letter)
    subject = sent_to(letter.subject)
    # What it replays may be days old.
    with beginning(publisher.tracer, "replay", subject, letter.span) as span:
        try:
            ack = await publisher.publish(
                subject,
                body,
                replayed_headers(letter),
                deduplicate=f"replay-{seq}-{letter.at.timestamp()}",
                deadline=DEADLINE,
            )
        except StreamRefused as error:
            raise NotReplayable(f"its stream refuses it: {error}") from error
        trace_id = format_trace_id(span.get_span_context().trace_id)
    await letters.remove(seq)
    return Replayed(seq, subject, trace_id, before=bool(ack.duplicate))


def replayed_headers(letter: Letter) -> dict[str, str]:
    """Return the message's own headers, without those of its death and of its first trace."""
    kept = {}
    for name, value in letter.headers.items():
        lower = name.lower()
        if lower == _TRACE[0]:
            kept[REPLAY_OF] = value
        elif lower == ASKER.lower():
            kept[name] = NOBODY
        elif lower != REPLAY_OF.lower() and not lower.startswith(("dead-", "nats-", *_TRACE)):
            kept[name] = value
    return kept


def _check(letter: Letter) -> None:
    if letter.truncated is not None:
        raise NotReplayable(
            f"its body was cut from {letter.truncated} to {letter.size} bytes when it was buried"
        )
    if letter.subject_changed:
        raise NotReplayable("its subject is none that can be published, and was not kept as it was")
    if letter.kind == OTHER:
        raise NotReplayable(f"no stream takes {letter.subject}")
