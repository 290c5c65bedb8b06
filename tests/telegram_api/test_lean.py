"""aiogram's models are what they were, also when they are built only when they are used."""

import json
import subprocess
import sys

import pytest
from aiogram.types import Update

BUILD = """
import json
from telegram_api.lean import models_built_when_used
with models_built_when_used():
    import aiogram
from aiogram import methods, types
assert not types.Update.__pydantic_complete__
schema = types.Update.model_json_schema()
for module in (types, methods):
    for model in map(vars(module).get, module.__all__):
        if hasattr(model, "model_rebuild"):
            model.model_rebuild()
            assert model.__pydantic_complete__, model
print(json.dumps(schema))
"""


@pytest.mark.filterwarnings("ignore:Default value")  # aiogram's own, as its schema is written
def test_all_of_them_can_be_built_and_an_update_is_the_same() -> None:
    command = [sys.executable, "-c", BUILD]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    assert json.loads(said) == Update.model_json_schema()
