"""E-mail addresses: what one looks like, when two are the same, and how a mail server takes one.

Addresses may be in any script (RFC 6531): ``email-validator`` says which are. No domain is looked up.
"""

import unicodedata

import email_validator

from shared.text import trimmed

LONGEST = 254  # RFC 5321 allows no longer path

# Mail programs and servers read that before the "@" as an encoded word (RFC 2047) of another address.
_ENCODED_WORD = "=?"
# Names such as "local", which the library takes for none of the open internet: a shop's own network may have them.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()


def is_email(text: str) -> bool:
    """Whether a text has the form of an address, without quoted local parts and address literals."""
    parsed = _parsed(text)
    return parsed is not None and len(_joined(parsed)) <= LONGEST


def comparable(text: str) -> str:
    """The form in which addresses are compared.

    Two are one that differ by blanks around them, by case, by how letters are composed (NFC), or by how the domain
    is written: ``Ada@Bücher.de`` is ``ada@xn--bcher-kva.de``. Letters that are only alike ("ß" and "ss") stay apart
    before the "@", as they may be two people's. Of what is no address, case and blanks are all that is ignored.
    """
    typed = trimmed(text)
    parsed = _parsed(typed)
    return typed.casefold() if parsed is None else _joined(parsed)


def for_mail_server(text: str) -> str:
    """An address with its domain in ASCII, as every mail server takes it; what is no address stays as it is.

    What is not ASCII even so is before the "@", and takes a server with SMTPUTF8.
    """
    parsed = None if text.isascii() else _parsed(text)
    return text if parsed is None else f"{parsed.local_part}@{parsed.ascii_domain}"


def _parsed(text: str) -> email_validator.ValidatedEmail | None:
    local_part, _, domain = text.rpartition("@")
    if len(text) > LONGEST or _ENCODED_WORD in local_part or not domain:
        return None
    try:
        parsed = email_validator.validate_email(
            text, strict=True, check_deliverability=False, globally_deliverable=False
        )
    except email_validator.EmailNotValidError:
        return None
    return parsed if "." in parsed.ascii_domain else None


def _joined(parsed: email_validator.ValidatedEmail) -> str:
    return f"{unicodedata.normalize('NFC', parsed.local_part.lower())}@{parsed.ascii_domain}"
