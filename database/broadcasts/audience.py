"""Who is in an audience: each person once, with the bot that writes to them."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import ARRAY, ColumnElement, Select, Subquery, Text, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on

from contracts.broadcasts import Audience
from database.broadcasts.people import Contact, ListedPerson, Reader


def chosen(audience: Audience) -> Select[int, str]:
    """Select person_id and app of all in an audience, each person once, in the order of their ids.

    Of the chosen bots that may write to them, it is the one they wrote to last.
    """
    return (
        select(Contact.person_id, Contact.app)
        .join(Reader, Reader.person_id == Contact.person_id)
        .where(
            *_narrowed(audience),
            Contact.unreachable.is_(None),
            ~_opted_out(audience),
        )
        .order_by(Contact.person_id, Contact.last_active.desc(), Contact.app)
        .ext(distinct_on(Contact.person_id))
    )


def tried(audience: Audience) -> Subquery:
    """Select whom an audience consists of with those who opted out or cannot be reached.

    Its columns are person_id, app (NULL where no bot may write to them) and opted_out.
    """
    by_last = aggregate_order_by(Contact.app, Contact.last_active.desc(), Contact.app)
    apps = func.array_agg(by_last).filter(Contact.unreachable.is_(None))
    return (
        select(
            Contact.person_id,
            apps[1].label("app"),
            func.bool_or(_opted_out(audience)).label("opted_out"),
        )
        .join(Reader, Reader.person_id == Contact.person_id)
        .where(*_narrowed(audience))
        .group_by(Contact.person_id)
        .subquery()
    )


def _narrowed(audience: Audience) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Contact.app == _one_of(audience.apps)]
    if audience.languages:
        conditions.append(Reader.language == _one_of(audience.languages))
    if audience.active_days:
        since = func.now() - timedelta(days=audience.active_days)
        conditions.append(Contact.last_active >= since)
    if audience.list_id is not None:
        listed = select(ListedPerson.person_id).where(ListedPerson.list_id == audience.list_id)
        conditions.append(Contact.person_id.in_(listed))
    return conditions


def _one_of(texts: Iterable[str]) -> ColumnElement[str]:
    """Return what equals any of them, in one statement for however many."""
    return func.any(literal(list(texts), ARRAY(Text)))


def _opted_out(audience: Audience) -> ColumnElement[bool]:
    return literal(str(audience.category)) == func.any(Reader.opted_out)
