"""Whatever is done with the tokens of log-ins, in whatever order: a model of sessions for the handlers of users.

Of one log-in there is one refresh token at most that has not been used and is good; and none after its session ended.
"""

from collections.abc import Coroutine, Mapping
from datetime import timedelta
from typing import Any, Protocol, TypeVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from subgraphs.users.commands.end_session import EndSession, log_out
from subgraphs.users.commands.end_sessions import EndSessions, end_sessions
from subgraphs.users.commands.forget_sessions import ForgetSessions, forget_sessions
from subgraphs.users.commands.refresh_session import RefreshSession, refresh_session
from subgraphs.users.domain.ports import UsersWork
from subgraphs.users.domain.rejections import RefreshTokenInvalid
from subgraphs.users.domain.tokens import REFRESH_GRACE, REFRESH_TOKEN_LIFETIME, UNKNOWN_ORIGIN

Answer = TypeVar("Answer")
# All of them tens of seconds, as is the grace: that an example takes some seconds itself makes no difference.
JUMPS = (timedelta(seconds=10), timedelta(seconds=-10), REFRESH_GRACE, REFRESH_TOKEN_LIFETIME)


class World(Protocol):
    """Where the model's sessions are."""

    @property
    def work(self) -> UsersWork: ...

    def do(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        """What comes of it."""

    def do_at_once(self, first: Coroutine[Any, Any, Answer], second: Coroutine[Any, Any, Answer]) -> list[Answer]:
        """What comes of both."""

    def person(self) -> UUID:
        """Somebody new who has an account."""

    def passes(self, time: timedelta) -> None:
        """The clock goes on, or is set back."""

    def live_tokens(self, people: tuple[UUID, ...]) -> Mapping[UUID, int]:
        """How many refresh tokens of each of their sessions are neither used nor ended."""

    def refused(self) -> set[UUID]:
        """The sessions whose access tokens are refused."""


class Sessions(RuleBasedStateMachine):
    """Two users who log in, refresh in any order and twice, log out and come back after a while."""

    world: World
    tokens: Bundle[str] = Bundle("tokens")

    def __init__(self) -> None:
        super().__init__()
        self.people = self.world.person(), self.world.person()
        self.owner_of: dict[UUID, UUID] = {}
        self.session_of: dict[str, UUID] = {}
        self.following: dict[str, str] = {}
        self.used_at: dict[str, timedelta] = {}
        self.issued_at: dict[str, timedelta] = {}
        self.forgotten: set[str] = set()
        self.ended: set[UUID] = set()
        self.now = timedelta()

    @rule(target=tokens, person=st.sampled_from((0, 1)))
    def log_in(self, person: int) -> str:
        session, token = self.world.do(self.world.work.sessions.begin(self.people[person], UNKNOWN_ORIGIN))
        self.owner_of[session.id] = self.people[person]
        self._issued(token.token, session.id)
        return token.token

    @rule(target=tokens, token=tokens)
    def refresh(self, token: str) -> str:
        return self._answered(token, self.world.do(self._refreshed(token)))

    @rule(target=tokens, token=tokens)
    def refresh_in_two_tabs(self, token: str) -> str:
        first, second = self.world.do_at_once(self._refreshed(token), self._refreshed(token))
        assert first == second, "two tabs are answered alike"
        return self._answered(token, first)

    @rule(target=tokens, token=tokens)
    def refresh_after_the_grace(self, token: str) -> str:
        self._passes(REFRESH_GRACE)
        return self._answered(token, self.world.do(self._refreshed(token)))

    async def _refreshed(self, token: str) -> str | None:
        try:
            return (await refresh_session(RefreshSession(token), self.world.work)).refresh_token
        except RefreshTokenInvalid:
            return None

    def _answered(self, token: str, answered: str | None) -> str:
        session_id, expected = self.session_of[token], self.following.get(token)
        if answered is None:
            self._rejected(token)
            return token
        assert session_id not in self.ended, "a session that ended goes on"
        assert token not in self.forgotten
        assert expected is None or (answered == expected and self._is_soon(token))
        if expected is None:
            assert not self._has_expired(token)
            self._issued(answered, session_id)
            self.following[token], self.used_at[token] = answered, self.now
        return answered

    def _rejected(self, token: str) -> None:
        if token in self.following and not self._is_soon(token) and token not in self.forgotten:
            self.ended.add(self.session_of[token])  # it was stolen
        is_lost = self.session_of[token] in self.ended or token in self.forgotten
        assert is_lost or (token not in self.following and self._has_expired(token)), "a good token was rejected"

    def _issued(self, token: str, session_id: UUID) -> None:
        self.session_of[token], self.issued_at[token] = session_id, self.now

    def _is_soon(self, token: str) -> bool:
        return self.now - self.used_at[token] < REFRESH_GRACE

    def _has_expired(self, token: str) -> bool:
        return self.now - self.issued_at[token] >= REFRESH_TOKEN_LIFETIME

    @rule(token=tokens)
    def log_out(self, token: str) -> None:
        session_id = self.session_of[token]
        self.world.do(log_out(EndSession(self.owner_of[session_id], session_id), self.world.work))
        self._ended(session_id)

    @rule(person=st.sampled_from((0, 1)), token=tokens)
    def log_somebody_else_out(self, person: int, token: str) -> None:
        session_id = self.session_of[token]
        self.world.do(log_out(EndSession(self.people[person], session_id), self.world.work))
        if self.people[person] == self.owner_of[session_id]:
            self._ended(session_id)

    @rule(person=st.sampled_from((0, 1)), token=tokens, keeps=st.booleans())
    def log_out_everywhere(self, person: int, token: str, keeps: bool) -> None:
        kept = self.session_of[token] if keeps else None
        self.world.do(end_sessions(EndSessions(self.people[person], kept), self.world.work))
        for session_id, owner in self.owner_of.items():
            if owner == self.people[person] and session_id != kept:
                self._ended(session_id)

    def _ended(self, session_id: UUID) -> None:
        """Where it was not forgotten before."""
        if not all(token in self.forgotten for token, its in self.session_of.items() if its == session_id):
            self.ended.add(session_id)

    @rule(jump=st.sampled_from(JUMPS))
    def time_passes(self, jump: timedelta) -> None:
        self._passes(jump)

    def _passes(self, jump: timedelta) -> None:
        self.world.passes(jump)
        self.now += jump

    @rule()
    def forget(self) -> None:
        self.world.do(forget_sessions(ForgetSessions(), self.world.work))
        self.forgotten |= {token for token in self.session_of if self._has_expired(token)}

    @invariant()
    def a_log_in_has_one_live_token_at_most(self) -> None:
        live = self.world.live_tokens(self.people)
        assert all(count <= 1 for count in live.values()), "two families live from one log-in"
        assert self.ended.isdisjoint(live), "a session that was ended goes on"

    @invariant()
    def access_tokens_of_what_ended_and_of_nothing_else_are_refused(self) -> None:
        assert self.world.refused() & set(self.owner_of) == self.ended
