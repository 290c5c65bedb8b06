"""Words of progress are versions of one message, told after the answers to whom they are for."""

from contracts.broadcasts import MailingProgressed
from services.notifier.broadcasts import show_progress_on_mailing_progressed
from tests.examples_of_broadcasts import BROADCASTS

(PROGRESSED,) = (each for each in BROADCASTS if isinstance(each, MailingProgressed))


async def test_progress_edits_one_message_of_each_pass_and_lets_answers_go_first() -> None:
    notice = await show_progress_on_mailing_progressed(PROGRESSED)
    mailing = f"mailing:{PROGRESSED.mailing_id}"
    assert notice.key == f"{mailing}:progress:{PROGRESSED.number}"
    assert (notice.version, notice.chat_id) == (PROGRESSED.version, PROGRESSED.person_id)
    assert (notice.urgency, notice.not_after) == ("reminder", None)
