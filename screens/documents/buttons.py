"""The buttons of the documents bot; they carry ids only, what people typed does not fit."""

from aiogram.filters.callback_data import CallbackData

from screens.buttons import Id, Number, PageButton


class AddButton(CallbackData, prefix="add"):
    """Begin to add a document."""


class TypesButton(PageButton, prefix="types"):
    """A page of the types."""


class TypeButton(PageButton, prefix="type"):
    """A page of the documents under a type."""

    type_id: Id


class DocumentButton(CallbackData, prefix="doc"):
    """Send a document; if it came from a list, that is the page of its type at `offset`."""

    document_id: Id
    type_id: Number = 0
    offset: Number = 0


class RenameButton(CallbackData, prefix="rename"):
    """Rename the version of a document that was shown."""

    document_id: Id
    version: Id


class DeleteButton(CallbackData, prefix="delete"):
    """Delete the version of a document that was shown."""

    document_id: Id
    version: Id


class NoteButton(CallbackData, prefix="note"):
    """Write about the version of a document that was shown; `noted` if something is written."""

    document_id: Id
    version: Id
    noted: bool


class VersionsButton(PageButton, prefix="versions"):
    """A page of what a document consisted of."""

    document_id: Id


class VersionButton(CallbackData, prefix="version"):
    """Send what a document consisted of in one version."""

    document_id: Id
    number: Id


class RestoreVersionButton(CallbackData, prefix="reversion"):
    """Let the document that was shown consist of an earlier version's files again."""

    document_id: Id
    version: Id
    number: Id


class UndoButton(CallbackData, prefix="undo"):
    """Bring a deleted document back."""

    document_id: Id


class MoveButton(CallbackData, prefix="move"):
    """Put the version of a document that was shown under another type."""

    document_id: Id
    version: Id


class EditTypeButton(CallbackData, prefix="edit"):
    """Show what can be done with a type."""

    type_id: Id


class RenameTypeButton(CallbackData, prefix="retype"):
    """Rename the version of a type that was shown."""

    type_id: Id
    version: Id


class DeleteTypeButton(CallbackData, prefix="untype"):
    """Delete the version of a type that was shown."""

    type_id: Id
    version: Id


class TrashButton(PageButton, prefix="trash"):
    """A page of the deleted documents."""


class EmptyTrashButton(CallbackData, prefix="empty"):
    """Forget what was deleted until a moment, in microseconds: asked first, done when `sure`."""

    until: Number
    documents: Number
    sure: bool


class DownloadAllButton(CallbackData, prefix="all"):
    """Have everything under a type at once."""

    type_id: Id


class ExpiryButton(CallbackData, prefix="expiry"):
    """Set the day on which the version of a document that was shown expires."""

    document_id: Id
    version: Id


class RenewedButton(CallbackData, prefix="renewed"):
    """Answer a reminder with a new day, whatever version the document has by then."""

    document_id: Id


class StopRemindingButton(CallbackData, prefix="stop"):
    """Answer a reminder with the wish for no more of them."""

    document_id: Id
