"""Sending, editing and deleting, with python-telegram-bot."""

import pytest
import telegram
from telegram import error

from services.playground import Playground
from tests.services.playground.keyboards import one_button
from tests.services.playground.person import Person

GO = one_button("Go", callback_data="go")


@pytest.fixture(autouse=True)
async def _begun(anna: Person) -> None:
    await anna.says("/start")


async def test_get_me(bot: telegram.Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.username, me.first_name) == (110001, "documents_bot", "Documents")


async def test_wrong_token(server: Playground) -> None:
    with pytest.raises(error.InvalidToken):
        await telegram.Bot("110001:wrong", base_url=f"{server.url}/bot").initialize()


async def test_send_and_edit(bot: telegram.Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "Hello", reply_markup=GO)
    assert sent.reply_markup == GO
    edited = await sent.edit_text("Bye")
    assert isinstance(edited, telegram.Message)
    assert edited.edit_date is not None
    message = await anna.sees("Bye")
    assert message["edited"]
    assert message["buttons"] == []


async def test_an_edit_has_to_change_something(bot: telegram.Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "<b>Hello</b>", parse_mode="HTML", reply_markup=GO)
    with pytest.raises(error.BadRequest, match="Message is not modified: specified new message"):
        await sent.edit_text("<b>Hello</b>", parse_mode="HTML", reply_markup=GO)
    await sent.edit_text("Hello", reply_markup=GO)
    await sent.edit_reply_markup(None)
    with pytest.raises(error.BadRequest, match="not modified"):
        await sent.edit_reply_markup(None)


async def test_html_becomes_entities(bot: telegram.Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "😀 <b>bold <i>both</i></b> &lt;3", parse_mode="HTML")
    assert sent.text == "😀 bold both <3"
    assert sent.text_html == "😀 <b>bold <i>both</i></b> &lt;3"


async def test_bad_html(bot: telegram.Bot, anna: Person) -> None:
    with pytest.raises(error.BadRequest) as refused:
        await bot.send_message(anna.id, "ы<foo>", parse_mode="HTML")
    assert refused.value.message == (
        'Can\'t parse entities: unsupported start tag "foo" at byte offset 2'
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "Message text is empty"),
        (" \n ", "Message text is empty"),
        ("x" * 4097, "Message is too long"),
    ],
)
async def test_limits_of_a_text(bot: telegram.Bot, anna: Person, text: str, problem: str) -> None:
    with pytest.raises(error.BadRequest, match=problem):
        await bot.send_message(anna.id, text)


async def test_the_longest_text_passes(bot: telegram.Bot, anna: Person) -> None:
    assert await bot.send_message(anna.id, "<b>" + "я" * 4096 + "</b>", parse_mode="HTML")


async def test_callback_data_has_at_most_64_bytes(bot: telegram.Bot, anna: Person) -> None:
    def keyboard(data: str) -> telegram.InlineKeyboardMarkup:
        return one_button("Go", callback_data=data)

    await bot.send_message(anna.id, "fits", reply_markup=keyboard("я" * 32))
    with pytest.raises(error.BadRequest, match="Button_data_invalid"):
        await bot.send_message(anna.id, "does not", reply_markup=keyboard("я" * 32 + "x"))


async def test_other_keyboards_telegram_refuses(bot: telegram.Bot, anna: Person) -> None:
    idle = one_button("Idle")
    with pytest.raises(error.BadRequest, match="text buttons are unallowed in the inline keyboard"):
        await bot.send_message(anna.id, "no", reply_markup=idle)
    wrong_link = one_button("Link", url="nowhere")
    with pytest.raises(error.BadRequest, match="wrong http url"):
        await bot.send_message(anna.id, "no", reply_markup=wrong_link)
    huge = telegram.InlineKeyboardMarkup(
        one_button("x", callback_data="y" * 60).inline_keyboard * 101
    )
    with pytest.raises(error.BadRequest, match="Reply markup is too long"):
        await bot.send_message(anna.id, "no", reply_markup=huge)


