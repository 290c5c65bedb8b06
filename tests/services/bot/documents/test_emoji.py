"""A leading emoji is told apart from a name."""

import pytest

from services.bot.documents.emoji import split_emoji


@pytest.mark.parametrize(
    ("text", "emoji", "name"),
    [
        ("🏥 Medical", "🏥", "Medical"),
        ("🏥Medical", "🏥", "Medical"),
        ("❤️ Love letters", "❤️", "Love letters"),
        ("☂ Insurance", "☂", "Insurance"),
        ("👩🏽‍⚕️ Doctor", "👩🏽‍⚕️", "Doctor"),
        ("👨‍👩‍👧‍👦 Family", "👨‍👩‍👧‍👦", "Family"),
        ("🇩🇪 Visa", "🇩🇪", "Visa"),
        ("🏴󠁧󠁢󠁳󠁣󠁴󠁿 Whisky", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "Whisky"),
        ("1️⃣ First", "1️⃣", "First"),
        ("ℹ️ Notes", "ℹ️", "Notes"),
        ("™️ Brands", "™️", "Brands"),
        ("🏥🚑 Medical", "🏥", "🚑 Medical"),
        ("Medical 🏥", "", "Medical 🏥"),
        ("№ 1", "", "№ 1"),
        ("1 first", "", "1 first"),
        ("© mine", "", "© mine"),
        ("🏥", "", "🏥"),
        ("", "", ""),
    ],
)
def test_a_leading_emoji_is_split_off(text: str, emoji: str, name: str) -> None:
    assert split_emoji(text, 16) == (emoji, name)


def test_an_emoji_over_the_limit_stays_in_the_name() -> None:
    text = "‍".join("👩" * 9) + " Many"
    assert split_emoji(text, 16) == ("", text)
