"""What is typed and uploaded for a mailing: lists of people, and buttons with links."""

import pytest

from services.bot.broadcasts.link_buttons import BadLine, read_buttons, written
from services.bot.broadcasts.people_list import BadRow, decoded, read_people


@pytest.mark.parametrize(
    "text",
    [
        "1001\n1002\n",
        "1001, 1002",
        "1001;Anna\n1002;Boris",
        "name\tUser ID\nAnna\t1001\n\nBoris\t1002",
        '"id","name"\r\n"1001","Anna, the first"\r\n"1002","Boris"\r\n',
        "Telegram_ID;name\n1001;Anna\n1002;Boris",
    ],
)
def test_ids_stand_in_the_first_or_a_named_column(text: str) -> None:
    found = read_people(text)
    assert (found.ids, found.bad) == ((1001, 1002), ())


def test_bad_rows_are_told_by_number_and_reason() -> None:
    found = read_people("id,name\n1001,a\n,b\nx17,c\n-4,d\n1001,e\n4503599627370497,f\n1002,g")
    assert found.ids == (1001, 1002)
    assert found.bad == (
        BadRow(3, "", "empty"),
        BadRow(4, "x17", "not_an_id"),
        BadRow(5, "-4", "not_an_id"),
        BadRow(6, "1001", "repeated"),
        BadRow(7, "4503599627370497", "not_an_id"),
    )
    assert read_people("1\n" + "x" * 20_000 + "\n2").bad[0].flaw == "unreadable"
    assert read_people("") == read_people("\n \n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_files_are_read_as_spreadsheets_write_them(encoding: str) -> None:
    assert read_people(decoded("имя;id\nАнна;1001".encode(encoding))).ids == (1001,)


def test_buttons_are_typed_line_by_line() -> None:
    typed = (
        "Our site - https://example.org/a-b\nOne - tg://resolve?domain=x | Two \u2014 http://b.org"
    )
    rows, bad = read_buttons(typed)
    assert bad == ()
    assert rows == (
        (("Our site", "https://example.org/a-b"),),
        (("One", "tg://resolve?domain=x"), ("Two", "http://b.org")),
    )
    assert read_buttons(written(rows)) == (rows, ())


@pytest.mark.parametrize(
    ("line", "flaw"),
    [
        ("just words", "no_link"),
        ("https://example.org", "no_link"),
        ("x - javascript:alert(1)", "bad_link"),
        ("x - ftp://example.org", "bad_link"),
        ("x - https://", "bad_link"),
        ("x - https://nowhere", "bad_link"),
        ("x - http://[::1", "bad_link"),
        ("x - https://example.org:port", "bad_link"),
    ],
)
def test_what_is_no_link_is_no_button(line: str, flaw: str) -> None:
    assert read_buttons(line) == ((), (BadLine(line, flaw),))  # type: ignore[arg-type] # of a table
