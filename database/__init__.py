"""PostgreSQL: the tables, one module an app, and how services reach them."""

from sqlalchemy.ext.asyncio import AsyncSession as Session

__all__ = ["Session"]
