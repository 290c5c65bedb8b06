"""The project's own rules of source files: sizes, names, reasons, secrets."""

import ast
import inspect
import io
import re
import tokenize
from pathlib import Path

from pydantic_settings import BaseSettings

import services.settings
from tests.sources import functions, place, sources, tree

MODULE_LINES, FUNCTION_LINES, PARAMETERS = 250, 40, 5
FORBIDDEN_NAMES = {"common", "utils", "helpers", "manager", "core"}
"""A name that says nothing gathers everything."""

EXEMPT_FROM_SIZE: frozenset[str] = frozenset(
    {
        "screens/documents/refusals.py:_why",  # a table: one case and one sentence a reason
        "tests/examples.py",  # a table: one example a message
    }
)
"""`path` or `path:function` that may be larger, each with its reason in a comment; near empty."""


def test_a_module_says_in_one_sentence_what_it_is() -> None:
    sentence = re.compile(r"[^\n]+[.:;?!…]")
    docstrings = {file: ast.get_docstring(tree(file)) or "" for file in sources()}
    assert [
        place(file)
        for file, docstring in docstrings.items()
        if not sentence.fullmatch(docstring.split("\n\n")[0])
    ] == []


def test_modules_and_functions_stay_small() -> None:
    found = {
        place(file): f"{lines} lines"
        for file in sources()
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > MODULE_LINES
    }
    for name, node in functions():
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        if lines > FUNCTION_LINES:
            found[name] = f"{lines} lines"
    assert {name: size for name, size in found.items() if name not in EXEMPT_FROM_SIZE} == {}


def test_functions_take_few_parameters() -> None:
    found = {}
    for name, node in functions():
        given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        count = sum(argument.arg not in {"self", "cls"} for argument in given)
        if count > PARAMETERS and name not in EXEMPT_FROM_SIZE:
            found[name] = count
    assert found == {}


def test_names_say_something() -> None:
    named = [part for file in sources() for part in Path(place(file)).with_suffix("").parts]
    assert FORBIDDEN_NAMES.isdisjoint(named)


def test_what_is_ignored_has_its_reason_on_the_line() -> None:
    bare = re.compile(r"#\s*(type:\s*ignore(\[[\w, -]+\])?|noqa(:\s*[A-Z0-9, ]+)?)\s*$")
    found = [
        f"{place(file)}:{token.start[0]}"
        for file in sources()
        for token in tokenize.generate_tokens(io.StringIO(file.read_text("utf-8")).readline)
        if token.type == tokenize.COMMENT and bare.search(token.string)
    ]
    assert found == []


def test_nothing_points_outside_of_the_project() -> None:
    outside = re.compile(r"\.\./shared|/work/|/home/\w|/root/|/Users/")
    found = [
        f"{place(file)}: {match[0]}"
        for file in sources()
        if file != Path(__file__)
        for match in outside.finditer(file.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_secrets_are_kept_secret_by_type() -> None:
    secret = re.compile(r"token|seed|secret|password|access_key|database_url|redis_url")
    for name, settings in inspect.getmembers(services.settings, inspect.isclass):
        if issubclass(settings, BaseSettings):
            for field, described in settings.model_fields.items():
                if secret.search(field):
                    # A form that is checked wraps its type in Annotated.
                    kept = str(described.annotation)
                    assert "SecretStr" in kept, f"{name}.{field}"
