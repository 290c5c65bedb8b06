"""The invariants: what must be true once it is quiet, whatever happened before."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from tests.faults.doubles import Attribution, Rules, attribute
from tests.faults.effects import Effect, expected_effect
from tests.faults.hands import Hands
from tests.faults.injuries import Injury
from tests.faults.ledger import Deed, Ledger
from tests.faults.poison import Given, Letter


@dataclass
class Verdict:
    """What was found; it is good if nothing is broken."""

    broken: list[str] = field(default_factory=list)
    lost: list[Deed] = field(default_factory=list)
    doubled_effects: list[str] = field(default_factory=list)
    doubled_on_screen: list[tuple[Deed, str]] = field(default_factory=list)
    """What was told twice, and after which fault."""
    reminders: list[Deed] = field(default_factory=list)
    """Those that had to come."""
    mailed_twice: list[tuple[Deed, str]] = field(default_factory=list)
    """Whom a mailing reached twice, and after which fault."""

    def add(self, problems: Iterator[str]) -> None:
        """Add what is broken."""
        self.broken += problems


def judge_deeds(
    verdict: Verdict, ledger: Ledger, effects: Counter[Effect], injuries: Sequence[Injury]
) -> None:
    """Hold what people were told against what has happened."""
    for deed in ledger.deeds:
        effect = expected_effect(deed)
        times = effects[effect] if effect else 0
        if times > 1:
            verdict.doubled_effects.append(f"{_about(deed)}: {times} effects")
        if not deed.endings:
            verdict.lost.append(deed)
            verdict.broken.append(f"{_about(deed)}: no ending, {times} effects")
        elif len(deed.said) > 1:
            verdict.broken.append(f"{_about(deed)}: told {sorted(deed.said)}")
        elif "done" in deed.said and effect and times == 0:
            verdict.lost.append(deed)
            verdict.broken.append(f"{_about(deed)}: told done, and it is not")
        elif "done" not in deed.said and times:
            verdict.broken.append(f"{_about(deed)}: told {sorted(deed.said)}, and it is done")
    verdict.broken += verdict.doubled_effects
    verdict.lost += [deed for deed in verdict.reminders if not deed.ended_at]
    told = [*ledger.deeds, *verdict.reminders]
    verdict.doubled_on_screen += _judge_doubles(verdict, attribute(told, injuries))
    verdict.broken += [f"something broke: {words}" for words in ledger.broken]


def judge_mailed_twice(
    verdict: Verdict, mailed: Sequence[Deed], injuries: Sequence[Injury], rules: Rules
) -> None:
    """Nobody gets a mailing twice, but where a fault admits it."""
    verdict.mailed_twice += _judge_doubles(verdict, attribute(mailed, injuries, rules))


def _judge_doubles(verdict: Verdict, found: Attribution) -> list[tuple[Deed, str]]:
    verdict.broken += [
        f"{_about(deed)}: told {deed.times_told} times, {why}" for deed, why in found.unexplained
    ]
    return found.explained


def judge_effects(ledger: Ledger, effects: Counter[Effect]) -> Iterator[str]:
    """Find what has happened and nobody wanted."""
    wanted = {expected_effect(deed) for deed in ledger.deeds}
    for effect, times in effects.items():
        if effect not in wanted:
            yield f"nobody asked for: {effect.kind} {effect.name}, {times} times"


def judge_order(ledger: Ledger, people: Sequence[Hands]) -> Iterator[str]:
    """Find answers that came in another order than what they answer."""
    of = {each.person: each for each in people}
    for burst in ledger.bursts:
        sights = of[burst.person].sights[burst.since :]
        first = [
            next((sight.message_id for sight in sights if words in sight.text), None)
            for words in burst.answers
        ]
        if None in first:
            yield f"person {burst.person}: {burst.answers} answered by messages {first}"
        elif first != sorted(first, key=lambda number: number or 0):
            yield f"person {burst.person}: {burst.answers} in the order {first}"


def judge_dead(letters: Sequence[Letter], given: dict[int, Given]) -> Iterator[str]:
    """DEAD holds each poison, once for each consumer that heard it, and nothing else."""
    found = Counter(letter.poison for letter in letters)
    for letter in letters:
        if letter.poison not in given:
            yield f"a dead letter that is no poison: {letter.subject}: {letter.reason}"
    for number, poison in given.items():
        if found[number] != poison.letters:
            yield f"{poison.what}: {found[number]} letters instead of {poison.letters}"


def judge_answers(waiting: dict[int, tuple[str, int]], people: Sequence[Hands]) -> Iterator[str]:
    """Whatever a person did last was answered somehow."""
    of = {each.person: each for each in people}
    for person, (act, answers) in waiting.items():
        if of[person].answers <= answers:
            yield f"person {person} {act}, and got no answer"


def judge_silences(ledger: Ledger, people: Sequence[Hands], lost: Collection[str]) -> Iterator[str]:
    """A press is answered in the end, unless the bot says that its toast was lost."""
    of = {each.person: each for each in people}
    for act, press in ledger.silences:
        hands, message = of[press.person], press.message_id
        is_answered = hands.answered[message] >= hands.pressed[message]
        if press.press_id not in lost and not is_answered:
            yield f"{act}, and got no answer"


def _about(deed: Deed) -> str:
    return f"person {deed.person}: {deed.kind} {deed.name}"
