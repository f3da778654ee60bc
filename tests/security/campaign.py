"""Sends cases to an address and says which cost too much, were answered otherwise than promised, or killed somebody."""

import re
from dataclasses import dataclass, field

from tests.security.asking import Answer, ask
from tests.security.hostile.case import Case
from tests.security.measuring import Meter, Spent

MOST_CPU_MS = 100.0
MOST_GROWN_MB = 20.0
ATTEMPTS = 3
STATUSES = {200, 204, 304, 400, 401, 403, 404, 405, 406, 408, 413, 415, 429}
UNREAD_STATUSES = STATUSES | {0, 307, 414, 417, 431, 501}


@dataclass(frozen=True)
class Target:
    """An address, and what has to be sent along to be heard there."""

    name: str
    address: str
    headers: dict[str, str] = field(default_factory=dict)
    staff_token: str = ""

    def headers_of(self, case: Case) -> dict[str, str]:
        """What goes along with a case."""
        return {**self.headers, **({"authorization": f"Bearer {self.staff_token}"} if case.by_staff else {})}


@dataclass(frozen=True)
class Outcome:
    """What one case came to; ``hurt`` are those that died or hung."""

    case: Case
    answer: Answer
    spent: Spent
    hurt: tuple[str, ...] = ()

    def complaints(self) -> list[str]:
        """Everything that is not as it has to be."""
        dead = [f"{name} DIES OR HANGS" for name in self.hurt]
        return [*dead, *_of_cost(self.spent), *_of_answer(self.case, self.answer)]

    def told(self) -> str:
        """A line for whoever mends it."""
        codes = ", ".join(sorted(set(self.answer.codes())))
        excerpt = re.sub(r"\s+", " ", self.answer.body[:160].decode("utf-8", "replace"))
        return (
            f"{self.case.name}: {'; '.join(self.complaints())}"
            f" [{self.spent.told()}; {self.answer.status} {codes}: {excerpt}]"
        )


def _of_cost(spent: Spent) -> list[str]:
    dear = [f"{spent.cpu_ms:.0f} ms of CPU in {spent.cpu_of}"] if spent.cpu_ms > MOST_CPU_MS else []
    large = [f"{spent.grown_of} grows by {spent.grown_mb:.0f} MB"] if spent.grown_mb > MOST_GROWN_MB else []
    return [*dear, *large]


def _of_answer(case: Case, answer: Answer) -> list[str]:
    if answer.status is None:
        return ["no answer in time"]
    codes = set(answer.codes())
    wrong = sorted(codes - case.codes)
    statuses = UNREAD_STATUSES if "UNREAD" in case.codes else STATUSES
    return [
        *([f"answers {', '.join(map(repr, wrong))}"] if wrong else []),
        *([f"status {answer.status}"] if answer.status not in statuses else []),
    ]


async def attempt(target: Target, case: Case, meter: Meter) -> Outcome:
    """Sends a case once. The meter sees to what goes on after the answer."""
    meter.begin()
    answer = await ask(target.address, case, target.headers_of(case))
    await meter.settle()
    return Outcome(case, answer, meter.end())


async def tried(target: Target, case: Case, meter: Meter) -> Outcome:
    """The cheapest of up to three attempts: what others do on this machine only ever adds to a cost.

    What has grown has grown: an attempt after the first is no witness of memory that the first one has taken.
    """
    outcome = await attempt(target, case, meter)
    for _ in range(ATTEMPTS - 1):
        if not _of_cost(outcome.spent) or outcome.answer.status is None:
            break
        again = await attempt(target, case, meter)
        outcome = min(outcome, again, key=lambda each: each.spent.cpu_ms)
    return outcome
