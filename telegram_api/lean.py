"""aiogram without the schemas of all it knows: each of its models is built when it is first used.

A bot needs some thirty of aiogram's several hundred models. To build all of them took most of a
service's start and half of its memory.
"""

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from pydantic import BaseModel, ConfigDict


def import_lean(name: str) -> ModuleType:
    """Import a module, and with it aiogram if it needs that. Raises ImportError."""
    with models_built_when_used():
        return importlib.import_module(name)


@contextmanager
def models_built_when_used() -> Iterator[None]:
    """Let models that are imported within put off the building of their schemas.

    That is pydantic's `defer_build`, for classes that do not ask for it themselves.
    """
    config, rebuild = BaseModel.model_config, BaseModel.__dict__["model_rebuild"]

    def know_names(cls: type[BaseModel], /, **how: Any) -> bool | None:
        if "_types_namespace" not in how:
            built: bool | None = rebuild.__get__(None, cls)(**how)
            return built
        # What the model would be built with now it is to find when it is.
        names = vars(sys.modules[cls.__module__])
        for name, found in how["_types_namespace"].items():
            names.setdefault(name, found)
        return None

    BaseModel.model_config = ConfigDict(defer_build=True)
    BaseModel.model_rebuild = classmethod(know_names)  # type: ignore[assignment] # put back below
    try:
        yield
    finally:
        BaseModel.model_rebuild = rebuild  # type: ignore[method-assign] # what it was
        BaseModel.model_config = config
