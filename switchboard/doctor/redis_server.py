"""Redis: each user that is known here can connect, and what it is told is on disk."""

import redis.asyncio
from redis.exceptions import NoPermissionError, RedisError, ResponseError

from switchboard.doctor.findings import Finding, Patient, ok, problem, unknown
from switchboard.redis_users import OPERATOR, REDIS_USERS, RedisUser

ASK_WITHIN = 3.0
WANTED = {"appendonly": "yes", "appendfsync": "always", "maxmemory-policy": "noeviction"}
_WHY = {
    "appendonly": "a restart forgets what is done and who was told, and repeats it",
    "appendfsync": "a power cut forgets what is done and who was told, and repeats it",
    "maxmemory-policy": "when memory is full, marks of what is done are thrown away",
}


async def check_redis(patient: Patient) -> list[Finding]:
    """Try every user, and read the persistence settings as the operator."""
    found: list[Finding] = []
    strangers = [user.name for user in REDIS_USERS if not patient.setting(user.variable)]
    if strangers:
        found.append(unknown("Redis users", f"addresses of {', '.join(strangers)} are not known"))
    for user in REDIS_USERS:
        if patient.setting(user.variable):
            found += await _user(user, patient.setting(user.variable))
    return found


async def _user(user: RedisUser, url: str) -> list[Finding]:
    check = f"Redis as {user.name}"
    client = redis.asyncio.Redis.from_url(
        url,
        socket_timeout=ASK_WITHIN,
        socket_connect_timeout=ASK_WITHIN,
        decode_responses=True,
    )
    try:
        await client.ping()
        if user.name == OPERATOR:
            return [ok(check, "answers"), *await _persistence(client)]
        return [ok(check, "answers")]
    except (redis.exceptions.AuthenticationError, ResponseError) as error:
        advice = f"Write the users anew with `switchboard redis-acl`, or correct {user.variable}."
        return [problem(check, f"it is refused: {error}", advice)]
    except (RedisError, OSError, ValueError) as error:
        advice = f"Start Redis, or correct {user.variable}. Services wait for it meanwhile."
        return [problem(check, f"there is no answer: {type(error).__name__}", advice)]
    finally:
        await client.aclose()


async def _persistence(client: "redis.asyncio.Redis") -> list[Finding]:
    try:
        there = {name: (await client.config_get(name)).get(name) for name in WANTED}
    except NoPermissionError:
        why = "the user operator may not ask for CONFIG GET"
        return [unknown("Redis on disk", why, "Look into redis.conf by hand.")]
    wrong = {name: value for name, value in there.items() if value != WANTED[name]}
    if not wrong:
        return [ok("Redis on disk", "every change is on disk before it is acknowledged")]
    return [
        problem(
            "Redis on disk",
            f"{name} is {value}: {_WHY[name]}",
            f"Set `{name} {WANTED[name]}` in redis.conf, and start Redis anew.",
        )
        for name, value in wrong.items()
    ]
