"""Albums, other kinds of files, copies and forwards, with python-telegram-bot."""

import pytest
import telegram
from telegram import InputMediaDocument, InputMediaPhoto, InputMediaVideo, error

from tests.services.playground.person import Person
from tests.services.playground.pictures import png


@pytest.fixture(autouse=True)
async def _begun(anna: Person) -> None:
    await anna.says("/start")


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_a_bot_sends_an_album(bot: telegram.Bot, anna: Person) -> None:
    media: list[InputMediaPhoto | InputMediaVideo] = [
        InputMediaPhoto(png(30, 20), caption="<b>two</b>", parse_mode="HTML"),
        InputMediaPhoto(png(20, 30)),
        InputMediaVideo(b"video", width=4, height=3, duration=2, filename="v.mp4"),
    ]
    sent = await bot.send_media_group(anna.id, media, reply_to_message_id=1)
    assert len({message.media_group_id for message in sent}) == 1
    assert sent[0].caption_html == "<b>two</b>"
    assert [bool(message.photo) for message in sent] == [True, True, False]
    assert sent[2].video is not None
    assert (sent[2].video.width, sent[2].video.duration) == (4, 2)
    assert await anna.file(sent[1].message_id) == png(20, 30)
    shown = (await anna.chat())["messages"][1:]
    assert {message["album"] for message in shown} == {sent[0].media_group_id}
    assert {message["reply_to"] for message in shown} == {1}


@pytest.mark.parametrize(
    ("media", "problem"),
    [
        ([InputMediaDocument(b"1")], "An album has 2 to 10 messages"),
        ([InputMediaDocument(b"1")] * 11, "Too many messages to send as an album"),
        (
            [InputMediaDocument(b"1"), InputMediaPhoto(png(30, 20))],
            "Document can't be mixed with other media types",
        ),
        (
            [InputMediaPhoto(png(30, 20)), InputMediaPhoto(b"no picture")],
            'Failed to send message #2 with the error message "image_process_failed"',
        ),
        (
            [InputMediaPhoto("unknown"), InputMediaPhoto("unknown")],
            'message #1 with the error message "wrong file identifier/http url specified"',
        ),
    ],
)
async def test_albums_telegram_refuses(
    bot: telegram.Bot,
    anna: Person,
    media: list[InputMediaDocument | InputMediaPhoto],
    problem: str,
) -> None:
    with pytest.raises(error.BadRequest, match=problem):
        await bot.send_media_group(anna.id, media)
    assert len((await anna.chat())["messages"]) == 1, "all or nothing"


async def test_a_person_sends_an_album(bot: telegram.Bot, anna: Person) -> None:
    files = [(f"{number}.txt", b"file %d" % number) for number in range(12)]
    ids = await anna.uploads_album(files, caption="my files")
    messages = [update.message for update in (await bot.get_updates())[1:]]
    assert [message.message_id for message in messages if message] == ids
    groups = [message.media_group_id for message in messages if message]
    assert len(set(groups)) == 2, "an album has at most ten"
    assert (groups.count(groups[0]), groups.count(groups[-1])) == (10, 2)
    captions = [message.caption for message in messages if message]
    assert captions == ["my files"] + [None] * 11
    assert await anna.file(ids[-1]) == b"file 11"


async def test_one_bad_picture_keeps_the_album_from_being_sent(anna: Person) -> None:
    with pytest.raises(AssertionError, match="IMAGE_PROCESS_FAILED"):
        await anna.uploads_album([("a.png", png(2, 2)), ("b.png", b"no")], kind="photo")
    assert len((await anna.chat())["messages"]) == 1


async def test_media_is_edited(bot: telegram.Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "Wait for it")
    edited = await sent.edit_media(InputMediaPhoto(png(30, 20), caption="here"))
    assert isinstance(edited, telegram.Message)
    assert (edited.text, edited.caption) == (None, "here")
    assert await anna.file(sent.message_id) == png(30, 20)
    again = await sent.edit_media(InputMediaDocument(b"report", filename="r.txt"))
    assert isinstance(again, telegram.Message)
    assert again.document is not None
    assert (again.photo, again.caption) == ((), None)
    with pytest.raises(error.BadRequest, match="not modified"):
        await sent.edit_media(InputMediaDocument(again.document.file_id))


