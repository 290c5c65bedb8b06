"""The judge finds what is broken, and nothing where all is well."""

from collections import Counter
from dataclasses import dataclass, field
from typing import cast

import pytest

from bus.connection import PROBE_INTERVAL, PROBES_MISSED_AT_MOST
from bus.topology import ACK_WAIT
from services.told import CLAIM_SECONDS
from tests.faults import verdict as judge
from tests.faults.doubles import at_most
from tests.faults.effects import Effect
from tests.faults.hands import Hands
from tests.faults.injuries import Injury
from tests.faults.ledger import Deed, Ledger, Press, Sight
from tests.faults.poison import Given, Letter
from tests.faults.schedule import MIDDLE, SHORT, Fault, Pace, hits_the_middle, plan
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


def suffered(
    kind: str, target: str, detail: str = "", at: float = 100.0, lasting: float = 1.0
) -> Injury:
    """Return a fault that was carried out and healed."""
    fault = Fault(0, kind, target, detail, lasting)
    return Injury(fault, began=at, in_flight=1, healed=at + lasting)


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


def with_a_failed_look_up(*texts: str) -> Ledger:
    """Return what a person saw after a look-up had failed in the place of an ending."""
    ledger = told()
    (deed,) = ledger.deeds
    seen = ("I can't look that up right now.", *texts)
    for n, text in enumerate(seen):
        sight = Sight(n, n, text, (), 101.0 + n)
        ledger.see(1, sight, first=True)
        deed.see_nameless(sight)
    return ledger


def test_a_look_up_that_fails_tells_no_ending() -> None:
    ledger, once = with_a_failed_look_up("Saved: lease, under A."), Counter([DONE])
    verdict = judged(ledger, once, suffered("kill", "redis"))
    assert (verdict.broken, verdict.doubled_on_screen) == ([], [])
    twice = with_a_failed_look_up(*["Saved: lease, under A."] * 2)
    assert ["told 2 times, for no reason" in words for words in judged(twice, once).broken] == [
        True
    ]
    assert judged(with_a_failed_look_up(), Counter()).broken == []
    assert "it is done" in judged(with_a_failed_look_up(), once).broken[0]


def test_what_was_accepted_has_no_ending_in_a_look_up_that_fails() -> None:
    ledger = told("It is accepted, I will write as soon as it is done.")
    (deed,) = ledger.deeds
    deed.see_nameless(Sight(1, 1, "I can't look that up right now.", (), 102.0))
    assert "no ending" in judged(ledger, Counter()).broken[0]


ADMITTING = (
    suffered("kill", "bot"),
    suffered("kill", "redis", at=101.5),
    suffered("pause", "notifier", at=101.0, lasting=20.0),
    suffered("network", "bot:telegram", "half-open"),
    suffered("unknown fate", "telegram", "send cut off"),
)
UNRELATED = (
    suffered("kill", "storage"),
    suffered("kill", "nats"),
    suffered("rolling restart", ""),
    suffered("network", "gateway:telegram", "reset"),
    suffered("network", "bot:telegram", "latency"),
    suffered("answers", "telegram", "slow sends"),
    suffered("unknown fate", "telegram", "poll cut off"),
    # Of the right kind, but healed and over before, or begun after.
    suffered("kill", "bot", at=60.0),
    suffered("kill", "bot", at=101.9 + 0.2),
)


@pytest.mark.parametrize("injury", ADMITTING, ids=lambda injury: injury.fault.name)
def test_an_ending_shown_twice_may_come_of_a_fault_at_work_then(injury: Injury) -> None:
    ledger, once = told("Saved: lease, under A.", "Saved: lease, under A."), Counter([DONE])
    verdict = judged(ledger, once, injury)
    assert verdict.broken == []
    assert [fault for _, fault in verdict.doubled_on_screen] == [injury.fault.name]


@pytest.mark.parametrize("injury", UNRELATED, ids=lambda injury: injury.fault.name)
def test_an_ending_shown_twice_after_anything_else_is_found(injury: Injury) -> None:
    ledger, once = told("Saved: lease, under A.", "Saved: lease, under A."), Counter([DONE])
    verdict = judged(ledger, once, injury)
    assert ["for no reason" in words for words in verdict.broken] == [True]
    assert verdict.doubled_on_screen == []


def test_a_late_repeat_needs_a_fault_at_work_when_it_was_shown_first() -> None:
    ledger, once = (
        told("Saved: lease, under A.", *["Hello"] * 300, "Saved: lease,"),
        Counter([DONE]),
    )
    assert judged(ledger, once, suffered("kill", "bot", at=250.0)).broken != []
    assert judged(ledger, once, suffered("kill", "bot", at=102.0)).broken == []


