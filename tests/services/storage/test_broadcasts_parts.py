"""What mailings are made of: texts, files that each bot has to learn, uploaded lists."""

from datetime import timedelta
from typing import Literal

import pytest
from sqlalchemy import func, update

from bus import NotYet
from contracts.broadcasts import (
    AddRecipients,
    ChangeMailing,
    Content,
    ContinueMailing,
    CreateMailing,
    DeleteMailing,
    DiscardList,
    ListDiscarded,
    MailingDeleted,
    MailingFileWanted,
    MailingMedia,
    MailingPreviewed,
    MailingRefused,
    PreviewMailing,
    RecipientsAdded,
    RecipientsAddressed,
    RequestMailing,
    ResumeMailing,
)
from contracts.files import (
    TelegramFile,
    UploadClaimed,
    UploadKept,
    UploadNotSent,
    UploadReleased,
    UploadSent,
)
from contracts.people import OptOutsChanged, PersonErased
from database import broadcasts as tables
from tests.services.acting import Acting
from tests.services.storage.mailings import TEXT, Mailer, audience, newcomers


async def keep(mailer: Mailer, upload_id: str) -> Content:
    """Have a picture sent to the broadcasts bot, and return what says it."""
    file = TelegramFile(kind="photo", file_id="own", name="a.jpg", mime_type="image/jpeg", size=3)
    await mailer.acting.hear(
        UploadKept(
            person_id=mailer.person,
            app="broadcasts",
            upload_id=upload_id,
            file=file,
            sha256="0" * 64,
            size=3,
        )
    )
    return Content(text="Look", media=MailingMedia(upload_id=upload_id, kind="photo"))


def sent(mailer: Mailer, upload_id: str, app: str, chat_id: int) -> UploadSent:
    """Return what is heard once a bot has sent the bytes of a picture."""
    return UploadSent(
        person_id=mailer.person,
        upload_id=upload_id,
        file_id=f"of-{app}",
        app=app,
        chat_id=chat_id,
        message_id=5,
        receipt=f"mailing:{mailer.mailing_id}",
    )


def not_sent(
    mailer: Mailer, upload_id: str, chat_id: int, reason: Literal["gone", "unreachable"]
) -> UploadNotSent:
    """Return what is heard once the documents bot did not get the bytes of a picture to a chat."""
    return UploadNotSent(
        person_id=mailer.person,
        upload_id=upload_id,
        reason=reason,
        app="documents",
        chat_id=chat_id,
        receipt=f"mailing:{mailer.mailing_id}",
    )


async def test_each_bot_learns_a_file_from_its_first_recipient(mailer: Mailer) -> None:
    upload_id = f"upload-{mailer.person}"
    one, opted_out, two, three, four = people = newcomers(5)
    await mailer.meet(one, opted_out, two, three)
    await mailer.meet(four, app="broadcasts")
    content = Content(text="Look", media=MailingMedia(upload_id=upload_id, kind="photo"))
    list_id = await mailer.upload(*people)
    whom = audience(list_id, "documents", "broadcasts")
    with pytest.raises(NotYet):
        await mailer.draft(whom, content)
    await keep(mailer, upload_id)

    addressed = await mailer.start(whom, content)
    assert [each.upload_id for each in mailer.said(UploadClaimed)] == [upload_id]
    # Its own bot knows the file: it was sent there.
    assert [each.chat_id for each in addressed] == [four]
    (wanted,) = mailer.said(MailingFileWanted)
    assert (wanted.recipient.chat_id, wanted.person_id) == (one, mailer.person)
    assert await mailer.go_on() == []

    await mailer.acting.hear(not_sent(mailer, upload_id, one, "unreachable"))
    await mailer.acting.hear(
        OptOutsChanged(person_id=opted_out, category="news", opted_out=("news",))
    )
    await mailer.acting.do(ContinueMailing(mailing_id=mailer.mailing_id))
    (wanted,) = mailer.said(MailingFileWanted)
    assert wanted.recipient.chat_id == two
    await mailer.acting.hear(sent(mailer, upload_id, "documents", two))
    (event,) = mailer.said(RecipientsAddressed)
    assert [each.chat_id for each in event.recipients] == [three]
    assert [file.file_id for file in event.files] == ["of-documents"]

    await mailer.end([three, four])
    assert await mailer.results() == {"told": 3, "blocked": 1, "opted_out": 1}
    assert (await mailer.look()).editable == 3
    assert [each.upload_id for each in mailer.said(UploadReleased)] == [upload_id]


