"""A pure model of stock: what inventory has to do, in the simplest words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field


@dataclass
class ModelLine:
    """A line: how many units it asked for, has (held or sold), waits for, and returned of those it had."""

    variant: int
    quantity: int
    had: int = 0
    waiting: int = 0
    restocked: int = 0
    unwaited: int = 0

    @property
    def returnable(self) -> int:
        """How many units can still come back."""
        return self.had - self.restocked + self.waiting


@dataclass
class ModelOrder:
    """An order with its lines."""

    lines: Sequence[ModelLine]
    state: str


@dataclass
class ModelVariant:
    """What lies there, in all warehouses together, and the rule of back-orders."""

    on_hand: int
    is_backorder_allowed: bool = False
    limit: int | None = None


@dataclass
class Model:
    """What there must be."""

    variants: list[ModelVariant]
    orders: list[ModelOrder] = field(default_factory=list)

    def available(self, variant: int) -> int:
        """How many can be promised."""
        held = sum(line.had for order, line in self._lines(variant) if order.state == "HELD")
        return self.variants[variant].on_hand - held

    def waiting(self, variant: int) -> int:
        """How many are waited for."""
        return sum(line.waiting for _, line in self._lines(variant))

    def reserve(self, wanted: Sequence[tuple[int, int]]) -> bool:
        """All lines or none; the order is remembered either way."""
        order = ModelOrder([ModelLine(variant, quantity) for variant, quantity in wanted], "REJECTED")
        self.orders.append(order)
        return self._promise(order, "HELD")

    def commit(self, number: int) -> bool | None:
        """Whether it is sold; None when it may not be asked for."""
        order = self.orders[number]
        if order.state in ("REJECTED", "RELEASED"):
            return None
        if order.state == "EXPIRED" and not self._promise(order, "HELD"):
            return False
        if order.state == "HELD":
            order.state = "COMMITTED"
            for line in order.lines:
                self.variants[line.variant].on_hand -= line.had
        return True

    def end(self, number: int, state: str) -> bool:
        """Releases or expires; False when that may not be asked for."""
        order = self.orders[number]
        if order.state == "COMMITTED":
            return False
        if order.state == "HELD":
            order.state = state
            for line in order.lines:
                line.had = line.waiting = 0
            self._hand_over()
        if state == "RELEASED":
            order.state = "RELEASED"
        return True

    def put_back(self, number: int, place: int, quantity: int) -> bool:
        """Returns units of a line; False when there are not so many."""
        order = self.orders[number]
        line = order.lines[place]
        if order.state != "COMMITTED" or quantity > line.returnable:
            return False
        unwaited = min(quantity, line.waiting)
        line.waiting -= unwaited
        line.unwaited += unwaited
        line.restocked += quantity - unwaited
        self.variants[line.variant].on_hand += quantity - unwaited
        self._hand_over()
        return True

    def drop(self, number: int, place: int, quantity: int) -> bool:
        """Ends the waiting for refunded units of a line; False when that may not be asked for."""
        order = self.orders[number]
        if order.state != "COMMITTED":
            return False
        line = order.lines[place]
        dropped = min(quantity, line.waiting)
        line.waiting -= dropped
        line.unwaited += dropped
        return True

    def come(self, variant: int, units: int) -> None:
        """Units come, or go when ``units`` is negative."""
        self.variants[variant].on_hand += units
        self._hand_over()

    def _promise(self, order: ModelOrder, state: str) -> bool:
        left = {line.variant: self.available(line.variant) for line in order.lines}
        for variant in left:
            asked = sum(line.quantity for line in order.lines if line.variant == variant)
            if asked > left[variant] + self._room(variant):
                return False
        for line in order.lines:
            line.had = min(line.quantity, left[line.variant])
            line.waiting = line.quantity - line.had
            left[line.variant] -= line.had
        order.state = state
        return True

    def _room(self, variant: int) -> float:
        its = self.variants[variant]
        if not its.is_backorder_allowed:
            return 0
        return float("inf") if its.limit is None else max(0, its.limit - self.waiting(variant))

    def _hand_over(self) -> None:
        for variant, its in enumerate(self.variants):
            for order, line in self._lines(variant):
                came = min(line.waiting, self.available(variant))
                line.waiting -= came
                line.had += came
                if order.state == "COMMITTED":
                    its.on_hand -= came

    def _lines(self, variant: int) -> Iterator[tuple[ModelOrder, ModelLine]]:
        for order in self.orders:
            for line in order.lines:
                if line.variant == variant:
                    yield order, line
