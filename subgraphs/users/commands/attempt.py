"""What the throttle is told of who tries a password."""

from shared.ids import new_id
from subgraphs.users.domain.account import Credentials
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.tokens import Attempt, Origin


async def attempt_at(known: Credentials | None, email: str, origin: Origin, work: UsersWork) -> Attempt:
    """An attempt at an account, if there is one. Where there is none as much is asked, so that it takes as long."""
    network = origin.network
    if network is None:
        return Attempt(email)
    is_from_home = await work.sessions.were_at(known.user_id if known else new_id(), network)
    return Attempt(email, network, is_from_home)
