"""How much a person keeps, and how much they may."""

import msgspec


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """What is used of the quotas, the trash and older versions included; sizes in bytes."""

    documents: int
    documents_allowed: int
    size: int
    size_allowed: int
