"""Messages in work queues that no consumer takes: they would lie there unseen for ever."""

from collections import Counter
from collections.abc import Mapping

from bus.attempt import Attempt
from bus.checkup import Streams
from bus.destinations import subject_template
from bus.untaken import untaken
from switchboard.doctor.findings import Finding, ok, problem

SUBJECTS_SHOWN = 3
_CHECK = "untaken"


async def check_untaken(operator: Attempt, found: Streams) -> list[Finding]:
    """Compare the subjects that each work queue holds with those that its consumers take."""
    wrong = []
    for state in found.streams:
        name = str(state.declared.name)
        if lying := await untaken(operator, name, found.taken.get(name, ())):
            wrong.append(_finding(name, lying))
    return wrong or [ok(_CHECK, "every message in a work queue has a consumer")]


def _finding(stream: str, lying: Mapping[str, int]) -> Finding:
    kinds: Counter[str] = Counter()  # chats are not named: there may be many
    for subject, count in lying.items():
        kinds[subject_template(subject)] += count
    named = [f"{kind} ({count})" for kind, count in kinds.most_common(SUBJECTS_SHOWN)]
    if len(kinds) > len(named):
        named.append(f"and {len(kinds) - len(named)} more")
    return problem(
        _CHECK,
        f"no consumer takes what {stream} holds on {', '.join(named)}",
        "Senders are newer or older than the consumers: run `switchboard provision` and the"
        " services of the newest version. What no version knows any more: look at it with"
        f" `nats stream view {stream} --subject SUBJECT`, and drop it with"
        f" `nats stream purge {stream} --subject SUBJECT`.",
    )
