"""Random calls of any Bot API method, built from the annotations of aiogram's classes."""

import types
from collections.abc import Callable
from datetime import UTC, datetime
from enum import Enum
from random import Random
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from aiogram.client.default import Default
from aiogram.methods.base import TelegramMethod
from aiogram.types import BufferedInputFile, InputFile
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from typing_extensions import TypeAliasType

# Texts that look like something else once they travel as form fields.
TEXTS = ["123", "-7", "null", "true", '{"a": 1}', "[1, 2]", '"quoted"', "привет 😀", "a&b=c", " x "]
DEEPEST = 3  # further down only what is required


class RandomMethods:
    """An endless supply; the same seed makes the same calls."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._simple: dict[Any, Callable[[], Any]] = {
            str: lambda: self._random.choice(TEXTS),
            int: lambda: self._random.randrange(1, 2**52),
            float: lambda: self._random.randrange(1, 1000) / 8,
            bool: lambda: True,
            datetime: lambda: datetime.fromtimestamp(self._random.randrange(2**31), UTC),
            InputFile: lambda: BufferedInputFile(self._random.randbytes(9), "file.bin"),
            Any: lambda: "anything",
        }

    def build(self, method: type[TelegramMethod[Any]]) -> TelegramMethod[Any]:
        """A call with all required parameters and some of the others."""
        return method.model_validate(self._fields(method, depth=0))

    def _fields(self, model: type[BaseModel], depth: int) -> dict[str, Any]:
        model.model_rebuild()  # of aiogram's, which are built only when they are used
        return {
            name: self._value(field.annotation, depth)
            for name, field in model.model_fields.items()
            if field.is_required() or self._chosen(field, depth)
        }

    def _chosen(self, field: FieldInfo, depth: int) -> bool:
        is_constant = not isinstance(field.default, Default) and field.default is not None
        return not is_constant and depth < DEEPEST and self._random.random() < 0.4

    def _value(self, annotation: Any, depth: int) -> Any:
        origin, members = get_origin(annotation), get_args(annotation)
        if isinstance(annotation, TypeAliasType):  # one that contains itself
            return self._value(annotation.__value__ if depth < DEEPEST else str, depth + 1)
        if origin is Annotated:
            return self._value(members[0], depth)
        if origin in (Union, types.UnionType):
            # A timedelta is relative to the moment of sending: no two dumps are alike.
            unusable = (types.NoneType, Default, Any) if len(members) > 1 else ()
            usable = [m for m in members if m not in unusable and "timedelta" not in str(m)]
            return self._value(self._random.choice(usable), depth)
        if origin is list:
            return [self._value(members[0], depth + 1) for _ in range(self._random.randint(1, 2))]
        if origin is Literal:
            return self._random.choice(members)
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return annotation.model_validate(self._fields(annotation, depth + 1))
        if isinstance(annotation, type) and issubclass(annotation, Enum):
            return self._random.choice(list(annotation))
        return self._simple[annotation]()
