"""Redis's users: each service reaches its own keys by the commands it needs, and nothing else."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from switchboard.errors import Trouble

OPERATOR = "operator"

_SERVICE_COMMANDS = (
    *("+hello", "+client|setname", "+ping"),
    *("+get", "+mget", "+set", "+del", "+exists", "+expire", "+pexpire", "+ttl", "+pttl"),
    *("+zadd", "+zrem", "+zremrangebyscore", "+zcount", "+zrangebyscore", "+zscore"),
    *("+incr", "+incrby", "+hget", "+hgetall", "+hmget", "+hset"),
    # What a script calls is checked against the same list.
    *("+eval", "+evalsha", "+script|load", "+time"),
    *("+multi", "+exec", "+discard"),
)

_OPERATOR_COMMANDS = (
    "+@all",
    *("-@admin", "-@dangerous", "-@scripting"),
    # What tells how the server does; nothing that changes it.
    *("+info", "+keys", "+config|get", "+client|list", "+slowlog", "+latency", "+acl|getuser"),
)


@dataclass(frozen=True, slots=True)
class RedisUser:
    """What one user may do."""

    name: str
    prefixes: Sequence[str]
    """The keys it may touch begin with one of these; the empty one is every key."""
    commands: Sequence[str]
    """Rules of an ACL."""

    @property
    def variable(self) -> str:
        """The environment variable that holds the address with the user's password."""
        return "REDIS_URL" if self.name == OPERATOR else f"{self.name.upper()}_REDIS_URL"

    def rule(self, password: str) -> str:
        """Return its line of an ACL file, which holds no more than a hash of the password."""
        digest = hashlib.sha256(password.encode()).hexdigest()
        keys = [f"~{prefix}*" for prefix in self.prefixes]
        words = ["on", f"#{digest}", "resetkeys", *keys, "resetchannels", "-@all", *self.commands]
        return f"user {self.name} {' '.join(words)}"


def _service(name: str, *prefixes: str) -> RedisUser:
    return RedisUser(name, tuple(f"{prefix}:" for prefix in prefixes), _SERVICE_COMMANDS)


REDIS_USERS: Sequence[RedisUser] = (
    _service("bot", "done", "dialog", "person", "seen", "told", "sent", "flood", "rate"),
    _service("notifier", "told", "sent", "rate"),
    _service("files", "rate"),
    RedisUser(OPERATOR, ("",), _OPERATOR_COMMANDS),
)


def acl(passwords: Mapping[str, str]) -> str:
    """Return the file that Redis's setting `aclfile` names; `passwords` are by user."""
    rules = [user.rule(passwords[user.name]) for user in REDIS_USERS]
    # Who gives no name is nobody: this user is off. It may do everything all the same, because
    # Redis 7 and Valkey read their append-only file as this user, and would drop at a restart what
    # scripts and transactions have written: redis/redis#14541, valkey-io/valkey#3983.
    return "".join(f"{line}\n" for line in ["user default off resetpass ~* &* +@all", *rules])


def passwords(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the users' passwords as their addresses hold them.

    Raises `Trouble` where an address is missing or names somebody else.
    """
    return {user.name: _password(user, environment) for user in REDIS_USERS}


def _password(user: RedisUser, environment: Mapping[str, str]) -> str:
    expected = f"redis://{user.name}:<password>@<host>"
    try:
        parts = urlsplit(environment[user.variable])
    except KeyError:
        raise Trouble(f"{user.variable} must be set: {expected}.") from None
    except ValueError:
        raise Trouble(f"{user.variable} is no address; expected: {expected}.") from None
    if unquote(parts.username or "") != user.name or not parts.password:
        raise Trouble(f"{user.variable} must name its user and a password: {expected}.")
    return unquote(parts.password)