async def test_a_file_that_is_gone_pauses_and_one_not_heard_of_is_sent_to_another(
    mailer: Mailer,
) -> None:
    upload_id = f"gone-{mailer.person}"
    content = await keep(mailer, upload_id)
    people = newcomers(3)
    await mailer.know(people)
    await mailer.start_with(people, content=content)
    (wanted,) = mailer.said(MailingFileWanted)
    assert wanted.recipient.chat_id == people[0]
    async with mailer.acting.databases.storage.begin() as db:
        these = tables.MailingFile.mailing_id == mailer.mailing_id
        long_ago = func.now() - timedelta(minutes=11)
        await db.execute(
            update(tables.MailingFile)
            .where(these, tables.MailingFile.file_id.is_(None))
            .values(asked_at=long_ago)
        )
    await mailer.acting.do(ContinueMailing(mailing_id=mailer.mailing_id))
    (wanted,) = mailer.said(MailingFileWanted)
    assert wanted.recipient.chat_id == people[1]

    await mailer.acting.hear(not_sent(mailer, upload_id, people[1], "gone"))
    found = await mailer.look()
    assert (found.state, found.progress.left) == ("paused", 1)
    assert await mailer.results() == {"fate_unknown": 1, "no_file": 1}
    await mailer.acting.do(ResumeMailing(mailing_id=mailer.mailing_id))
    await mailer.acting.do(ContinueMailing(mailing_id=mailer.mailing_id))
    (wanted,) = mailer.said(MailingFileWanted)
    await mailer.acting.hear(sent(mailer, upload_id, "documents", people[2]))
    assert (await mailer.look()).state == "finished"


async def test_what_cannot_be_sent_is_refused(mailer: Mailer, somebody_else: Acting) -> None:
    content = await keep(mailer, f"other-{mailer.person}")
    (reader,) = newcomers(1)
    await mailer.meet(reader)
    other = Mailer(somebody_else)
    somebody_else.app, somebody_else.admins = "broadcasts", frozenset({other.person})
    foreign = audience(await other.upload(reader))
    for whom, what, reason, limit in (
        (audience(None), Content(text="<b> </b>"), "text_empty", 0),
        (audience(None), Content(text="&amp;" * 4097), "text_too_long", 4096),
        (audience(None), Content(text="a" * 4096 + " "), "text_too_long", 4096),
        (audience(None), Content(text="a" * 1025, media=content.media), "text_too_long", 1024),
        (audience(None, "unheard_of"), TEXT, "unknown_bot", 0),
        (foreign, TEXT, "no_such_list", 0),
    ):
        refused = await mailer.acting.do(CreateMailing(content=what, audience=whom))
        assert isinstance(refused, MailingRefused)
        assert (refused.reason, refused.limit) == (reason, limit)
    theirs = await other.acting.do(CreateMailing(content=content, audience=foreign))
    assert isinstance(theirs, MailingRefused)
    assert theirs.reason == "file_lost"
    nobody = audience(await mailer.upload(reader), category="news", languages=("ru",))
    request = await mailer.acting.do(RequestMailing(content=TEXT, audience=nobody))
    assert isinstance(request, MailingRefused)
    assert request.reason == "nobody"


async def test_drafts_are_changed_shown_and_deleted(mailer: Mailer) -> None:
    first, second = [await keep(mailer, f"{which}-{mailer.person}") for which in ("a", "b")]
    created = await mailer.draft(audience(None), first)
    claimed = mailer.said(UploadClaimed)
    change = ChangeMailing(mailing_id=created.mailing_id, version=1, content=second)
    await mailer.acting.do(change)
    released = mailer.said(UploadReleased)
    assert [each.upload_id for each in released] == [each.upload_id for each in claimed]
    shown = await mailer.acting.do(PreviewMailing(mailing_id=created.mailing_id))
    assert isinstance(shown, MailingPreviewed)
    assert (shown.file_id, shown.category, shown.content.text) == ("own", "news", "Look")
    deleted = await mailer.acting.do(DeleteMailing(mailing_id=created.mailing_id))
    assert isinstance(deleted, MailingDeleted)
    assert len(mailer.said(UploadReleased)) == 1


async def test_lists_have_everybody_once_and_nobody_unknown(mailer: Mailer) -> None:
    known = newcomers(3)
    unknown = newcomers(2)
    await mailer.know(known)

    async def add(*people: int, apps: tuple[str, ...] = ()) -> RecipientsAdded:
        command = AddRecipients(list_id=f"l-{mailer.person}", people=people, apps=apps)
        added = await mailer.acting.do(command)
        assert isinstance(added, RecipientsAdded)
        return added

    added = await add(known[0], known[0], known[1], *unknown)
    assert (added.added, added.doubles, added.unknown) == (2, 1, tuple(unknown))
    added = await add(known[1], known[2], apps=("documents",))
    assert (added.added, added.doubles, added.total) == (1, 1, 3)
    assert (await add(known[2], apps=("calendar",))).unknown == (known[2],)

    discard = DiscardList(list_id=f"l-{mailer.person}")
    await mailer.draft(audience(discard.list_id))
    kept = await mailer.acting.do(discard)
    assert isinstance(kept, ListDiscarded)
    assert not kept.discarded
    await mailer.acting.hear(PersonErased(person_id=known[0]))
    assert (await add(known[1])).total == 2
    await mailer.acting.do(DeleteMailing(mailing_id=mailer.mailing_id))
    assert (await mailer.acting.do(discard)).discarded


async def test_who_is_forgotten_leaves_nothing_of_their_mailings(mailer: Mailer) -> None:
    people = newcomers(2)
    await mailer.know(people)
    await mailer.start_with(people)
    await mailer.acting.hear(PersonErased(person_id=mailer.person))
    assert await mailer.comes_at() is None
    await mailer.meet(mailer.person)
    assert await mailer.end(people) == []
    async with mailer.acting.databases.storage() as db:
        assert await db.get(tables.Mailing, mailer.mailing_id) is None
