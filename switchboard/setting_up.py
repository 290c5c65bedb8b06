"""The commands that set up what lies under the services, before anything else runs."""

import asyncio
from pathlib import Path

import click

_folder = click.Path(file_okay=False, exists=True, path_type=Path)


@click.command()
def roles() -> None:
    """Make the database and its roles, or bring them to what is said.

    Connects as the superuser of SUPERUSER_DATABASE_URL. The roles' passwords are those in
    DATABASE_URL, QUERY_DATABASE_URL and MIGRATION_DATABASE_URL.
    """
    from switchboard.installation import make_roles
    from switchboard.secret_files import given_settings

    asyncio.run(make_roles(given_settings()))


@click.command("hand-out")
@click.option("--keys", type=_folder, required=True, help="Where all secrets are kept.")
@click.option("--to", "target", type=_folder, required=True, help="Of the containers' folders.")
def hand_out(keys: Path, target: Path) -> None:
    """Make the secrets of an installation in containers, and hand each its own.

    What exists stays. With BOT_TOKENS the bots are those of Telegram, without it the playground's.
    """
    from switchboard.handing_out import hand_out
    from switchboard.secret_files import given_settings

    changed = hand_out(keys, target, given_settings().get("BOT_TOKENS", "").strip())
    click.echo(f"Handed out anew: {', '.join(changed) or 'nothing'}.")


@click.command()
def migrate() -> None:
    """Bring the database of DATABASE_URL to the newest tables."""
    from switchboard.installation import migrate
    from switchboard.secret_files import given_settings

    asyncio.run(migrate(given_settings()))


@click.command()
def provision() -> None:
    """Create or update streams and consumers on the server of NATS_URL."""
    from switchboard.installation import provision_bus

    for change in asyncio.run(provision_bus()) or ["Nothing to change."]:
        click.echo(change)


@click.command()
def keys() -> None:
    """Make new keys for the users of NATS, as shell variables."""
    from bus.users import USERS
    from switchboard.keys import new_seed, seed_variable

    for user in USERS:
        click.echo(f"export {seed_variable(user)}={new_seed()}")


@click.command("nats-config")
@click.option("--store-dir", default="/data", show_default=True, help="Where streams are kept.")
@click.option("--listen", default="0.0.0.0:4222", show_default=True, help="Address for clients.")
@click.option("--http", default="127.0.0.1:8222", show_default=True, help="Address for monitoring.")
@click.option("--tls-cert", default="", help="A PEM file; with it every client needs TLS.")
@click.option("--tls-key", default="", help="The certificate's key, a PEM file.")
@click.option("--tls-ca", default="", help="Clients need a certificate of this authority, too.")
def nats_config(store_dir: str, listen: str, http: str, **tls: str) -> None:
    """Write nats.conf for the users' keys in NATS_KEY_* or NATS_SEED_*.

    The playground's user may have none, and is left out then.
    """
    from bus.server_config import ServerPlace, ServerTls, nats_config
    from services.discovery import consumers
    from switchboard.keys import public_keys
    from switchboard.secret_files import given_settings

    cert, key, ca = (tls[f"tls_{name}"] for name in ("cert", "key", "ca"))
    if bool(cert) != bool(key) or (ca and not cert):
        raise click.UsageError("--tls-cert and --tls-key go together; --tls-ca needs both.")
    files = ServerTls(cert=cert, key=key, ca=ca) if cert else None
    place = ServerPlace(store_dir=store_dir, listen=listen, http=http, tls=files)
    click.echo(nats_config(public_keys(given_settings()), consumers(), place))


@click.command("redis-acl")
def redis_acl() -> None:
    """Write Redis's aclfile for the passwords in REDIS_URL, BOT_REDIS_URL and the others."""
    from switchboard.redis_users import acl, passwords
    from switchboard.secret_files import given_settings

    click.echo(acl(passwords(given_settings())), nl=False)


COMMANDS = (roles, hand_out, migrate, provision, keys, nats_config, redis_acl)
