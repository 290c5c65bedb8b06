"""Words of progress: of now, and after the answers to whom they are for."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from contracts.broadcasts import MailingProgressed, MailingState
from services.notifier.broadcasts import PROGRESS_LASTS, show_progress_on_mailing_progressed
from tests.examples_of_broadcasts import BROADCASTS

(PROGRESSED,) = (each for each in BROADCASTS if isinstance(each, MailingProgressed))


@pytest.mark.parametrize(
    ("state", "on_their_way", "passes"),
    [("running", 2, True), ("running", 0, False), ("paused", 2, False), ("finished", 0, False)],
)
async def test_progress_is_left_out_only_where_another_word_of_it_follows(
    state: MailingState, on_their_way: int, *, passes: bool
) -> None:
    progress = replace(PROGRESSED.progress, state=state, on_their_way=on_their_way)
    notice = await show_progress_on_mailing_progressed(replace(PROGRESSED, progress=progress))
    assert (notice.key, notice.version) == (
        f"mailing:{PROGRESSED.mailing_id}:progress:{PROGRESSED.number}",
        PROGRESSED.version,
    )
    assert notice.urgency == "reminder"
    assert (notice.not_after is not None) == passes
    if notice.not_after:
        assert notice.not_after <= datetime.now(UTC) + PROGRESS_LASTS
