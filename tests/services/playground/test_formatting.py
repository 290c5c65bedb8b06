"""Telegram's HTML and the entities it becomes, in UTF-16 units."""

import pytest
from aiogram.types import Message, MessageEntity

from services.playground.errors import BadRequest
from services.playground.formatting import detected_entities, format_text
from services.playground.page.entities import message_html


def _entities(source: str) -> list[tuple[str, int, int]]:
    formatted = format_text(source, "HTML")
    return [(entity.type, entity.offset, entity.length) for entity in formatted.entities]


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("<b>bold</b>", "bold", [("bold", 0, 4)]),
        ("😀<strong>x</strong>", "😀x", [("bold", 2, 1)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<B>a</>", "a", [("bold", 0, 1)]),
        ("<b></b>x", "x", []),
        ("&lt;b&gt; &amp;amp; &quot;&#128512;&nbsp;", '<b> &amp; "😀&nbsp;', []),
        ('<a href="http://x.org/?a=1&amp;b">x</a>', "x", [("text_link", 0, 1)]),
        ("<a href='tg://user?id=5'>x</a>", "x", [("text_mention", 0, 1)]),
        ("<a>http://x.org</a>", "http://x.org", [("text_link", 0, 12)]),
        ('<a href="javascript:x">x</a>', "x", []),
        ('<pre><code class="language-py">x</code></pre>', "x", [("pre", 0, 1)]),
        ("<pre>a</pre><code>b</code>", "ab", [("pre", 0, 1), ("code", 1, 1)]),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ("  <b> x </b>  ", "x", [("bold", 0, 1)]),
        ("see /help now", "see /help now", [("bot_command", 4, 5)]),
    ],
)
def test_html(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    assert format_text(source, "HTML").text == text
    assert _entities(source) == entities


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("<foo>", 'Unsupported start tag "foo" at byte offset 0'),
        ("я < 2", 'Unsupported start tag "" at byte offset 3'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a"'),
    ],
)
def test_bad_html(source: str, problem: str) -> None:
    with pytest.raises(BadRequest) as refused:
        format_text(source, "html")
    assert refused.value.description.startswith(f"Bad Request: can't parse entities: {problem}")


def test_entities_of_the_bot_are_checked() -> None:
    assert format_text("ab", None, [MessageEntity(type="bold", offset=0, length=2)]).entities
    with pytest.raises(BadRequest, match="ends after the end of the text"):
        format_text("ab", None, [MessageEntity(type="bold", offset=1, length=2)])
    with pytest.raises(BadRequest, match="in the middle of a UTF-16 symbol"):
        format_text("😀", None, [MessageEntity(type="bold", offset=0, length=1)])


def test_unknown_parse_mode() -> None:
    with pytest.raises(BadRequest, match="unsupported parse_mode"):
        format_text("x", "RTF")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start", ["bot_command"]),
        ("/start@documents_bot x", ["bot_command"]),
        ("a/b 1/2 https://x.org/a/b", ["url"]),
        ("write to a.b@x.org or @somebody #tag", ["email", "mention", "hashtag"]),
    ],
)
def test_telegram_finds_entities_by_itself(text: str, found: list[str]) -> None:
    assert [entity.type for entity in detected_entities(text)] == found


def test_the_page_escapes_what_a_bot_wrote() -> None:
    message = Message.model_validate(
        {
            "message_id": 1,
            "date": 0,
            "chat": {"id": 1, "type": "private"},
            "text": "<script>x</script>&",
            "entities": [
                {"type": "text_link", "offset": 0, "length": 8, "url": 'https://x/"><script>'},
                {"type": "text_link", "offset": 8, "length": 1, "url": "javascript:alert(1)"},
            ],
        }
    )
    html = message_html(message)
    assert "<script" not in html
    assert 'href="https://x/&quot;&gt;&lt;script&gt;"' in html
    assert "javascript:" not in html
