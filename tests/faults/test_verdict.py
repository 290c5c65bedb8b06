"""The judge finds what is broken, and nothing where all is well."""

from collections import Counter

import pytest

from tests.faults import verdict as judge
from tests.faults.effects import Effect
from tests.faults.injuries import Injury
from tests.faults.ledger import Deed, Ledger, Sight
from tests.faults.poison import Given, Letter
from tests.faults.schedule import SHORT, Fault, Pace, plan
from tests.faults.test_short_form import SECONDS, SEEDS
from tests.faults.verdict import Verdict

DONE = Effect("add", "lease")


def told(*texts: str) -> Ledger:
    """Return what a person did, who then saw these texts, a message and a second each."""
    ledger = Ledger()
    deed = Deed(1, "add", "lease", ("Saved: lease,",), ("lease was not saved",), at=100.0)
    ledger.begin(deed)
    for number, text in enumerate(texts):
        ledger.see(1, Sight(number, number, text, (), 101.0 + number), first=True)
    return ledger


def suffered(kind: str, target: str, at: float = 100.0) -> Injury:
    """Return a fault that was carried out and healed within a second."""
    return Injury(Fault(0, kind, target, "", 1.0), began=at, in_flight=1, healed=at + 1)


def judged(ledger: Ledger, effects: Counter[Effect], *injuries: Injury) -> Verdict:
    verdict = Verdict()
    judge.judge_deeds(verdict, ledger, effects, injuries)
    verdict.add(judge.judge_effects(ledger, effects))
    return verdict


def test_what_was_told_and_done_once_is_well() -> None:
    ledger = told("Choose", "Saved: lease, under Contracts.")
    verdict = judged(ledger, Counter([DONE]))
    assert (verdict.broken, verdict.lost, verdict.doubled_on_screen) == ([], [], [])
    ledger = told("lease was not saved: you keep 1000 of 1000 documents")
    assert judged(ledger, Counter()).broken == []


@pytest.mark.parametrize(
    ("texts", "effects", "words"),
    [
        ((), [DONE], "no ending"),
        (("Saved: lease, under A.",), [], "it is not"),
        (("lease was not saved",), [DONE], "it is done"),
        (("Saved: lease, under A.",), [DONE, DONE], "2 effects"),
        (("Saved: lease, under A.", "lease was not saved"), [DONE], "told ['done', 'refused']"),
        (("Saved: lease, under A.",), [DONE, Effect("add", "x")], "nobody asked for: add x"),
        (("Saved: lease, under A.", "Something broke"), [DONE], "something broke"),
    ],
)
def test_a_broken_promise_is_found(
    texts: tuple[str, ...], effects: list[Effect], words: str
) -> None:
    assert words in "\n".join(judged(told(*texts), Counter(effects)).broken)


def test_an_ending_shown_twice_needs_a_fault_that_admits_it() -> None:
    ledger = told("Saved: lease, under A.", "Saved: lease, under A.")
    once = Counter([DONE])
    assert "for no reason" in judged(ledger, once).broken[0]
    assert judged(ledger, once, suffered("kill", "storage")).broken != []
    assert judged(ledger, once, suffered("kill", "bot", at=300.0)).broken != []
    verdict = judged(ledger, once, suffered("kill", "bot"))
    assert verdict.broken == []
    assert len(verdict.doubled_on_screen) == 1


def test_letters_are_held_against_the_poison() -> None:
    given = {1: Given("not text on update.documents.7", 1), 2: Given("foreign on event.x", 2)}
    letters = [Letter(1, "dead.update", ""), Letter(2, "dead.event", ""), Letter(2, "dead.e", "")]
    assert list(judge.judge_dead(letters, given)) == []
    assert len(list(judge.judge_dead(letters[:2], given))) == 1
    assert "no poison" in next(judge.judge_dead([*letters, Letter(0, "dead.x", "")], given))


def test_reminders_come_at_least_once_and_twice_for_a_reason_only() -> None:
    ledger, due = Ledger(), Counter([(1, "lease")])
    assert "never came" in next(judge.judge_reminders(ledger, due, 0))
    for number in range(2):
        sight = Sight(number, number, "lease expires in 40 days, on 1 Jan.", (), 1.0)
        ledger.see(1, sight, first=True)
    assert list(judge.judge_reminders(ledger, due, 1)) == []
    assert "came twice" in next(judge.judge_reminders(ledger, due, 0))


def test_a_seed_decides_all_faults_and_those_of_the_short_form_know_each_kind() -> None:
    assert plan(1, 600, Pace()) == plan(1, 600, Pace())
    assert plan(1, 600, Pace()) != plan(2, 600, Pace())
    short = [fault for seed in SEEDS for fault in plan(seed, SECONDS, SHORT)]
    long = plan(1, 600, Pace())
    assert {fault.kind for fault in long} - {fault.kind for fault in short} == {"blocked"}
    killed = {fault.target for fault in short if fault.kind == "kill"}
    assert killed >= {"bot", "storage", "notifier", "nats", "postgres", "redis", "telegram"}


def test_silence_is_admitted_where_a_toast_was_lost() -> None:
    ledger = told()
    ledger.silences.append(("person 1 pressed 'Try again'", 100.0))
    assert list(judge.judge_silences(ledger, [101.0])) == []
    assert len(list(judge.judge_silences(ledger, [90.0]))) == 1
