"""The NATS users of the services, as far as their seeds are known here: each is tried."""

import asyncio

from pydantic import SecretStr

from bus.attempt import Unreachable, attempt
from bus.checkup import may_look_at_streams, missing_permissions
from bus.users import USERS
from switchboard.doctor.findings import Finding, Patient, ok, problem, unknown
from switchboard.keys import seed_variable

_CHECK = "NATS users"
_ANEW = "Write the server's configuration anew with `switchboard nats-config`, and reload it."


async def check_nats_users(patient: Patient) -> list[Finding]:
    """Connect as each user, and ask for what it needs; nothing is published or taken by that."""
    services = [name for name, user in USERS.items() if not user.everything]
    known = [name for name in services if patient.setting(seed_variable(name))]
    found = [
        each for user in await asyncio.gather(*(_user(patient, n) for n in known)) for each in user
    ]
    if known and not found:
        found.append(ok(_CHECK, f"{', '.join(known)} can do what they need, and not more"))
    strangers = [name for name in services if name not in known and not _may_miss(name)]
    if strangers:
        found.append(unknown(_CHECK, f"the seeds of {', '.join(strangers)} are not known here"))
    return found


def _may_miss(user: str) -> bool:
    return USERS[user].only_development


async def _user(patient: Patient, user: str) -> list[Finding]:
    seed = SecretStr(patient.setting(seed_variable(user)))
    try:
        async with attempt(patient.setting("NATS_URL"), user, seed) as trial:
            missing, looks = await asyncio.gather(
                missing_permissions(trial, user, patient.consumers), may_look_at_streams(trial)
            )
    except Unreachable as error:
        if "authorization" in str(error).lower():
            return [problem(_CHECK, f"the server does not know the key of {user}", _ANEW)]
        return [unknown(_CHECK, f"{user} cannot connect: {error}")]
    found = []
    if missing:
        said = f"{user} may not use {', '.join(missing)}"
        found.append(problem(_CHECK, said, f"{_ANEW} Or a stream or consumer of it is missing."))
    if looks:
        found.append(problem(_CHECK, f"{user} may look at all streams", _ANEW))
    return found
