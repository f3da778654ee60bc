"""What the messages about accounts say."""

from subgraphs.notifications.domain.message import Kind, Message
from subgraphs.notifications.entrypoints.account_payloads import Account, EmailChanged, EmailChangeRequested
from subgraphs.notifications.entrypoints.messages import greeted_name, rendered

_SUBJECTS = {
    Kind.EMAIL_VERIFICATION: "Please confirm your e-mail address",
    Kind.PASSWORD_RESET: "Set a new password",
    Kind.PASSWORD_CHANGED: "Your password was changed",
    Kind.NAME_CHANGED: "Your name was changed",
    Kind.EMAIL_CHANGE_CONFIRMATION: "Please confirm your new e-mail address",
    Kind.EMAIL_CHANGE_REQUESTED: "Your e-mail address is about to be changed",
    Kind.EMAIL_CHANGED: "Your e-mail address was changed",
    Kind.EMAIL_CHANGE_UNDO: "Your e-mail address was changed",
    Kind.EMAIL_CHANGE_UNDONE: "You have your e-mail address back",
}


def about_account(kind: Kind, account: Account) -> Message:
    """What its owner is told, or asked to do by a link."""
    return rendered(kind, _SUBJECTS[kind], name=greeted_name(account.name))


def about_address(kind: Kind, change: EmailChangeRequested | EmailChanged) -> Message:
    """The same with the address that is new."""
    return rendered(kind, _SUBJECTS[kind], name=greeted_name(change.name), new_email=change.shown_email)
