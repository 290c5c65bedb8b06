"""Files up and down, with python-telegram-bot."""

from typing import Any

import pytest
import telegram
from telegram import error

from tests.services.playground.person import Person
from tests.services.playground.pictures import png


@pytest.fixture(autouse=True)
async def _begun(anna: Person) -> None:
    await anna.says("/start")


async def _received(bot: telegram.Bot) -> Any:
    """The newest message; Any, because every test knows what it sent."""
    return (await bot.get_updates())[-1].message


async def test_an_uploaded_document_arrives_whole(bot: telegram.Bot, anna: Person) -> None:
    await anna.uploads(b"%PDF-1.7 ...", "паспорт.pdf", caption="my passport")
    message = await _received(bot)
    document = message.document
    assert (document.file_name, document.mime_type) == ("паспорт.pdf", "application/pdf")
    assert document.file_size == 12
    assert message.caption == "my passport"
    file = await document.get_file()
    assert bytes(await file.download_as_bytearray()) == b"%PDF-1.7 ..."
    assert file.file_unique_id == document.file_unique_id


async def test_an_uploaded_photo_has_its_size(bot: telegram.Bot, anna: Person) -> None:
    picture = png(64, 48)
    await anna.uploads(picture, "me.png", kind="photo")
    size = (await _received(bot)).photo[-1]
    assert (size.width, size.height, size.file_size) == (64, 48, len(picture))
    file = await size.get_file()
    assert bytes(await file.download_as_bytearray()) == picture


async def test_a_bot_sends_a_document_and_sends_it_again(bot: telegram.Bot, anna: Person) -> None:
    sent = await bot.send_document(
        anna.id, b"report", filename="отчёт.txt", caption="<b>r</b>", parse_mode="HTML"
    )
    assert sent.caption_html == "<b>r</b>"
    assert sent.document is not None
    again = await bot.send_document(anna.id, sent.document.file_id)
    assert again.document is not None
    assert again.document.file_unique_id == sent.document.file_unique_id
    assert await anna.file(again.message_id) == b"report"
    assert "<document: отчёт.txt> r" in await anna.transcript()


async def test_a_bot_sends_a_photo(bot: telegram.Bot, anna: Person) -> None:
    sent = await bot.send_photo(anna.id, png(30, 20), caption="grey")
    assert (sent.photo[0].width, sent.photo[0].height) == (30, 20)
    assert await anna.file(sent.message_id) == png(30, 20)
    edited = await sent.edit_caption("still grey")
    assert isinstance(edited, telegram.Message)
    assert edited.caption == "still grey"
    with pytest.raises(error.BadRequest, match="There is no text in the message to edit"):
        await sent.edit_text("no caption")


async def test_pictures_telegram_refuses(bot: telegram.Bot, anna: Person) -> None:
    with pytest.raises(error.BadRequest, match="Image_process_failed"):
        await bot.send_photo(anna.id, b"no picture")
    with pytest.raises(error.BadRequest, match="Photo_invalid_dimensions"):
        await bot.send_photo(anna.id, png(9000, 1001))


async def test_unknown_and_foreign_file_ids(bot: telegram.Bot, anna: Person) -> None:
    with pytest.raises(error.BadRequest, match="Wrong file identifier/http url specified"):
        await bot.send_document(anna.id, "nothing-of-that-name")
    with pytest.raises(error.BadRequest, match="Invalid file_id"):
        await bot.get_file("nothing-of-that-name")
    photo = await bot.send_photo(anna.id, png(30, 20))
    with pytest.raises(error.BadRequest, match="Can't use file of type photo as document"):
        await bot.send_document(anna.id, photo.photo[0].file_id)


async def test_a_lost_file_id_is_refused(bot: telegram.Bot, anna: Person) -> None:
    sent = await bot.send_document(anna.id, b"report", filename="report.txt")
    assert sent.document is not None
    await anna.loses(sent.document.file_id)
    with pytest.raises(error.BadRequest, match="Wrong file identifier/http url specified"):
        await bot.send_document(anna.id, sent.document.file_id)
    with pytest.raises(error.BadRequest, match="temporarily unavailable"):
        await bot.get_file(sent.document.file_id)


async def test_bots_download_up_to_20_megabytes(bot: telegram.Bot, anna: Person) -> None:
    limit = 20 << 20
    await anna.uploads(bytes(limit), "fits.bin")
    assert await (await _received(bot)).document.get_file()
    await anna.uploads(bytes(limit + 1), "too-big.bin")
    with pytest.raises(error.BadRequest, match="File is too big"):
        await (await _received(bot)).document.get_file()


async def test_bots_upload_up_to_50_megabytes(bot: telegram.Bot, anna: Person) -> None:
    with pytest.raises(error.TelegramError, match="Request Entity Too Large"):
        await bot.send_document(anna.id, bytes(52 << 20), filename="huge.bin")
