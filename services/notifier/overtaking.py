"""A version of a message is not told where a newer one is in hand already.

A chat takes one change a second: who says more than that of how far something is would be told of
what was, longer and longer behind, and whatever else the chat is to be told with it.
"""

from bus.delivery import CallNext, Delivery, Middleware
from contracts.notices import Notice
from services.notifier.telling import Teller

_Name = tuple[str, int, str]
"""Bot, chat and key of a message."""


class Versions:
    """The versions of each message that are in hand, of those that nobody hears the end of.

    Only newer ones that will be told, however late, make another pointless.
    """

    def __init__(self) -> None:
        self._in_hand: dict[_Name, list[int]] = {}

    def keeping(self) -> Middleware:
        """Have a version known from when it is in hand until it is settled."""

        async def keep(delivery: Delivery, call_next: CallNext) -> None:
            notice = _versioned(delivery)
            if notice is None or notice.not_after:
                return await call_next(delivery)
            name = _name(notice)
            self._in_hand.setdefault(name, []).append(notice.version)
            try:
                await call_next(delivery)
            finally:
                self._in_hand[name].remove(notice.version)
                if not self._in_hand[name]:
                    del self._in_hand[name]

        return keep

    def passing_over(self, teller: Teller) -> Middleware:
        """End what is overtaken, before it waits for its turn."""

        async def pass_over(delivery: Delivery, call_next: CallNext) -> None:
            notice = _versioned(delivery)
            if notice and notice.screen and self._is_overtaken(notice):
                teller.pass_over(notice.urgency)
            else:
                await call_next(delivery)

        return pass_over

    def _is_overtaken(self, notice: Notice) -> bool:
        return max(self._in_hand.get(_name(notice), ()), default=0) > notice.version


def _versioned(delivery: Delivery) -> Notice | None:
    notice = delivery.message
    if isinstance(notice, Notice) and notice.version and not notice.receipt:
        return notice
    return None


def _name(notice: Notice) -> _Name:
    return notice.app, notice.chat_id, notice.key
