"""Feeds are created and revoked; the address of one is made where it is asked for."""

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from bus import Actor
from contracts.calendar import CreateFeed, FeedCreated, FeedRevoked, RevokeFeed
from database import Session
from database.calendar import Feed
from services.storage.calendar.own import owner_of
from services.storage.calendar.registration import router


@router.handle
async def create_feed(command: CreateFeed, actor: Actor, db: Session) -> FeedCreated:
    """There is one at a time: who wants another address revokes this one first."""
    await owner_of(actor.person, db)
    feed = insert(Feed).values(person_id=actor.person).on_conflict_do_nothing()
    new = await db.scalar(feed.returning(Feed.id))
    if new is not None:
        return FeedCreated(person_id=actor.person, feed_id=new, new=True)
    own = select(Feed.id).where(Feed.person_id == actor.person)
    feed_id = (await db.scalars(own)).one()
    return FeedCreated(person_id=actor.person, feed_id=feed_id, new=False)


@router.handle
async def revoke_feed(command: RevokeFeed, actor: Actor, db: Session) -> FeedRevoked:
    """Its id never comes again, and with it no address."""
    await db.execute(delete(Feed).where(Feed.person_id == actor.person))
    return FeedRevoked(person_id=actor.person)