def in_a_row(count: int, begun: float) -> Ledger:
    """Return how so many people were told of their documents twice, a second after the other."""
    ledger = Ledger()
    for person in range(count):
        name = f"lease{person}"
        at = begun + person
        deed = Deed(person, "twin", name, (f"Saved: {name},",), at=at)
        ledger.begin(deed)
        for number in range(2):
            sight = Sight(number, number, f"Saved: {name}, under A.", (), at + 0.1 + number)
            ledger.see(person, sight, first=True)
    return ledger


@pytest.mark.parametrize(
    ("injury", "most"),
    [
        # Begun at 100, 101 and 102; what begins after the beginning counts at the healing only.
        (suffered("kill", "bot", at=100.5, lasting=0.2), 1),
        (suffered("pause", "bot", at=100.5, lasting=1.0), 2),
        (suffered("unknown fate", "telegram", "send unanswered", at=99.0, lasting=4.0), 2),
        (suffered("unknown fate", "telegram", "send cut off", at=99.0, lasting=4.0), 3),
    ],
)
def test_more_endings_shown_twice_than_were_in_flight_are_found(injury: Injury, most: int) -> None:
    ledger = in_a_row(3, begun=100.0)
    verdict = judged(ledger, Counter(), injury)
    assert at_most(injury, ledger.deeds) == len(verdict.doubled_on_screen) == most
    assert ["in flight at" in words for words in verdict.broken] == [True] * (3 - most)


def test_a_second_fault_makes_room_for_more() -> None:
    faults = [suffered("kill", "bot", at=100.5, lasting=0.2)] * 3
    assert judged(in_a_row(3, begun=100.0), Counter(), *faults).broken == []


def test_letters_are_held_against_the_poison() -> None:
    given = {1: Given("not text on update.documents.7", 1), 2: Given("foreign on event.x", 2)}
    letters = [Letter(1, "dead.update", ""), Letter(2, "dead.event", ""), Letter(2, "dead.e", "")]
    assert list(judge.judge_dead(letters, given)) == []
    assert len(list(judge.judge_dead(letters[:2], given))) == 1
    assert "no poison" in next(judge.judge_dead([*letters, Letter(0, "dead.x", "")], given))


def test_a_seed_decides_all_faults_and_those_of_the_short_form_know_each_kind() -> None:
    assert plan(1, 600, Pace()) == plan(1, 600, Pace())
    assert plan(1, 600, Pace()) != plan(2, 600, Pace())
    short = [fault for seed in SEEDS for fault in plan(seed, SECONDS, SHORT)]
    long = plan(1, 600, Pace())
    assert {fault.kind for fault in long} - {fault.kind for fault in short} <= {"blocked"}
    killed = {fault.target for fault in short if fault.kind == "kill"}
    assert killed >= {"bot", "storage", "notifier", "nats", "postgres", "redis", "telegram"}
    assert {fault.target for fault in short if hits_the_middle(fault)} == set(MIDDLE)
    assert "NOTICES" in {fault.target for fault in short if fault.kind == "full"}


@pytest.mark.parametrize("seed", SEEDS)
def test_each_short_run_pauses_something_for_longer_than_it_is_waited_for(seed: int) -> None:
    pauses = [fault.lasting for fault in plan(seed, SECONDS, SHORT) if fault.kind == "pause"]
    assert max(pauses) > max(ACK_WAIT, CLAIM_SECONDS)


def test_a_long_run_pauses_something_for_longer_than_a_connection_may_be_dead() -> None:
    pauses = [fault.lasting for fault in plan(1, 600, Pace()) if fault.kind == "pause"]
    assert max(pauses) > PROBE_INTERVAL * (PROBES_MISSED_AT_MOST + 1) + 1


@dataclass
class Watched:
    """What a person has pressed, and what was answered."""

    person: int = 1
    pressed: Counter[int] = field(default_factory=lambda: Counter({5: 2}))
    answered: Counter[int] = field(default_factory=lambda: Counter({5: 1, 6: 1}))


def test_silence_is_admitted_where_the_toast_of_that_press_was_lost_or_came_late() -> None:
    ledger, watched = told(), Watched()
    people = cast("list[Hands]", [watched])
    ledger.silences.append(("person 1 pressed 'Try again'", Press(1, 5, "17")))
    assert list(judge.judge_silences(ledger, people, {"17"})) == []
    assert len(list(judge.judge_silences(ledger, people, {"18"}))) == 1
    watched.answered[5] += 1
    assert list(judge.judge_silences(ledger, people, {"18"})) == []
