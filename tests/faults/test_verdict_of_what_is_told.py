"""The judge finds what is wrong with reminders and mailings, and nothing where all is well."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.faults import mailed
from tests.faults.doubles import Rules
from tests.faults.injuries import Injury
from tests.faults.ledger import IT_IS_DUE, Ledger, Sight
from tests.faults.mailed import Mailing, Recipient
from tests.faults.mailings import Sending
from tests.faults.reminders import SKIPPED, TOLD, Due, judge_reminders, tellings
from tests.faults.test_verdict import suffered
from tests.faults.verdict import Verdict, judge_deeds, judge_mailed_twice

EXPIRY_NEAR, TASK_DUE = TOLD


def reminded(*texts: str) -> Ledger:
    """Return what person 1 saw, a message and a second each."""
    ledger = Ledger()
    for number, text in enumerate(texts):
        ledger.see(1, Sight(number, number, text, (), 101.0 + number), first=True)
    return ledger


LEASE = "lease expires in 40 days, on 1 Jan."
ERRAND = f"errand{IT_IS_DUE}72 years"


@pytest.mark.parametrize(
    ("texts", "dues", "words"),
    [
        ((LEASE,), [Due(1, "lease", 100.0, EXPIRY_NEAR)], ""),
        ((ERRAND,), [Due(1, "errand", 100.0, TASK_DUE)], ""),
        ((), [Due(1, "errand", 100.0, SKIPPED, "done", is_over=True)], ""),
        ((), [Due(1, "errand", 100.0, "", is_over=True)], ""),
        ((), [Due(1, "errand", 100.0, "", is_planned_anew=True)], ""),
        ((), [Due(1, "errand", 100.0, SKIPPED, "done", outdated=True, is_over=True)], ""),
        ((), [Due(1, "lease", 100.0, EXPIRY_NEAR)], "never came"),
        ((), [Due(1, "errand", 100.0, TASK_DUE)], "never came"),
        ((), [Due(1, "errand", 100.0, "")], "not handled"),
        ((), [Due(1, "errand", 100.0, SKIPPED, "done")], "done"),
        ((), [Due(1, "errand", 100.0, SKIPPED, "long_past", is_over=True)], "long_past"),
        ((), [Due(1, "errand", 100.0, "", outdated=True, is_over=True)], "was not handled"),
        ((), [Due(1, "errand", 100.0, TASK_DUE, outdated=True, is_over=True)], "is done"),
        ((ERRAND,), [], "none was due"),
    ],
)
def test_each_reminder_is_told_or_skipped_for_a_reason(
    texts: tuple[str, ...], dues: list[Due], words: str
) -> None:
    found = list(judge_reminders(reminded(*texts), dues))
    assert [words in each for each in found] == ([True] if words else [])


@pytest.mark.parametrize(
    ("injuries", "explained"),
    [
        ((suffered("kill", "notifier", at=101.1),), ["kill notifier"]),
        ((suffered("kill", "telegram", at=101.1),), ["kill telegram"]),
        ((suffered("kill", "storage", at=101.1),), []),
        ((), []),
    ],
)
def test_a_reminder_that_comes_twice_needs_a_fault(
    injuries: Sequence[Injury], explained: list[str]
) -> None:
    ledger = reminded(ERRAND, ERRAND)
    verdict = Verdict()
    verdict.reminders = tellings(ledger, [Due(1, "errand", 100.0, TASK_DUE)])
    judge_deeds(verdict, ledger, Counter(), injuries)
    assert [fault for _, fault in verdict.doubled_on_screen] == explained
    assert len(verdict.broken) == 1 - len(explained)


ONE = "Mailing no. 1"
SENT = Sending(1, "everybody")
FINISHED = Mailing(
    text=ONE,
    state="finished",
    people=3,
    done=1,
    failed=2,
    waiting=0,
    on_their_way=0,
    began=100.0,
    recipients=(
        Recipient(1, "ended", "told", 102.0),
        Recipient(2, "ended", "blocked", 102.0),
        Recipient(3, "ended", "fate_unknown", 102.0),
    ),
    tallies=(("told", 1), ("blocked", 1), ("fate_unknown", 1)),
)
CANCELLED = replace(
    FINISHED,
    state="cancelled",
    people=2,
    failed=0,
    waiting=1,
    recipients=(Recipient(1, "ended", "told", 102.0), Recipient(4, "waiting", "", None)),
    tallies=(("told", 1),),
)
SEEN = {(1, ONE): [102.0], (3, ONE): [102.0]}


def with_result(result: str, state: str = "ended") -> Mailing:
    """Return the mailing with another end of its first recipient."""
    first, *others = FINISHED.recipients
    return replace(FINISHED, recipients=(replace(first, result=result, state=state), *others))


@pytest.mark.parametrize(
    ("mailing", "sending", "seen", "words"),
    [
        (FINISHED, SENT, SEEN, ""),
        (CANCELLED, replace(SENT, fate="cancelled"), {(1, ONE): [102.0]}, ""),
        (FINISHED, SENT, {}, "it never came"),
        (FINISHED, SENT, {**SEEN, (2, ONE): [102.0]}, "person 2: ended blocked, and it came 1"),
        (FINISHED, SENT, {**SEEN, (3, ONE): [1.0, 2.0]}, "fate_unknown, and it came 2 times"),
        (FINISHED, SENT, {**SEEN, (9, ONE): [102.0]}, "to person 9, for whom it was not"),
        (FINISHED, replace(SENT, fate="cancelled"), SEEN, "has ('finished'"),
        (FINISHED, Sending(2, "everybody"), SEEN, "asked for 1 mailings"),
        (replace(FINISHED, done=2), SENT, SEEN, "has ('finished', 3, 2"),
        (replace(FINISHED, on_their_way=1), SENT, SEEN, "on their way 1"),
        (replace(FINISHED, tallies=(("told", 3),)), SENT, SEEN, "counts (('told', 3),)"),
        (with_result("refused"), SENT, SEEN, "refused, for no reason"),
        (with_result("", "addressed"), SENT, SEEN, "rows ('finished', 3, 0, 2, 0)"),
        (CANCELLED, SENT, SEEN, "has ('cancelled'"),
        (FINISHED, replace(SENT, waiting=frozenset({1}), resumed_at=103.0), SEEN, "was paused"),
    ],
)
def test_rows_counts_and_chats_of_a_mailing_say_the_same(
    mailing: Mailing, sending: Sending, seen: mailed.Seen, words: str
) -> None:
    found = list(mailed.judge_mailings([mailing], [sending], seen, {9}))
    assert any(words in each for each in found) if words else found == []


@pytest.mark.parametrize(
    ("injury", "unknown", "twice"),
    [
        (suffered("kill", "telegram"), True, False),
        (suffered("network", "notifier:telegram", "half-open"), True, False),
        (suffered("answers", "telegram", "500 to all"), True, False),
        (suffered("unknown fate", "telegram", "send cut off"), True, False),
        (suffered("kill", "notifier"), False, True),
        (suffered("pause", "notifier"), True, True),
        (suffered("pause", "redis"), False, True),
        (suffered("network", "notifier:redis", "reset"), False, True),
        (suffered("network", "notifier:telegram", "latency"), False, False),
        (suffered("answers", "telegram", "429 to all"), False, False),
        (suffered("rolling restart", ""), False, True),
        (suffered("kill", "storage"), False, False),
    ],
    ids=lambda each: each.fault.name if isinstance(each, Injury) else "",
)
def test_an_unknown_fate_and_a_second_message_of_a_mailing_need_a_fault(
    injury: Injury, unknown: bool, twice: bool
) -> None:
    assert (list(mailed.judge_unknown([FINISHED], [injury])) == []) == unknown
    verdict = Verdict()
    rules = Rules(mailed.admits_doubles, mailed.doubles_at_most)
    told = mailed.tellings([FINISHED], {(1, ONE): [102.0, 112.0]})
    judge_mailed_twice(verdict, told, [injury], rules)
    assert (verdict.broken == []) == bool(verdict.mailed_twice) == twice


def test_the_last_word_of_progress_is_held_against_the_rows() -> None:
    def told(text: str) -> list[Sight]:
        return [Sight(0, 1, text, (), 103.0)]

    last = f"{ONE}\nSent\n████ 100 %\nSent: 1 of 3\nBlocked the bot: 1"
    assert list(mailed.judge_progress([FINISHED], told(last))) == []
    assert len(list(mailed.judge_progress([FINISHED], told(last.replace("1 of", "2 of"))))) == 1
    assert (
        len(list(mailed.judge_progress([FINISHED], told(last.replace("\nSent\n", "\nG\n"))))) == 1
    )
    assert len(list(mailed.judge_progress([FINISHED], []))) == 1
