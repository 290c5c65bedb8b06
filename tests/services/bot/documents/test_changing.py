"""Renaming and deleting what was found."""

from tests.services.bot.talking import Talker


async def test_a_document_is_renamed(anna: Talker) -> None:
    await anna.adds("Blood test")
    await anna.finds("Blood test")
    assert "called from now on" in (await anna.presses("Rename")).text
    renamed = await anna.says("Blood test, May")
    assert "It is now called Blood test, May." in renamed.text
    shown = await anna.presses("Show it")
    assert "Blood test, May" in shown.text


async def test_a_name_taken_is_asked_for_again(anna: Talker) -> None:
    await anna.adds("First")
    await anna.adds("Second")
    await anna.finds("First")
    await anna.presses("Rename")
    refused = await anna.says("second")
    assert "already" in refused.text
    await anna.presses("Another name")
    assert "now called Third" in (await anna.says("Third")).text


async def test_a_refused_name_is_followed_by_another_without_a_press(anna: Talker) -> None:
    await anna.adds("First")
    await anna.adds("Second")
    await anna.finds("First")
    await anna.presses("Rename")
    for _ in range(2):
        assert "already" in (await anna.says("second")).text
    assert "now called Third" in (await anna.says("Third")).text
    assert "did not understand" in (await anna.says("Fourth")).text


async def test_what_is_typed_after_something_else_is_no_other_name(anna: Talker) -> None:
    await anna.adds("First")
    await anna.adds("Second")
    await anna.finds("First")
    await anna.presses("Rename")
    refused = await anna.says("second")
    await anna.says("/documents")
    assert "did not understand" in (await anna.says("Third")).text
    await anna.presses("Another name", refused.message_id)
    assert "now called Third" in (await anna.says("Third")).text


async def test_a_change_of_an_old_version_is_refused(anna: Talker) -> None:
    await anna.adds("First")
    old = await anna.finds("First")
    await anna.finds("First")
    await anna.presses("Rename")
    await anna.says("Second")
    refused = await anna.presses("Delete", old.message_id)
    assert "changed meanwhile" in refused.text
    assert "Second" in (await anna.presses("Show it")).text


async def test_a_deletion_is_undone(anna: Talker) -> None:
    await anna.adds("Blood test")
    await anna.finds("Blood test")
    deleted = await anna.presses("Delete")
    assert deleted.text == "Deleted: Blood test"
    back = await anna.presses("Undo")
    assert "Blood test is back." in back.text
    assert (await anna.finds("Blood test")).file