async def test_media_that_can_not_be_edited_so(bot: telegram.Bot, anna: Person) -> None:
    voice = await bot.send_voice(anna.id, b"voice")
    with pytest.raises(error.BadRequest, match="Message can't be edited"):
        await voice.edit_media(InputMediaPhoto(png(30, 20)))
    album = await bot.send_media_group(
        anna.id, [InputMediaDocument(b"1"), InputMediaDocument(b"2")]
    )
    with pytest.raises(error.BadRequest, match="can't be changed so in an album"):
        await album[0].edit_media(InputMediaPhoto(png(30, 20)))
    edited = await album[0].edit_media(InputMediaDocument(b"3", filename="three.txt"))
    assert isinstance(edited, telegram.Message)
    assert edited.media_group_id == album[0].media_group_id


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_voice_video_and_sticker(bot: telegram.Bot, anna: Person) -> None:
    voice = await bot.send_voice(anna.id, b"ogg", duration=7, caption="listen")
    assert voice.voice is not None
    assert (voice.voice.duration, voice.voice.mime_type) == (7, "audio/ogg")
    video = await bot.send_video(anna.id, b"mp4", duration=9, width=64, height=48)
    assert video.video is not None
    assert (video.video.width, video.video.height, video.video.mime_type) == (64, 48, "video/mp4")
    again = await bot.send_video(anna.id, video.video.file_id)
    assert again.video is not None
    assert again.video.duration == 9
    sticker = await bot.send_sticker(anna.id, png(512, 512))
    assert sticker.sticker is not None
    assert (sticker.sticker.width, sticker.sticker.is_animated) == (512, False)
    assert await anna.file(voice.message_id) == b"ogg"
    kinds = [message["file"]["kind"] for message in (await anna.chat())["messages"][1:]]
    assert kinds == ["voice", "video", "video", "sticker"]
    with pytest.raises(error.TelegramError, match="sticker that is no picture is not served"):
        await bot.send_sticker(anna.id, b"animated")


async def test_location(bot: telegram.Bot, anna: Person) -> None:
    sent = await bot.send_location(anna.id, 55.75, 37.62, horizontal_accuracy=12)
    assert sent.location is not None
    assert (sent.location.latitude, sent.location.horizontal_accuracy) == (55.75, 12)
    assert "<location: 55.75 37.62>" in await anna.transcript()
    with pytest.raises(error.BadRequest, match="Wrong location specified"):
        await bot.send_location(anna.id, 91, 0)
    with pytest.raises(error.TelegramError, match="live_period is not served"):
        await bot.send_location(anna.id, 1, 1, live_period=60)


async def test_delete_several(bot: telegram.Bot, anna: Person) -> None:
    sent = [await bot.send_message(anna.id, str(number)) for number in range(3)]
    assert await bot.delete_messages(anna.id, [sent[0].message_id, sent[2].message_id, 4711])
    assert [m["text"] for m in (await anna.chat())["messages"]] == ["/start", "1"]
    with pytest.raises(error.BadRequest, match="Too many message identifiers specified"):
        await bot.delete_messages(anna.id, list(range(1, 102)))
    with pytest.raises(error.BadRequest, match="Invalid message identifier specified"):
        await bot.delete_messages(anna.id, [0])


async def test_copy_and_forward(bot: telegram.Bot, anna: Person) -> None:
    boris = Person(anna.session, "documents", 1002)
    await boris.says("/start")
    uploaded = await anna.uploads(b"report", "r.txt", caption="original")
    copied = await bot.copy_message(boris.id, anna.id, uploaded, caption="<i>copy</i>")
    assert (await boris.sees("<i>copy</i>"))["id"] == copied.message_id
    assert await boris.file(copied.message_id) == b"report"
    forwarded = await bot.forward_message(boris.id, anna.id, uploaded)
    assert isinstance(forwarded.forward_origin, telegram.MessageOriginUser)
    assert forwarded.forward_origin.sender_user.id == anna.id
    assert forwarded.caption == "original"
    again = await bot.forward_message(anna.id, boris.id, forwarded.message_id)
    assert isinstance(again.forward_origin, telegram.MessageOriginUser)
    assert again.forward_origin.sender_user.id == anna.id, "the first author"
    assert "bot (forwarded): <document: r.txt> original" in await boris.transcript()
    for call in (bot.copy_message, bot.forward_message):
        with pytest.raises(error.BadRequest, match=r"Message to (copy|forward) not found"):
            await call(boris.id, anna.id, 4711)
