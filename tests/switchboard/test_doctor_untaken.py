"""The doctor at messages in work queues that no consumer takes."""

import pytest
from pydantic import SecretStr

from bus.attempt import attempt
from bus.untaken import untaken
from switchboard.doctor.bus import check_bus
from switchboard.doctor.findings import Level, Patient
from tests.switchboard.patients import found_by, with_words

SENT = {
    "COMMANDS": ["command.documents.no_such", "command.nonexistent.foo"],
    # As outcomes were kept before the chat was in the subject.
    "LATE": ["late.documents.type_added"],
    "UPDATES": ["update.nobody.77"],
    "NOTICES": ["notice.answer.nobody.77"],
}


async def test_what_no_consumer_takes_is_found(sick: Patient) -> None:
    seed = SecretStr(sick.settings["NATS_SEED_OPERATOR"])
    async with attempt(sick.settings["NATS_URL"], "operator", seed) as operator:
        before = with_words(await found_by(check_bus, sick), "every message in a work queue has")
        assert before.level is Level.OK
        try:
            for subjects in SENT.values():
                for subject in subjects:
                    await operator.jetstream.publish(subject, b"{}")
            await operator.jetstream.publish("command.people.erase_person", b"{}")
            found = [each for each in await found_by(check_bus, sick) if each.check == "untaken"]
        finally:
            for stream in SENT:
                await operator.jetstream.purge_stream(stream)
    assert {each.level for each in found} == {Level.PROBLEM}
    commands = with_words(found, "COMMANDS holds on")
    assert "command.documents.no_such (1)" in commands.said
    assert "command.nonexistent.foo (1)" in commands.said
    assert "erase_person" not in commands.said
    assert "switchboard provision" in commands.advice
    assert "nats stream purge COMMANDS --subject" in commands.advice
    assert "late.documents.type_added (1)" in with_words(found, "LATE holds on").said
    # Chats are not named.
    assert "update.nobody.{chat} (1)" in with_words(found, "UPDATES holds on").said
    assert "notice.answer.nobody.{chat} (1)" in with_words(found, "NOTICES holds on").said


@pytest.mark.parametrize(
    ("pattern", "taken"),
    [
        ("command.people.erase_person", True),
        ("command.*.erase_person", True),
        ("command.>", True),
        (">", True),
        ("command.people", False),
        ("command.people.erase_person.>", False),
        ("command.*.*.*", False),
        ("command.people.add", False),
    ],
)
async def test_subjects_match_as_the_server_matches_them(
    sick: Patient, pattern: str, taken: bool
) -> None:
    subject = "command.people.erase_person"
    seed = SecretStr(sick.settings["NATS_SEED_OPERATOR"])
    async with attempt(sick.settings["NATS_URL"], "operator", seed) as operator:
        await operator.jetstream.publish(subject, b"{}")
        try:
            lying = await untaken(operator, "COMMANDS", [pattern])
        finally:
            await operator.jetstream.purge_stream("COMMANDS")
    assert lying == ({} if taken else {subject: 1})
