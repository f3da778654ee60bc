"""What operators see of sessions."""

from prometheus_client import Counter

from subgraphs.users.domain.tokens import EndReason

BEGUN = Counter("mercato_users_sessions_begun_total", "Sessions begun, by registering and by logging in.")
REFRESHED = Counter(
    "mercato_users_sessions_refreshed_total",
    "Refresh tokens exchanged, and how often: the first time, or again in the grace that two tabs have.",
    ["exchange"],
)
REVOKED = Counter(
    "mercato_users_sessions_revoked_total",
    "Sessions ended before their time, and why; REUSED are refresh tokens that were stolen, or kept too long.",
    ["reason"],
)


class PrometheusReports:
    """The port Reports."""

    def begun(self) -> None:
        BEGUN.inc()

    def refreshed(self, *, is_repeated: bool) -> None:
        REFRESHED.labels("in_grace" if is_repeated else "first").inc()

    def revoked(self, reason: EndReason, sessions: int) -> None:
        REVOKED.labels(reason).inc(sessions)
