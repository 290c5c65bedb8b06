"""The documents bot: its commands, forms, lists and buttons."""

import aiogram
from aiogram import F
from aiogram.filters import Command

from screens import documents as screens
from screens.documents import (
    AddButton,
    DeleteButton,
    DeleteTypeButton,
    DocumentButton,
    DownloadAllButton,
    EditTypeButton,
    EmptyTrashButton,
    ExpiryButton,
    MoveButton,
    NoteButton,
    RenameButton,
    RenameTypeButton,
    RenewedButton,
    RestoreVersionButton,
    StopRemindingButton,
    UndoButton,
    VersionButton,
)
from services.bot import forms
from services.bot.documents import (
    adding,
    browsing,
    downloading,
    expiring,
    moving,
    notes,
    trash,
    types,
    versions,
)
from services.bot.documents.adding import ADD, FRONT_DOOR, RENAME
from services.bot.documents.browsing import DOCUMENTS, TYPES
from services.bot.documents.expiring import EXPIRY
from services.bot.documents.links import LINKS
from services.bot.documents.moving import MOVE
from services.bot.documents.notes import CHANGE_NOTE, WRITE_NOTE
from services.bot.documents.searching import SEARCH
from services.bot.documents.trash import TRASH
from services.bot.documents.types import RENAME_TYPE
from services.bot.documents.versions import VERSIONS
from services.bot.menu import described

COMMANDS = described(screens.commands)


def build_router() -> aiogram.Router:
    """Return the router of the bot; it goes last, since nothing passes its fallback."""
    router = aiogram.Router(name="documents")
    router.include_routers(
        FRONT_DOOR.build_router(),
        forms.build_router(ADD, RENAME, WRITE_NOTE, CHANGE_NOTE, EXPIRY, MOVE, RENAME_TYPE),
        _own_router(),
        SEARCH.build_router(),
        _trash_router(),
        _types_router(),
        TYPES.build_router(),
        DOCUMENTS.build_router(),
        LINKS.build_router(),
        VERSIONS.build_router(),
        TRASH.build_router(),
        FRONT_DOOR.build_fallback(),
    )
    return router


def _own_router() -> aiogram.Router:
    router = aiogram.Router(name="documents, own")
    router.message.register(adding.begin_to_add, Command("add"))
    router.message.register(adding.add_sent_file, F.document | F.photo)
    router.message.register(browsing.show_types, Command("documents"))
    router.callback_query.register(adding.begin_to_add, AddButton.filter())
    router.callback_query.register(adding.begin_to_rename, RenameButton.filter())
    router.callback_query.register(browsing.send_document, DocumentButton.filter())
    router.callback_query.register(versions.send_version, VersionButton.filter())
    router.callback_query.register(versions.restore_version, RestoreVersionButton.filter())
    router.callback_query.register(notes.begin_note, NoteButton.filter())
    router.callback_query.register(browsing.delete_document, DeleteButton.filter())
    router.callback_query.register(browsing.restore_document, UndoButton.filter())
    router.callback_query.register(downloading.download_all, DownloadAllButton.filter())
    router.callback_query.register(expiring.begin_to_set_expiry, ExpiryButton.filter())
    router.callback_query.register(expiring.renew, RenewedButton.filter())
    router.callback_query.register(expiring.stop_reminding, StopRemindingButton.filter())
    return router


def _trash_router() -> aiogram.Router:
    router = aiogram.Router(name="documents, trash")
    router.message.register(trash.show_trash, Command("trash"))
    router.callback_query.register(trash.empty_trash, EmptyTrashButton.filter())
    return router


def _types_router() -> aiogram.Router:
    router = aiogram.Router(name="documents, types")
    router.callback_query.register(moving.begin_to_move, MoveButton.filter())
    router.callback_query.register(types.show_type, EditTypeButton.filter())
    router.callback_query.register(types.begin_to_rename_type, RenameTypeButton.filter())
    router.callback_query.register(types.delete_type, DeleteTypeButton.filter())
    return router
