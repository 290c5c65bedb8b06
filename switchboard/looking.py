"""The commands for whoever looks at the bus from outside: with the NATS CLI, or by its document."""

from pathlib import Path

import click


@click.command()
@click.option(
    "--examples",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("tests/contracts/golden"),
    show_default=True,
    help="Messages as they travel.",
)
def asyncapi(examples: Path) -> None:
    """Describe every message, channel and stream as an AsyncAPI document."""
    from switchboard.asyncapi.document import document, read_examples, written

    click.echo(written(document(read_examples(examples))), nl=False)


@click.command()
@click.option("--name", default="switchboard", show_default=True, help="Of the context.")
@click.option(
    "--config",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder for it; the NATS CLI's own, if left out.",
)
@click.option(
    "--directory",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(".local"),
    show_default=True,
    help="A local run whose settings are used when NATS_URL is not set.",
)
def context(name: str, config: Path | None, directory: Path) -> None:
    """Let the NATS CLI look at the bus as its operator."""
    from switchboard.nats_context import config_folder, write_context
    from switchboard.operator import operator_settings

    settings = operator_settings(directory)
    seed = settings.nats_seed_operator.get_secret_value()
    file = write_context(config or config_folder(), name, settings.nats_url, seed)
    click.echo(f"{file} is written: nats --context {name} stream ls")
