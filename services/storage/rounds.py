"""Whom of a group the handlers are called with, call by call."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence

from services.storage.collecting import Member

Round = list[Member]
"""Those of one call: several of a handler of many, else one."""


def rounds(members: Sequence[Member]) -> list[Round]:
    """Return the calls for members, in the order of the first of each.

    A handler of many is called with all that are there for it. Of those that it wants apart each is
    in a later call than the one before it.
    """
    calls = list[Round]()
    of_handler = defaultdict[str, list[Round]](list)
    times = Counter[tuple[str, Hashable]]()
    for member in members:
        delivery = member.delivery
        name, apart = delivery.handler.name, delivery.handler.apart
        if apart is None:
            calls.append([member])
            continue
        key = name, apart(delivery.message, delivery.envelope)
        if times[key] == len(of_handler[name]):
            of_handler[name].append([])
            calls.append(of_handler[name][-1])
        of_handler[name][times[key]].append(member)
        times[key] += 1
    return calls
