"""Mailings as people see them: progress with its numbers, cards that always fit a message."""

from datetime import UTC, datetime

from msgspec.structs import replace

from contracts.broadcasts import (
    Audience,
    Content,
    Mailing,
    MailingButton,
    MailingMedia,
    MailingProgressed,
    Progress,
    ResultCount,
    Timing,
)
from contracts.screens import visible_length
from screens import broadcasts as screens
from screens.texts import texts

PROGRESS = Progress(
    work="send",
    state="running",
    people=12_500,
    gathering=False,
    done=6_200,
    failed=50,
    on_their_way=1_000,
    left=5_250,
    ends=(
        ResultCount(result="told", people=6_200),
        ResultCount(result="blocked", people=48),
        ResultCount(result="refused", people=2),
    ),
    per_second=28.46,
    seconds_left=220,
)
EVENT = MailingProgressed(
    person_id=1001,
    mailing_id=7,
    number=0,
    version=3,
    title="Sale <today>",
    language="en",
    progress=PROGRESS,
    finished=False,
)
NOW = datetime(2026, 11, 21, 20, tzinfo=UTC)
LONG = Mailing(
    mailing_id=7,
    version=2,
    author=1001,
    state="draft",
    work="send",
    content=Content(
        text="<b>" + "&amp;" * 3_000 + "</b>",
        media=MailingMedia(upload_id="u", kind="document", name="n" * 255),
        buttons=((MailingButton(text="t" * 64, url="https://example.org"),) * 8,) * 10,
    ),
    audience=Audience(apps=tuple(f"app_{n}" for n in range(20)), category="news"),
    timing=Timing(local="2026-12-24T10:00"),
    title="t" * 64,
    people=5,
    progress=replace(PROGRESS, state="draft"),
    sent=(),
    breakdown=(),
    editable=0,
    created_at=NOW,
    begins_at=None,
    started_at=None,
    ended_at=None,
    per_second=0.0,
)


def test_progress_has_a_bar_and_says_who_was_not_reached_and_why() -> None:
    screen = screens.mailing_progressed(EVENT, texts("en"))
    assert screen.text.splitlines() == [
        "<b>Sale &lt;today&gt;</b>",
        "Going out",
        "██████░░░░░░ 50 %",
        "Sent: <b>6,200</b> of 12,500",
        "Left: 5,250",
        "On their way: 1,000",
        "Blocked the bot: 48",
        "Refused by Telegram: 2",
        "28.5 a second, about 4 min left",
    ]
    assert [button.text for button in screen.buttons[0]] == ["Pause", "Cancel mailing"]
    russian = screens.mailing_progressed(EVENT, texts("ru")).text
    assert "Отправлено: <b>6\N{NO-BREAK SPACE}200</b> из 12\N{NO-BREAK SPACE}500" in russian


def test_a_halted_or_finished_mailing_offers_what_can_be_done_then() -> None:
    paused = replace(EVENT, progress=replace(PROGRESS, state="paused"), halted=True)
    screen = screens.mailing_progressed(paused, texts("en"))
    assert "paused by itself" in screen.text
    assert screen.buttons[0][0].text == "Resume"
    over = replace(EVENT, progress=replace(PROGRESS, state="finished", left=0), finished=True)
    labels = [b.text for row in screens.mailing_progressed(over, texts("en")).buttons for b in row]
    assert labels == ["Statistics", "Export XLSX", "Edit text", "Delete for everyone", "Mailings"]


def test_the_largest_mailing_fits_every_screen() -> None:
    say = texts("ru")
    shown = (
        screens.card(LONG, 5, "UTC", say),
        screens.card(replace(LONG, state="finished"), 5, "UTC", say),
        screens.confirm_start(LONG, 5, "UTC", say),
        screens.confirm_edit(7, LONG.content.text, 5, say),
    )
    for screen in shown:
        assert 0 < visible_length(screen.text) <= 4096
    assert len(screens.shorten_first(4096, 1024, say)) <= 200, "what an alert takes"
    assert len(screens.nobody(say)) <= 200
