"""Messages of work queues that no consumer takes."""

from collections.abc import Mapping, Sequence

from nats.js.api import RetentionPolicy
from nats.js.errors import NotFoundError

from bus.attempt import Attempt
from bus.topology import STREAMS


async def untaken(attempt: Attempt, stream: str, taken: Sequence[str]) -> Mapping[str, int]:
    """Return how many messages of a stream lie on subjects that no consumer takes, by subject.

    The server lists up to 100,000 subjects; of a stream with more, the rest is not looked at. None
    lies in a stream that keeps messages for a time, nor in one that is missing.
    """
    if STREAMS[stream].retention is not RetentionPolicy.WORK_QUEUE:
        return {}
    try:
        info = await attempt.jetstream.stream_info(stream, subjects_filter=">")
    except NotFoundError:  # the check of streams says so
        return {}
    return {
        subject: count
        for subject, count in (info.state.subjects or {}).items()
        if not any(_matches(subject, pattern) for pattern in taken)
    }


def _matches(subject: str, pattern: str) -> bool:
    wanted, there = pattern.split("."), subject.split(".")
    if wanted[-1] == ">":
        wanted = wanted[:-1]
        if len(there) <= len(wanted):
            return False
        there = there[: len(wanted)]
    return len(there) == len(wanted) and all(
        token in ("*", given) for token, given in zip(wanted, there, strict=True)
    )
