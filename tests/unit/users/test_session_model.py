"""Whatever is done with the tokens of log-ins, in whatever order: a model of sessions against the handlers.

Of one log-in there is one refresh token at most that has not been used and is good; and none after its session ended.
"""

from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from shared.ids import new_id
from subgraphs.users.commands.end_session import EndSession, log_out
from subgraphs.users.commands.end_sessions import EndSessions, end_sessions
from subgraphs.users.commands.forget_sessions import ForgetSessions, forget_sessions
from subgraphs.users.commands.refresh_session import RefreshSession, refresh_session
from subgraphs.users.domain.rejections import RefreshTokenInvalid
from subgraphs.users.domain.tokens import REFRESH_GRACE, REFRESH_TOKEN_LIFETIME
from tests.fakes.users import UsersTwin

Answer = TypeVar("Answer")
JUMPS = (timedelta(seconds=1), REFRESH_GRACE - timedelta(seconds=1), REFRESH_GRACE, REFRESH_TOKEN_LIFETIME)


class Sessions(RuleBasedStateMachine):
    """Two users who log in, refresh in any order and twice, log out and come back after a while."""

    tokens: Bundle[str] = Bundle("tokens")

    def __init__(self) -> None:
        super().__init__()
        self.users = UsersTwin()
        self.people = new_id(), new_id()
        self.session_of: dict[str, UUID] = {}
        self.following: dict[str, str] = {}
        self.used_at: dict[str, timedelta] = {}
        self.ended: set[UUID] = set()

    @rule(target=tokens, person=st.sampled_from((0, 1)))
    def log_in(self, person: int) -> str:
        session, token = done(self.users.sessions.begin(self.people[person]))
        self.session_of[token.token] = session.id
        return token.token

    @rule(target=tokens, token=tokens)
    def refresh(self, token: str) -> str:
        session_id, expected = self.session_of[token], self.following.get(token)
        try:
            answered = done(refresh_session(RefreshSession(token), self.users)).refresh_token
        except RefreshTokenInvalid:
            if expected is not None and not self._is_soon(token):
                self.ended.add(session_id)  # it was stolen
            return token
        assert session_id not in self.ended
        assert expected is None or (answered == expected and self._is_soon(token))
        self.session_of[answered], self.following[token] = session_id, answered
        self.used_at.setdefault(token, self.users.sessions.passed)
        return answered

    def _is_soon(self, token: str) -> bool:
        return self.users.sessions.passed - self.used_at[token] < REFRESH_GRACE

    @rule(token=tokens)
    def log_out(self, token: str) -> None:
        known = self.users.sessions.known.get(self.session_of[token])
        if known is not None:
            done(log_out(EndSession(known.session.user_id, known.session.id), self.users))
            self.ended.add(known.session.id)

    @rule(person=st.sampled_from((0, 1)), token=tokens, keeps=st.booleans())
    def log_out_everywhere(self, person: int, token: str, keeps: bool) -> None:
        kept = self.session_of[token] if keeps else None
        own = {key for key, its in self.users.sessions.known.items() if its.session.user_id == self.people[person]}
        done(end_sessions(EndSessions(self.people[person], kept), self.users))
        self.ended |= own - {kept}

    @rule(jump=st.sampled_from(JUMPS))
    def time_passes(self, jump: timedelta) -> None:
        self.users.sessions.passed += jump

    @rule()
    def forget(self) -> None:
        done(forget_sessions(ForgetSessions(), self.users))

    @invariant()
    def a_log_in_has_one_live_token_at_most(self) -> None:
        for session_id, known in self.users.sessions.known.items():
            live = [token for token in known.tokens if token not in known.exchanged]
            assert len(live) <= 1, "two families live from one log-in"
            assert session_id not in self.ended or known.is_ended, "a session that was ended goes on"


def done(work: Coroutine[Any, Any, Answer]) -> Answer:
    """What comes of work that waits for nothing, as twins do; with an event loop, each step takes ten times as long."""
    try:
        work.send(None)
    except StopIteration as ended:
        answer: Answer = ended.value
        return answer
    raise AssertionError("it waits")


TestSessions = Sessions.TestCase
TestSessions.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
