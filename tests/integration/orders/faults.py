"""What goes wrong with which order, where, and how often."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum

from shared.errors import FailedPrecondition, Unavailable


class When(StrEnum):
    """On which side of a step's effect."""

    BEFORE = "before"
    AFTER = "after"


class Kind(StrEnum):
    """What happens."""

    STALL = "stall"  # the call does not come back until it is let go
    UNAVAILABLE = "unavailable"  # the call fails, with its effect or without
    REFUSED = "refused"  # the other side says no for good


@dataclass
class Fault:
    """Something that goes wrong ``times`` times."""

    step: str
    when: When
    kind: Kind
    times: int = 1
    go: asyncio.Event = field(default_factory=asyncio.Event)


class Faults:
    """Planned by variant, because an order's id is known only when its first step may be over."""

    def __init__(self) -> None:
        self._plans: dict[str, list[Fault]] = {}
        self._of_order: defaultdict[str, list[Fault]] = defaultdict(list)
        self.stalled: set[tuple[str, str, When]] = set()

    def plan(self, variant_id: str, *faults: Fault) -> None:
        """Has orders of this variant suffer these."""
        self._plans[variant_id] = list(faults)

    def learn(self, order_id: str, variant_ids: list[str]) -> None:
        """Called with an order's variants before its first step."""
        if order_id not in self._of_order:
            self._of_order[order_id] = [fault for variant in variant_ids for fault in self._plans.get(variant, ())]

    def suffer(self, order_id: str, *faults: Fault) -> None:
        """Has an order that is known by now suffer these from now on."""
        self._of_order[order_id] = list(faults)

    async def at(self, step: str, when: When, order_id: str) -> None:
        """Called at each side of each step's effect."""
        for fault in self._of_order[order_id]:
            if (fault.step, fault.when) == (step, when) and fault.times > 0:
                fault.times -= 1
                await self._suffer(fault, order_id)

    async def _suffer(self, fault: Fault, order_id: str) -> None:
        if fault.kind is Kind.UNAVAILABLE:
            raise Unavailable(f"planned failure {fault.when} {fault.step}")
        if fault.kind is Kind.REFUSED:
            raise FailedPrecondition(f"planned refusal {fault.when} {fault.step}")
        self.stalled.add((order_id, fault.step, fault.when))
        await fault.go.wait()
