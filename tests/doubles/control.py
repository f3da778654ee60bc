"""How tests tell a double what goes wrong next; README.md shows the calls."""

from collections import deque
from collections.abc import Iterable
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

_KEPT_REQUESTS = 20_000

Seconds = Annotated[float, Field(ge=0, le=3600)]


class RequestAction(StrEnum):
    """What goes wrong with a request."""

    DELAY = "delay"
    FAIL = "fail"
    HANG = "hang"
    DROP = "drop"


class When(StrEnum):
    """Whether it goes wrong before the double does the work, in the midst of it, or after it."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class WebhookAction(StrEnum):
    """What goes wrong with a webhook's event."""

    DUPLICATE = "duplicate"
    DELAY = "delay"
    SHUFFLE = "shuffle"
    LOSE = "lose"


class _Limited(BaseModel):
    """Something that happens a number of times, or always when ``times`` is null."""

    model_config = ConfigDict(extra="forbid")

    times: Annotated[int, Field(ge=1)] | None = 1

    def use(self) -> None:
        if self.times is not None:
            self.times -= 1

    @property
    def is_used_up(self) -> bool:
        return self.times == 0


class RequestRule(_Limited):
    """What happens to the next requests of this method and path; ``*`` in them stands for anything."""

    action: RequestAction
    when: When = When.BEFORE
    method: str = "*"
    path: str = "*"
    seconds: Seconds = 0
    status: Annotated[int, Field(ge=400, le=599)] = 500

    @model_validator(mode="after")
    def _not_all_happens_during(self) -> "RequestRule":
        if self.is_during(RequestAction.HANG) or self.is_during(RequestAction.DROP):
            raise ValueError(
                f"{self.action} happens before or after the work; only delay and fail can happen during it"
            )
        return self

    def is_during(self, action: RequestAction) -> bool:
        return self.action is action and self.when is When.DURING

    def fails_behind(self) -> bool:
        """Whether the work is done and ends in an error nevertheless."""
        return self.action is RequestAction.FAIL and self.when is When.AFTER

    def matches(self, method: str, path: str) -> bool:
        return fnmatchcase(method, self.method) and fnmatchcase(path, self.path)


class WebhookRule(_Limited):
    """What happens to the next events of this type; ``*`` in it stands for anything."""

    action: WebhookAction
    type: str = "*"
    copies: Annotated[int, Field(ge=2, le=100)] = 2
    seconds: Seconds = 0
    seed: int = 0

    def matches(self, event_type: str) -> bool:
        return fnmatchcase(event_type, self.type)


class Rules(BaseModel):
    """The body of ``POST /_control``."""

    model_config = ConfigDict(extra="forbid")

    requests: list[RequestRule] = []
    webhooks: list[WebhookRule] = []


class Control:
    """The rules in force, and the requests that came."""

    def __init__(self) -> None:
        self.rules = Rules()
        self.requests: deque[dict[str, Any]] = deque(maxlen=_KEPT_REQUESTS)

    def add(self, rules: Rules) -> None:
        """Adds rules behind those in force."""
        self.rules.requests.extend(rules.requests)
        self.rules.webhooks.extend(rules.webhooks)

    def reset(self) -> None:
        """Forgets all rules and requests."""
        self.rules = Rules()
        self.requests.clear()

    def rule_of_request(self, method: str, path: str) -> RequestRule | None:
        """The first rule that matches a request, used once."""
        rule = next((rule for rule in self.rules.requests if rule.matches(method, path)), None)
        if rule is not None:
            self._use([rule])
        return rule

    def rules_of_event(self, event_type: str) -> dict[WebhookAction, WebhookRule]:
        """The first rule of each action that matches an event, each used once."""
        found: dict[WebhookAction, WebhookRule] = {}
        for rule in self.rules.webhooks:
            if rule.matches(event_type):
                found.setdefault(rule.action, rule)
        self._use(found.values())
        return found

    def _use(self, rules: Iterable[RequestRule | WebhookRule]) -> None:
        for rule in rules:
            rule.use()
        self.rules.requests = [rule for rule in self.rules.requests if not rule.is_used_up]
        self.rules.webhooks = [rule for rule in self.rules.webhooks if not rule.is_used_up]
