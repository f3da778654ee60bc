"""Puts notifications together: the one place that names concrete classes."""

from dataclasses import dataclass

from schema.proto.mercato.orders.v1.orders_pb2_grpc import OrdersStub
from schema.proto.mercato.users.v1.users_pb2_grpc import UserLinksStub
from shared.events.event import Recorder
from shared.persistence.work import UnitOfWork
from shared.rpc.peer import Peer
from shared.runtime.config import load_settings
from shared.runtime.subgraph import Subgraph
from shared.runtime.workers import Worker
from shared.transaction import Transaction
from subgraphs.notifications.domain.ports import AccountLinks, MailServer, Messages, NotificationsWork, OrderTokens
from subgraphs.notifications.entrypoints import graphql
from subgraphs.notifications.entrypoints.account_events import AccountEvents
from subgraphs.notifications.entrypoints.command_line import retry_command
from subgraphs.notifications.entrypoints.events import Received
from subgraphs.notifications.entrypoints.workers import Delivery, Doorbell
from subgraphs.notifications.infrastructure import tables
from subgraphs.notifications.infrastructure.messages import CHANNEL, PostgresMessages
from subgraphs.notifications.infrastructure.rpc_orders import RpcOrderTokens
from subgraphs.notifications.infrastructure.rpc_users import RpcAccountLinks
from subgraphs.notifications.infrastructure.smtp import SmtpServer
from subgraphs.notifications.seed import seed
from subgraphs.notifications.settings import NotificationsSettings


@dataclass(frozen=True, slots=True)
class PostgresWork:
    """What a handler gets: messages in Postgres, and the mail server."""

    events: Recorder
    transaction: Transaction[NotificationsWork]
    messages: Messages
    mail_server: MailServer
    order_tokens: OrderTokens
    account_links: AccountLinks
    shop_url: str


def unit_of_work(
    mail_server: MailServer, order_tokens: OrderTokens, account_links: AccountLinks, shop_url: str
) -> UnitOfWork[NotificationsWork]:
    """Has handlers performed."""
    messages = PostgresMessages()

    def begin(events: Recorder) -> NotificationsWork:
        return PostgresWork(events, work.step, messages, mail_server, order_tokens, account_links, shop_url)

    work: UnitOfWork[NotificationsWork] = UnitOfWork(begin)
    return work


def build() -> Subgraph:
    """Notifications, configured by the environment."""
    settings = load_settings(NotificationsSettings)
    mail_server = SmtpServer(settings.smtp_url, settings.sender)
    orders = Peer(settings.orders_rpc_address, settings.rpc_secret, OrdersStub, settings.tls)
    users = Peer(settings.users_rpc_address, settings.rpc_secret, UserLinksStub, settings.tls)
    work = unit_of_work(mail_server, RpcOrderTokens(orders), RpcAccountLinks(users), settings.shop_url)
    delivery = Delivery(Doorbell(settings.database_url, CHANNEL), work, mail_server, settings.attempts)
    return Subgraph(
        name="notifications",
        settings=settings,
        tables=tables,
        bindables=graphql.bindables(),
        entities=graphql.ENTITIES,
        seed=seed,
        handlers=(*Received(work).handlers(), *AccountEvents(work).handlers()),
        workers=(Worker("delivery", delivery.run),),
        commands=(retry_command(work),),
        resources=(orders, users),
    )
