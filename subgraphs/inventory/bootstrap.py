"""Puts inventory together: the one place that names concrete classes."""

from dataclasses import dataclass

from shared.events.event import Recorder
from shared.persistence.work import UnitOfWork
from shared.runtime.config import load_settings
from shared.runtime.subgraph import Subgraph
from shared.runtime.workers import Worker
from subgraphs.inventory.domain.filling import POLICIES, Fill
from subgraphs.inventory.domain.ports import InventoryWork, ReservationRepository, StockRepository, Warehouses
from subgraphs.inventory.entrypoints import graphql, rpc
from subgraphs.inventory.entrypoints.command_line import commands
from subgraphs.inventory.entrypoints.workers import Expiry, measure_lateness
from subgraphs.inventory.infrastructure import tables
from subgraphs.inventory.infrastructure.reservations import PostgresReservations
from subgraphs.inventory.infrastructure.stock import PostgresStock
from subgraphs.inventory.infrastructure.warehouses import PostgresWarehouses
from subgraphs.inventory.settings import InventorySettings


@dataclass(frozen=True, slots=True)
class PostgresWork:
    """What a handler gets of Postgres, in one transaction."""

    fill: Fill
    events: Recorder
    stock: StockRepository
    reservations: ReservationRepository
    warehouses: Warehouses


def unit_of_work(fill: Fill) -> UnitOfWork[InventoryWork]:
    """Has handlers performed; ``fill`` chooses the warehouses that orders are filled from."""
    stock, reservations, warehouses = PostgresStock(), PostgresReservations(), PostgresWarehouses()
    return UnitOfWork(lambda events: PostgresWork(fill, events, stock, reservations, warehouses))


async def seed(products: int) -> None:
    """Fills the demonstration shop. Images for customers hold no ``seeds``: what needs them is imported here alone."""
    from subgraphs.inventory.seed import seed as fill

    await fill(products)


def build() -> Subgraph:
    """Inventory, configured by the environment."""
    settings = load_settings(InventorySettings)
    work = unit_of_work(POLICIES[settings.fill_policy])
    return Subgraph(
        name="inventory",
        settings=settings,
        tables=tables,
        bindables=graphql.bindables(work),
        entities=graphql.ENTITIES,
        seed=seed,
        rpc_services=(rpc.service(work),),
        workers=(
            Worker("expire-reservations", Expiry(work).run),
            Worker("measure-lateness", measure_lateness),
        ),
        commands=commands(work),
    )
