"""All that is known at the end of a run is put before the judge."""

from dataclasses import dataclass
from typing import Any

from tests.faults import mailed, reminders
from tests.faults import verdict as judge
from tests.faults.doubles import Rules
from tests.faults.effects import read_effects
from tests.faults.flatness import Lives
from tests.faults.installation import Installation
from tests.faults.log_lines import said
from tests.faults.poison import read_letters
from tests.faults.quiet import Quiet
from tests.faults.report import Outcome
from tests.faults.stage import Stage
from tests.faults.verdict import Verdict
from tests.security.leaks import find_leaks, secrets_of_installation, stored


@dataclass(frozen=True)
class Ended:
    """How a run ended: how it became quiet, and who still waited for an answer to what."""

    quiet: Quiet
    waiting: dict[int, tuple[str, int]]
    lives: Lives


async def judge_run(stage: Stage, ended: Ended) -> Outcome:
    """Hold what people did and were told against what has happened."""
    for hands in stage.hands:
        await hands.look(everything=True)
    async with stage.installation.database() as database:
        effects = await read_effects(database)
        dues = await reminders.read_due(database)
        mailings = await mailed.read_mailings(database)
    async with stage.installation.operator() as bus:
        letters = await read_letters(bus)
    injuries, ledger, verdict = stage.injuries, stage.ledger, Verdict()
    verdict.reminders += reminders.tellings(ledger, dues)
    judge.judge_deeds(verdict, ledger, effects, injuries.done)
    verdict.add(judge.judge_effects(ledger, effects))
    verdict.add(judge.judge_order(ledger, stage.hands))
    verdict.add(reminders.judge_reminders(ledger, dues))
    await _judge_mailings(stage, mailings, verdict)
    verdict.add(judge.judge_dead(letters, injuries.poisoner.given))
    verdict.add(judge.judge_answers(ended.waiting, stage.hands))
    toasts_lost = {line["press"] for line in said(stage.installation, "bot", "toast.lost")}
    verdict.add(judge.judge_silences(ledger, stage.hands, toasts_lost))
    verdict.broken += stage.missed
    verdict.broken += ended.lives.problems()
    verdict.broken += await _leaks(stage.installation)
    if ended.quiet.seconds > ended.quiet.allowed:
        waiting = ended.quiet.waiting
        verdict.broken.append(f"not quiet within {ended.quiet.allowed:.0f} s: {waiting}")
    ended.lives.write(stage.installation.directory / "lives.json")
    return Outcome(
        seed=stage.order.seed,
        seconds=stage.order.seconds,
        ledger=ledger,
        injuries=injuries.done,
        quiet=ended.quiet,
        verdict=verdict,
        facts=_facts(stage, ended.lives, len(letters)),
        reminders=reminders.counted(dues),
        mailings=len(mailings),
        mailed=mailed.counted(mailings),
    )


async def _judge_mailings(stage: Stage, mailings: list[mailed.Mailing], verdict: Verdict) -> None:
    crowd, injuries = stage.mailings.crowd, stage.injuries.done
    recipients = {each.person for mailing in mailings for each in mailing.recipients}
    people = {each.person for each in stage.hands}
    seen = await crowd.read({*recipients, *people, *crowd.english, *crowd.russian})
    verdict.add(mailed.judge_mailings(mailings, stage.mailings.sent, seen, crowd.never))
    verdict.add(mailed.judge_unknown(mailings, injuries))
    verdict.add(mailed.judge_progress(mailings, stage.author.sights))
    rules = Rules(mailed.admits_doubles, mailed.doubles_at_most)
    told = mailed.tellings(mailings, seen)
    judge.judge_mailed_twice(verdict, told, injuries, rules)


async def _leaks(installation: Installation) -> list[str]:
    place = (installation.directory, installation.servers.environment)
    leaks = find_leaks(secrets_of_installation(*place), await stored(*place))
    return [f"a secret ({leak.secret}) in {leak.place}: {leak.around!r}" for leak in leaks]


def _facts(stage: Stage, lives: Lives, letters: int) -> dict[str, Any]:
    endings = [each for copy in stage.installation.copies.values() for each in copy.endings]
    return {
        "hit in the middle": stage.hit,
        "dead letters": letters,
        "ended by themselves": [f"{each.copy}: {each.status}" for each in endings],
        "went astray": len(stage.ledger.astray),
        "grown by (bytes, descriptors)": lives.growth(),
    }