async def test_unknown_chats_and_messages(bot: telegram.Bot, anna: Person) -> None:
    with pytest.raises(error.BadRequest, match="Chat not found"):
        await bot.send_message(4711, "anybody there?")
    with pytest.raises(error.BadRequest, match="Chat not found"):
        await bot.send_message(1002, "Boris never turned to this bot")
    with pytest.raises(error.BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("new", anna.id, 4711)
    with pytest.raises(error.BadRequest, match="Message to delete not found"):
        await bot.delete_message(anna.id, 4711)


async def test_a_bot_edits_only_its_own_messages(bot: telegram.Bot, anna: Person) -> None:
    message_id = await anna.says("mine")
    with pytest.raises(error.BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("yours", anna.id, message_id)
    assert await bot.delete_message(anna.id, message_id)
    assert "mine" not in await anna.transcript()


async def test_blocked(bot: telegram.Bot, anna: Person) -> None:
    await anna.blocks()
    with pytest.raises(error.Forbidden, match="bot was blocked by the user"):
        await bot.send_message(anna.id, "Hello")
    await anna.unblocks()
    assert await bot.send_message(anna.id, "Hello")


async def test_reply_keyboard_comes_and_goes(bot: telegram.Bot, anna: Person) -> None:
    await bot.send_message(
        anna.id,
        "Menu",
        reply_markup=telegram.ReplyKeyboardMarkup([["Add", "List"]], resize_keyboard=True),
    )
    await anna.presses("List")
    chat = await anna.chat()
    assert chat["messages"][-1]["text"] == "List"
    assert chat["keyboard"]["resize_keyboard"]
    await bot.send_message(anna.id, "Gone", reply_markup=telegram.ReplyKeyboardRemove())
    assert (await anna.chat())["keyboard"] is None


async def test_a_keyboard_for_one_time_goes_when_used(bot: telegram.Bot, anna: Person) -> None:
    markup = telegram.ReplyKeyboardMarkup([["Once"]], one_time_keyboard=True)
    await bot.send_message(anna.id, "Menu", reply_markup=markup)
    await anna.presses("Once")
    assert (await anna.chat())["keyboard"] is None


async def test_forced_reply(bot: telegram.Bot, anna: Person) -> None:
    asked = await bot.send_message(anna.id, "Name?", reply_markup=telegram.ForceReply())
    await anna.says("Anna")
    assert (await anna.chat())["messages"][-1]["reply_to"] == asked.message_id


async def test_reply_to_a_message(bot: telegram.Bot, anna: Person) -> None:
    message_id = await anna.says("question")
    sent = await bot.send_message(anna.id, "answer", reply_to_message_id=message_id)
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "question"
    with pytest.raises(error.BadRequest, match="Message to be replied not found"):
        await bot.send_message(anna.id, "answer", reply_to_message_id=4711)


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_retry_after(bot: telegram.Bot, anna: Person) -> None:
    await anna.orders_fault({"method": "sendMessage", "retry_after": 7})
    with pytest.raises(error.RetryAfter, match="Retry in 7 seconds"):
        await bot.send_message(anna.id, "Hello")
    assert await bot.send_message(anna.id, "Hello")


async def test_chat_action(bot: telegram.Bot, anna: Person) -> None:
    assert await bot.send_chat_action(anna.id, "typing")
    with pytest.raises(error.BadRequest, match="Wrong parameter action in request"):
        await bot.send_chat_action(anna.id, "juggling")


async def test_commands_by_scope_and_language(bot: telegram.Bot) -> None:
    await bot.set_my_commands([("start", "Begin"), ("help", "Help")])
    await bot.set_my_commands([("start", "Начать")], language_code="ru")
    private = telegram.BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([("start", "In private")], scope=private)
    assert [c.command for c in await bot.get_my_commands()] == ["start", "help"]
    assert (await bot.get_my_commands(language_code="ru"))[0].description == "Начать"
    assert (await bot.get_my_commands(scope=private))[0].description == "In private"
    await bot.delete_my_commands(language_code="ru")
    assert await bot.get_my_commands(language_code="ru") == ()
    with pytest.raises(error.BadRequest, match="Bot_command_invalid"):
        await bot.set_my_commands([("Not a command", "x")])


async def test_what_is_not_served_says_so(bot: telegram.Bot, anna: Person) -> None:
    with pytest.raises(error.TelegramError, match="method sendDice is not served"):
        await bot.send_dice(anna.id)
    with pytest.raises(error.TelegramError, match="parse_mode MarkdownV2 is not served"):
        await bot.send_message(anna.id, "*x*", parse_mode="MarkdownV2")
