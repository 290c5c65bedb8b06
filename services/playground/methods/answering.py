"""answerCallbackQuery."""

from aiogram.methods import AnswerCallbackQuery

from services.playground.bots import Bot
from services.playground.errors import BadRequest
from services.playground.state import State

MAX_TEXT = 200


async def answer_callback_query(state: State, bot: Bot, method: AnswerCallbackQuery) -> bool:
    """Stop the button's spinner, and show a toast or an alert if there is a text."""
    text = method.text or ""
    if len(text) > MAX_TEXT:
        raise BadRequest("MESSAGE_TOO_LONG")
    press = state.callbacks.take(bot.id, method.callback_query_id)
    if press is None:
        raise BadRequest("query is too old and response timeout expired or query ID is invalid")
    state.chats.add_answer(press.chat, press.message_id, text, bool(method.show_alert))
    return True
