"""How much each person may keep, as whoever runs the installation has set it."""

from dataclasses import dataclass

from pydantic import BaseModel, Field

GIBIBYTE = 1024**3


@dataclass(frozen=True, slots=True)
class Quotas:
    """The most that one person may keep: documents, and bytes of their files."""

    documents: int
    size: int


class QuotaSettings(BaseModel):
    """The settings of quotas: storage enforces them, query tells how much is left."""

    quota_documents: int = Field(
        default=1000, ge=1, description="how many documents a person may keep"
    )
    quota_bytes: int = Field(
        default=GIBIBYTE, ge=1, description="how many bytes a person's files may have together"
    )

    @property
    def quotas(self) -> Quotas:
        """Both together, as handlers ask for them."""
        return Quotas(documents=self.quota_documents, size=self.quota_bytes)
