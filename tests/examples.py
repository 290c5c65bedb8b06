"""One valid example of every message, with every field given."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from contracts.base import Message, Page, Reply, subject_of
from contracts.documents import (
    AddDocument,
    AddType,
    AddVersion,
    ChangeNote,
    DeleteDocument,
    DeleteType,
    Document,
    DocumentAdded,
    DocumentDeleted,
    DocumentFile,
    DocumentMoved,
    DocumentPage,
    DocumentPurged,
    DocumentRefused,
    DocumentRenamed,
    DocumentRestored,
    DocumentSpared,
    DocumentSummary,
    DocumentType,
    DocumentVersion,
    EmptyTrash,
    ExpiryNear,
    ExpirySet,
    FoundDocument,
    GetDocument,
    GetType,
    InTheWay,
    ListDocuments,
    ListTrash,
    ListTypeFiles,
    ListTypes,
    ListVersions,
    Missing,
    MoveDocument,
    NoteChanged,
    PurgeDocument,
    ReminderSkipped,
    RemindersStopped,
    RemindOfExpiry,
    RenameDocument,
    RenameType,
    RestoreDocument,
    RestoreVersion,
    SearchDocuments,
    SearchPage,
    SetExpiry,
    StopReminding,
    TrashedDocument,
    TrashEmptied,
    TrashPage,
    TypeAdded,
    TypeDeleted,
    TypeDetails,
    TypeFiles,
    TypePage,
    TypeRefused,
    TypeRenamed,
    Usage,
    VersionAdded,
    VersionPage,
    VersionRestored,
)
from contracts.files import (
    ArchivedFile,
    ArchiveNotSent,
    ArchiveSent,
    CreateLink,
    DeadLink,
    DiscardUpload,
    GetLink,
    KeepUpload,
    Link,
    LinkCreated,
    LinkedFile,
    LinkedFiles,
    LinkList,
    LinkRefused,
    LinkRevoked,
    ListLinks,
    NoLinks,
    RevokeLink,
    SendArchive,
    SendUpload,
    TelegramFile,
    UploadClaimed,
    UploadDiscarded,
    UploadHidden,
    UploadInUse,
    UploadKept,
    UploadLost,
    UploadNotSent,
    UploadReleased,
    UploadSent,
    UploadShown,
)
from contracts.notices import Notice, NoticeEnd, NoticesEnded, subject_of_notice
from contracts.people import (
    ChangeOptOuts,
    ChangeQuietHours,
    ChangeReachability,
    ChangeSettings,
    ErasePerson,
    GetPerson,
    GrantRole,
    ListRoleHolders,
    OptOutsChanged,
    Person,
    PersonErased,
    PersonRemembered,
    QuietHours,
    ReachabilityChanged,
    RememberPerson,
    RevokeRole,
    RoleGranted,
    RoleHolder,
    RoleHolders,
    RoleRefused,
    RoleRevoked,
    RolesHidden,
    SettingsChanged,
    SettingsRefused,
)
from contracts.screens import Button, Media, Screen
from contracts.updates import TelegramUpdate, subject_of_update
from tests.examples_of_broadcasts import BROADCASTS
from tests.examples_of_calendar import CALENDAR

PERSON = 1001
MOMENT = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)
UPLOAD = "upload-7f3a"
SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
FILE = TelegramFile(
    kind="document",
    file_id="BQACAgIAAxkBAAIB",
    name="Паспорт.pdf",
    mime_type="application/pdf",
    size=20480,
)
SCREEN = Screen(
    text="<b>Паспорт</b> is saved.",
    buttons=((Button(text="Open", action="document:42"), Button(text="Help", url="https://t.me")),),
    media=Media(kind="document", file_id="BQACAgIAAxkBAAIB"),
)
DOCUMENT_TYPE = DocumentType(type_id=7, name="Паспорта", emoji="🛂", documents=3)
DOCUMENT_FILE = DocumentFile(
    upload_id=UPLOAD,
    kind="document",
    file_id="BQACAgIAAxkBAAIB",
    file_name="Паспорт.pdf",
    size=20480,
    sha256=SHA256,
)
EXPIRY = date(2027, 12, 31)
SUMMARY = DocumentSummary(
    document_id=42, name="Паспорт", added_at=MOMENT, expires_on=EXPIRY, expired=True
)
LINK = Link(
    link_id=5, url="https://files.example.org/files/AbC", created_at=MOMENT, expires_at=MOMENT
)
LINKED_FILE = LinkedFile(
    upload_id=UPLOAD,
    name="Паспорт.pdf",
    mime_type="application/pdf",
    size=20480,
    sha256=SHA256,
)

ARCHIVED = ArchivedFile(upload_id=UPLOAD, name="Паспорт.pdf", size=20480)

DOCUMENTS: tuple[Message, ...] = (
    AddType(name="Паспорта", emoji="🛂"),
    TypeAdded(person_id=PERSON, type_id=7, name="Паспорта", emoji="🛂"),
    TypeRefused(person_id=PERSON, name="Паспорта", reason="name_taken", type_id=7, documents=3),
    AddDocument(
        upload_ids=(UPLOAD, "upload-7f3b"), type_id=7, name="Паспорт", allow_same_content=True
    ),
    DocumentAdded(
        person_id=PERSON, document_id=42, type_id=7, type_name="Паспорта", name="Паспорт"
    ),
    DocumentRefused(
        person_id=PERSON,
        reason="name_taken",
        name="Паспорт",
        type_name="Паспорта",
        document_id=42,
        upload_ids=(UPLOAD,),
        in_the_way=InTheWay(document_id=41, name="паспорт", type_name="Паспорта"),
        used=12,
        allowed=1000,
    ),
    RenameDocument(document_id=42, version=3, name="Старый паспорт"),
    DocumentRenamed(person_id=PERSON, document_id=42, name="Старый паспорт"),
    DeleteDocument(document_id=42, version=3),
    DocumentDeleted(person_id=PERSON, document_id=42, name="Паспорт"),
    RestoreDocument(document_id=42),
    DocumentRestored(person_id=PERSON, document_id=42, name="Паспорт"),
    ListTypes(page=Page(offset=10, limit=5)),
    TypePage(
        types=(DOCUMENT_TYPE,),
        total=11,
        usage=Usage(documents=12, documents_allowed=1000, size=20480, size_allowed=2**30),
    ),
    ListDocuments(type_id=7, page=Page(offset=10, limit=5)),
    DocumentPage(type_id=7, type_name="Паспорта", emoji="🛂", documents=(SUMMARY,), total=11),
    GetDocument(document_id=42, number=2),
    Document(
        document_id=42,
        version=3,
        type_id=7,
        type_name="Паспорта",
        name="Паспорт",
        note="До 2031 года.\nЛежит в сейфе.",
        added_at=MOMENT,
        number=2,
        current=3,
        versioned_at=MOMENT,
        files=(DOCUMENT_FILE,),
        expires_on=EXPIRY,
        expired=True,
    ),
    AddVersion(document_id=42, upload_ids=(UPLOAD, "upload-7f3b"), allow_same_content=True),
    VersionAdded(person_id=PERSON, document_id=42, type_name="Паспорта", name="Паспорт", number=3),
    RestoreVersion(document_id=42, version=3, number=2),
    VersionRestored(person_id=PERSON, document_id=42, name="Паспорт", number=2),
    ListVersions(document_id=42, page=Page(offset=10, limit=5)),
    VersionPage(
        document_id=42,
        name="Паспорт",
        current=2,
        versions=(DocumentVersion(number=3, added_at=MOMENT, file_names=("a.pdf", "b.pdf")),),
        total=13,
    ),
    ChangeNote(document_id=42, version=3, note="Лежит в сейфе."),
    NoteChanged(person_id=PERSON, document_id=42, name="Паспорт", note="Лежит в сейфе."),
    SearchDocuments(words="паспорт 2031", page=Page(offset=10, limit=5)),
    SearchPage(
        words="паспорт 2031",
        documents=(FoundDocument(document_id=42, name="Паспорт", type_name="Паспорта"),),
        total=100,
        more=True,
    ),
    MoveDocument(document_id=42, version=3, type_id=8),
    DocumentMoved(person_id=PERSON, document_id=42, name="Паспорт", type_id=8, type_name="Архив"),
    RenameType(type_id=7, version=2, name="Документы", emoji="🛂"),
    TypeRenamed(person_id=PERSON, type_id=7, name="Документы", emoji="🛂"),
    DeleteType(type_id=7, version=2),
    TypeDeleted(person_id=PERSON, type_id=7, name="Документы"),
    GetType(type_id=7),
    TypeDetails(type_id=7, version=2, name="Паспорта", emoji="🛂", documents=3, in_trash=1),
    ListTrash(page=Page(offset=10, limit=5)),
    TrashPage(
        documents=(
            TrashedDocument(document_id=42, name="Паспорт", type_name="Паспорта", purged_at=MOMENT),
        ),
        total=11,
        newest=1773500966000000,
    ),
    EmptyTrash(until=1773500966000000),
    TrashEmptied(person_id=PERSON, documents=11, left=2),
    PurgeDocument(document_id=42),
    DocumentPurged(person_id=PERSON, document_id=42),
    DocumentSpared(person_id=PERSON, document_id=42),
    Missing(),
    ListTypeFiles(type_id=7, offset=1000),
    TypeFiles(type_id=7, type_name="Паспорта", emoji="🛂", files=(ARCHIVED,), total=1001),
    SetExpiry(document_id=42, version=3, expires_on=EXPIRY),
    ExpirySet(
        person_id=PERSON,
        document_id=42,
        name="Паспорт",
        expires_on=EXPIRY,
        remind_on=(date(2027, 12, 1), date(2027, 12, 24), date(2027, 12, 30)),
    ),
    StopReminding(document_id=42),
    RemindersStopped(person_id=PERSON, document_id=42, name="Паспорт"),
    RemindOfExpiry(document_id=42, expires_on=EXPIRY, days_before=7),
    ExpiryNear(
        person_id=PERSON,
        document_id=42,
        name="Паспорт",
        expires_on=EXPIRY,
        days_before=7,
        days_left=7,
        language="ru",
    ),
    ReminderSkipped(person_id=PERSON, document_id=42, reason="stopped"),
)

FILES: tuple[Message, ...] = (
    SendArchive(
        app="documents", chat_id=PERSON, message_id=15, name="🛂 Паспорта", files=(ARCHIVED,)
    ),
    ArchiveSent(person_id=PERSON, name="🛂 Паспорта", parts=2, files=11, missing=("Паспорт.pdf",)),
    ArchiveNotSent(person_id=PERSON, name="🛂 Паспорта", reason="gone"),
    KeepUpload(app="documents", upload_id=UPLOAD, file=FILE, sent_at=MOMENT),
    UploadKept(
        person_id=PERSON,
        app="documents",
        upload_id=UPLOAD,
        file=FILE,
        sha256=SHA256,
        size=20480,
        sent_at=MOMENT,
    ),
    UploadLost(person_id=PERSON, app="documents", upload_id=UPLOAD, reason="gone", sent_at=MOMENT),
    SendUpload(
        app="documents",
        chat_id=PERSON,
        upload_id=UPLOAD,
        kind="document",
        name="Паспорт.pdf",
        screen=SCREEN,
        kept_by="broadcasts",
        receipt="mailing:7",
    ),
    UploadSent(
        person_id=PERSON,
        upload_id=UPLOAD,
        file_id="BQACAgIAAxkBAAIC",
        app="documents",
        chat_id=PERSON,
        message_id=7,
        receipt="mailing:7",
    ),
    UploadNotSent(
        person_id=PERSON,
        upload_id=UPLOAD,
        reason="gone",
        app="documents",
        chat_id=PERSON,
        receipt="mailing:7",
    ),
    UploadClaimed(person_id=PERSON, app="documents", upload_id=UPLOAD),
    UploadReleased(person_id=PERSON, app="documents", upload_id=UPLOAD),
    DiscardUpload(upload_id=UPLOAD),
    UploadDiscarded(person_id=PERSON, app="documents", upload_id=UPLOAD),
    UploadInUse(person_id=PERSON, upload_id=UPLOAD),
    UploadHidden(person_id=PERSON, app="documents", upload_id=UPLOAD, version=4),
    UploadShown(person_id=PERSON, app="documents", upload_id=UPLOAD, version=5),
    CreateLink(target="42", title="Паспорт", upload_ids=(UPLOAD,), days=7),
    LinkCreated(person_id=PERSON, app="documents", target="42", link_id=5, expires_at=MOMENT),
    LinkRefused(person_id=PERSON, app="documents", reason="too_many_links", target="42"),
    RevokeLink(link_id=5),
    LinkRevoked(person_id=PERSON, app="documents", target="42", link_id=5),
    ListLinks(target="42"),
    LinkList(links=(LINK,)),
    NoLinks(),
    GetLink(link_id=5),
    LinkedFiles(person_id=PERSON, app="documents", title="Паспорт", files=(LINKED_FILE,)),
    DeadLink(reason="revoked"),
)

QUIET = QuietHours(begins="22:00", ends="07:30")

PEOPLE: tuple[Message, ...] = (
    RememberPerson(language="ru", time_zone="Europe/Moscow"),
    PersonRemembered(
        person_id=PERSON,
        app="documents",
        new=True,
        language="ru",
        time_zone="Europe/Moscow",
        quiet_hours=QUIET,
        seen_at=MOMENT,
    ),
    ChangeSettings(language="ru", time_zone="Europe/Moscow"),
    SettingsChanged(
        person_id=PERSON,
        language="ru",
        time_zone="Europe/Moscow",
        quiet_hours=QUIET,
        changed_at=MOMENT,
    ),
    ChangeQuietHours(quiet_hours=QUIET),
    ChangeOptOuts(category="offers", opted_out=True),
    OptOutsChanged(
        person_id=PERSON, category="offers", opted_out=("news", "offers"), changed_at=MOMENT
    ),
    GrantRole(person_id=PERSON, role="broadcaster"),
    RoleGranted(person_id=PERSON, role="broadcaster", granted_by=1002, changed_at=MOMENT),
    RevokeRole(person_id=PERSON, role="broadcaster"),
    RoleRevoked(person_id=PERSON, role="broadcaster", revoked_by=1002, changed_at=MOMENT),
    RoleRefused(person_id=PERSON, role="broadcaster", reason="unknown_person"),
    ListRoleHolders(role="broadcaster"),
    RoleHolders(
        role="broadcaster",
        holders=(RoleHolder(person_id=PERSON, granted_by=1002, granted_at=MOMENT),),
    ),
    RolesHidden(),
    SettingsRefused(person_id=PERSON, reason="unknown_time_zone", time_zone="Mars/Olympus"),
    ChangeReachability(blocked=True, reason="deactivated"),
    ReachabilityChanged(
        person_id=PERSON,
        app="documents",
        blocked=True,
        reason="deactivated",
        changed_at=MOMENT,
    ),
    ErasePerson(),
    PersonErased(person_id=PERSON),
    GetPerson(),
    Person(
        person_id=PERSON,
        known=True,
        language="ru",
        time_zone="Europe/Moscow",
        roles=("admin", "broadcaster"),
        blocked=("documents",),
        quiet_hours=QUIET,
        opted_out=("news", "offers"),
    ),
)

NOTICES: tuple[Message, ...] = (
    Notice(
        app="documents",
        chat_id=PERSON,
        screen=SCREEN,
        key="saved:42",
        version=2,
        urgency="reminder",
        not_after=MOMENT,
        message_id=7,
        receipt="mailing:7",
    ),
    NoticesEnded(
        ends=(
            NoticeEnd(
                app="documents",
                chat_id=PERSON,
                key="saved:42",
                version=2,
                receipt="mailing:7",
                result="blocked",
                message_id=7,
                reason="Forbidden: bot was blocked by the user",
            ),
        )
    ),
)

UPDATES: tuple[TelegramUpdate, ...] = (
    TelegramUpdate(
        app="documents",
        chat_id=PERSON,
        update_id=7,
        body={"update_id": 7, "message": {"message_id": 1, "text": "/start"}},
    ),
)

EXAMPLES: dict[str, tuple[Message, ...]] = {
    "broadcasts": BROADCASTS,
    "calendar": CALENDAR,
    "documents": DOCUMENTS,
    "files": FILES,
    "people": PEOPLE,
    "notices": NOTICES,
    "updates": UPDATES,
}
"""The examples by module of contracts/."""

_SUBJECTS: dict[type[Message], Callable[..., str]] = {
    Notice: subject_of_notice,
    TelegramUpdate: lambda update: subject_of_update(update.app, update.chat_id),
}


def example_subject(example: Message) -> str:
    """Return the subject that an example travels on; a reply goes to whoever asked."""
    if isinstance(example, Reply):
        return ""
    say = _SUBJECTS.get(type(example))
    return say(example) if say else subject_of(type(example))
