"""How links look in the chat and behind their address."""

from datetime import UTC, datetime

import pytest

from contracts.base import Language
from contracts.files import Link, LinkedFile, LinkList
from screens.files import file_list
from screens.links import link_list
from screens.texts import texts

MOMENT = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)
URL = "https://files.example.org/files/AbC-_"


def test_a_link_is_shown_with_its_address_and_end() -> None:
    links = LinkList(
        links=(
            Link(link_id=2, url=URL, created_at=MOMENT, expires_at=None),
            Link(link_id=1, url=URL + "1", created_at=MOMENT, expires_at=MOMENT),
        )
    )
    screen = link_list(links, "42", "<Паспорт>", "Europe/Moscow", texts("en"))
    assert screen.text.split("\n\n")[:3] == [
        "Links to <b>&lt;Паспорт&gt;</b>:",
        f'1. until revoked\n<a href="{URL}">{URL}</a>',
        f'2. until 14 Mar 2026 18:09\n<a href="{URL}1">{URL}1</a>',
    ]
    assert [button.action for button in screen.buttons[2]] == ["revoke:42:2", "revoke:42:1"]


def test_the_longest_target_fits_into_a_button() -> None:
    link = Link(link_id=2**63 - 1, url=URL, created_at=MOMENT, expires_at=None)
    screen = link_list(LinkList(links=(link,)), "x" * 32, "x", "UTC", texts("en"))
    assert screen.buttons[2][0].action == f"revoke:{'x' * 32}:{2**63 - 1}"


@pytest.mark.parametrize(("language", "size"), [("en", "1.5 MB"), ("ru", "1,5 МБ")])
def test_files_to_choose_from_are_told_with_their_sizes(language: Language, size: str) -> None:
    file = LinkedFile(upload_id="u", name="n", mime_type="", size=3 * 2**19, sha256="")
    _, lines = file_list("title", (file,), texts(language))
    assert [line.size.replace("\xa0", " ") for line in lines] == [size]
