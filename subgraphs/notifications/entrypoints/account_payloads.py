"""What notifications reads of the events of accounts; the contract is ``schema/events/users.yaml``."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator

from shared.events.handlers import Payload
from subgraphs.notifications.entrypoints.addresses import without_links
from subgraphs.notifications.entrypoints.lines import one_line
from subgraphs.notifications.entrypoints.payloads import Email

Line = Annotated[str, AfterValidator(one_line)]


class Account(Payload):
    """Whose account it is, and where its owner is told."""

    user_id: UUID
    email: Email
    name: Line


class LinkRequested(Account):
    """Somebody wants a link to be mailed."""

    link_id: UUID


class Changed(Account):
    """The account is another than before."""

    change_id: UUID


class EmailChangeRequested(LinkRequested):
    """Somebody wants another address, where the link is mailed."""

    new_email: Email

    @property
    def shown_email(self) -> str:
        """The new address, of which no mail program makes a link."""
        return without_links(self.new_email)


class EmailChanged(LinkRequested):
    """The account has another address; the link goes to the former one."""

    former_email: Email

    @property
    def shown_email(self) -> str:
        """The address of now, of which no mail program makes a link."""
        return without_links(self.email)
