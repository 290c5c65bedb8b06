"""What a person does in a chat: say, press, upload, block. The page and /sim both come here."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from aiogram.enums import MessageOriginType
from aiogram.types import (
    CallbackQuery,
    Contact,
    InlineKeyboardButton,
    Location,
    Message,
    MessageOriginUser,
    ReplyKeyboardMarkup,
    User,
)

from services.playground.bots import Bot
from services.playground.callbacks import Press
from services.playground.chats import ChatKey, ChatState, Keyboard
from services.playground.database import transaction
from services.playground.files import StoredFile
from services.playground.formatting import detected_entities, format_text
from services.playground.media import media_content
from services.playground.methods.albums import MAX_ALBUM, new_media_group_id
from services.playground.methods.texts import MAX_CAPTION, MAX_TEXT
from services.playground.parameters import UploadedFile
from services.playground.people import private_chat
from services.playground.state import State


class NotPossible(Exception):
    """The person cannot do that; the text says why."""


class PersonInChat:
    """One person in the chat with one bot."""

    def __init__(self, state: State, bot: Bot, person: User) -> None:
        self._state = state
        self._bot = bot
        self._person = person
        self.key = ChatKey(bot.id, person.id)

    def says(self, text: str, *, html: bool = False) -> Message:
        """Send a text; one in `html` has the formatting that Telegram's own apps offer."""
        return self._send([_text_content(text, html=html)])[0]

    def forwards(self, text: str, author: User) -> Message:
        """Send on what somebody else has written."""
        origin = MessageOriginUser(
            type=MessageOriginType.USER,  # else a default, which is not sent
            date=datetime.now(UTC),
            sender_user=author,
        )
        return self._send([{**_text_content(text), "forward_origin": origin}])[0]

    def shares_contact(self, person: User) -> Message:
        """Send the contact of somebody who has an account here."""
        contact = Contact(
            phone_number=f"+{person.id}", first_name=person.first_name, user_id=person.id
        )
        return self._send([{"contact": contact}])[0]

    def shares_location(self, latitude: float, longitude: float) -> Message:
        """Send a place, in degrees."""
        return self._send([{"location": Location(latitude=latitude, longitude=longitude)}])[0]

    def uploads(
        self, files: Sequence[UploadedFile], caption: str, as_photos: bool
    ) -> list[Message]:
        """Send files, or pictures the way Telegram sends pictures; ApiError for a bad one.

        Several become albums of at most ten; the caption stands at the first file.
        """
        if len(caption) > MAX_CAPTION:
            raise NotPossible(f"a caption has at most {MAX_CAPTION} characters")
        contents = [media_content(self._keep(file, as_photos)) for file in files]
        contents[0]["caption"] = caption or None
        contents[0]["caption_entities"] = detected_entities(caption) or None
        for start in range(0, len(contents), MAX_ALBUM):
            album = contents[start : start + MAX_ALBUM]
            if len(album) > 1:
                media_group_id = new_media_group_id()
                for content in album:
                    content["media_group_id"] = media_group_id
        return self._send(contents)

    def _keep(self, file: UploadedFile, as_photo: bool) -> StoredFile:
        files = self._state.files
        if as_photo:
            return files.keep_photo(self._bot.id, file.data)
        return files.keep_document(self._bot.id, file.data, file.filename, file.content_type)

    def _send(self, contents: list[dict[str, Any]]) -> list[Message]:
        with transaction(self._state.db):
            chat = self._state.chats.open(self.key)
            self._refuse_if_blocked(chat)
            replied = self._forced_reply(chat.keyboard)
            messages = [self._post(content, replied) for content in contents]
            self._hide_used_keyboard(chat.keyboard)
            # Who writes has seen what stands above.
            self._state.chats.mark_read(self.key, messages[-1].message_id)
            for message in messages:
                self._push("message", message)
        return messages

    def _post(self, content: dict[str, Any], replied: Message | None) -> Message:
        return self._state.chats.post(
            self.key,
            lambda message_id: Message(
                message_id=message_id,
                date=datetime.now(UTC),
                chat=private_chat(self._person),
                from_user=self._person,
                reply_to_message=replied,
                **content,
            ),
        )

    def _refuse_if_blocked(self, chat: ChatState) -> None:
        if chat.blocked:
            raise NotPossible(f"{self._person.first_name} has blocked this bot")

    def _forced_reply(self, keyboard: Keyboard | None) -> Message | None:
        if keyboard is None or not keyboard.markup.get("force_reply"):
            return None
        return self._state.history.message(self.key, keyboard.message_id)

    def _hide_used_keyboard(self, keyboard: Keyboard | None) -> None:
        if keyboard and (
            keyboard.markup.get("one_time_keyboard") or keyboard.markup.get("force_reply")
        ):
            self._state.chats.set_keyboard(self.key, None)

    def presses(self, label: str, message_id: int | None = None) -> dict[str, Any]:
        """Press an inline button of the newest message that has it, else of the reply keyboard.

        Returns what came of it: `callback_query_id`, `url`, or the `message_id` of what was said.
        """
        chat = self._state.chats.state(self.key)
        seen: list[str] = []
        for message in reversed(self._state.history.all(self.key)):
            if message_id in (None, message.message_id):
                for button in inline_buttons(message):
                    if button.text == label:
                        return self.presses_button(message, button)
                    seen.append(button.text)
        rows = keyboard_rows(chat.keyboard if chat else None)
        labels = [text for row in rows for text in row]
        if message_id is None and label in labels:
            return {"message_id": self.says(label).message_id}
        raise NotPossible(f"there is no button {label!r}; there are: {[*labels, *seen]}")

    def presses_at(self, message_id: int, index: int, label: str) -> None:
        """Press the button at a place of a message, unless an edit has put another one there."""
        message = self._state.history.message(self.key, message_id)
        buttons = inline_buttons(message) if message else []
        if message is None or index >= len(buttons) or buttons[index].text != label:
            raise NotPossible("this button is gone")
        self.presses_button(message, buttons[index])

    def presses_button(self, message: Message, button: InlineKeyboardButton) -> dict[str, Any]:
        """Press exactly that inline button."""
        self._refuse_if_blocked(self._state.chats.open(self.key))
        self._state.chats.mark_read(self.key, message.message_id)
        if button.url:
            return {"url": button.url}
        if button.callback_data is None:
            raise NotPossible("this kind of button does nothing in the playground")
        query_id = self._state.callbacks.ask(Press(self.key, message.message_id))
        query = CallbackQuery(
            id=query_id,
            from_user=self._person,
            chat_instance=f"{self.key.bot_id}{self.key.person_id}",
            message=message,
            data=button.callback_data,
        )
        self._push("callback_query", query)
        return {"callback_query_id": query_id}

    def blocks(self, blocked: bool) -> None:
        """Stop the bot, or let it write again; the bot is told."""
        with transaction(self._state.db):
            if self._state.chats.open(self.key).blocked == blocked:
                return
            self._state.chats.set_blocked(self.key, blocked)
            before, after = ("member", "kicked") if blocked else ("kicked", "member")
            self._push(
                "my_chat_member",
                {
                    "chat": private_chat(self._person),
                    "from": self._person,
                    "date": int(datetime.now(UTC).timestamp()),
                    "old_chat_member": self._membership(before),
                    "new_chat_member": self._membership(after),
                },
            )

    def _membership(self, status: str) -> dict[str, Any]:
        until = {"until_date": 0} if status == "kicked" else {}
        return {"user": self._bot.user, "status": status, **until}

    def _push(self, kind: str, content: Any) -> None:
        update_id = self._state.updates.push(self._bot.id, self._person.id, kind, content)
        about = content.message if isinstance(content, CallbackQuery) else content
        if update_id is not None and isinstance(about, Message):
            self._state.telemetry.note_update(self._bot.app, about.message_id, update_id)


def _text_content(text: str, *, html: bool = False) -> dict[str, Any]:
    written = format_text(text, "html" if html else None)
    if not 1 <= len(written.text) <= MAX_TEXT:
        raise NotPossible(f"a message has 1 to {MAX_TEXT} characters")
    return {"text": written.text, "entities": written.entities or None}


def inline_buttons(message: Message) -> list[InlineKeyboardButton]:
    """The buttons under a message, row by row."""
    if message.reply_markup is None:
        return []
    return [button for row in message.reply_markup.inline_keyboard for button in row]


def keyboard_rows(keyboard: Keyboard | None) -> list[list[str]]:
    """What stands on the reply keyboard, row by row."""
    if keyboard is None or "keyboard" not in keyboard.markup:
        return []
    markup = ReplyKeyboardMarkup.model_validate(keyboard.markup)
    return [[button.text for button in row] for row in markup.keyboard]
