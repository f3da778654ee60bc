"""What the commands of inventory need of the world."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from shared.events.event import Recorder
from subgraphs.inventory.domain.filling import Demand, Fill
from subgraphs.inventory.domain.promise import Arrival, Promise, Reserved, Waiting, WaitingLine
from subgraphs.inventory.domain.reservation import Ended, NewReservation, Reservation, ReservationState, Stage
from subgraphs.inventory.domain.returning import Return, SoldHold, SoldLine, Unwaited
from subgraphs.inventory.domain.stock import Change, Item, Stock
from subgraphs.inventory.domain.warehouse import Warehouse


class Warehouses(Protocol):
    """The places that stock lies in."""

    async def by_ids(self, warehouse_ids: Collection[UUID]) -> Mapping[UUID, Warehouse]:
        """Those of the warehouses that there are."""


class StockRepository(Protocol):
    """Items, levels and the ledger of movements."""

    async def lock(self, variant_ids: Iterable[UUID]) -> Stock:
        """The stock of some variants, this unit of work's alone until its end. Unknown variants are left out."""

    async def save(self, stock: Stock, change: Change, lines: Sequence[WaitingLine] = ()) -> Stock:
        """Writes a change of locked stock with the events of it; answers the stock of then.

        ``lines`` are the lines of orders that wait for fewer units by it.
        """

    async def save_rules(self, item: Item) -> None:
        """Writes the version and the rules of a locked item."""

    async def add_level(self, stock: Stock, variant_id: UUID, warehouse: Warehouse) -> Stock:
        """Makes room for a variant in a warehouse where it never was; its item is locked."""


class ReservationRepository(Protocol):
    """Reservations, their lines and holds."""

    async def lock(self, order_id: UUID) -> Reservation | None:
        """A reservation and the stock of its variants, this unit of work's alone until its end."""

    async def lock_stage(self, order_id: UUID) -> Stage | None:
        """The same without the stock."""

    async def add(self, stock: Stock, new: NewReservation) -> Reserved | None:
        """Holds what is promised of locked stock; None when the order has one: then give the unit of work up."""

    async def replace(self, stock: Stock, new: NewReservation) -> Reserved:
        """The same in place of a locked reservation that is at its end.

        What that one sold and took back stays explained.
        """

    async def bar(self, order_id: UUID, attempt: int) -> bool:
        """Keeps an attempt at an order from ever reserving.

        False when the order has a reservation, whichever attempt's.
        """

    async def bar_later(self, order_id: UUID, attempt: int) -> None:
        """The same in place of a locked reservation that is at its end."""

    async def commit_held(self, order_id: UUID) -> None:
        """Commits a locked reservation: the units that it holds leave the stock."""

    async def commit_anew(self, order_id: UUID, promise: Promise) -> Sequence[WaitingLine]:
        """Commits a locked reservation that had expired, with the units of a new promise.

        Answers the lines that wait.
        """

    async def end(self, order_id: UUID, state: ReservationState) -> Ended:
        """Ends a locked reservation; answers what it held and waited for until now."""

    async def demands(self, order_id: UUID) -> Sequence[Demand]:
        """What a reservation asked for."""

    async def sold_lines(self, order_id: UUID) -> Sequence[SoldLine]:
        """The lines of a locked reservation that was committed."""

    async def sold_holds(self, order_id: UUID) -> Sequence[SoldHold]:
        """Where the units of a locked reservation that was committed came from."""

    async def record_return(self, order_id: UUID, coming: Return) -> Sequence[WaitingLine]:
        """Counts units of a locked reservation as returned; answers the lines that wait for fewer then."""

    async def record_drop(self, order_id: UUID, dropped: Sequence[Unwaited]) -> Sequence[WaitingLine]:
        """Has lines of a locked reservation wait for fewer units, which do not count as returned.

        Answers these lines.
        """

    async def waiting_for(self, variant_ids: Sequence[UUID]) -> Sequence[Waiting]:
        """The lines that wait for units of locked variants, the oldest first."""

    async def allocate(self, arrivals: Sequence[Arrival]) -> Sequence[WaitingLine]:
        """Gives waiting lines their units, held or sold from now on like any others.

        Answers what they wait for then.
        """

    async def waiting_lines(self, order_id: UUID) -> Sequence[WaitingLine]:
        """What all lines of a locked reservation wait for, nothing included, with versions of now."""


class InventoryWork(Protocol):
    """A unit of work of inventory. ``fill`` chooses the warehouses that orders are filled from."""

    @property
    def stock(self) -> StockRepository: ...

    @property
    def reservations(self) -> ReservationRepository: ...

    @property
    def warehouses(self) -> Warehouses: ...

    @property
    def events(self) -> Recorder: ...

    @property
    def fill(self) -> Fill: ...
