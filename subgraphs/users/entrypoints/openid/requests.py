"""Requests as Authlib reads them, with what may be in them bounded before anything is made of it."""

from typing import Any
from urllib.parse import parse_qsl

from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Request
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from starlette.requests import Request

_LONGEST_BODY = 32_000
_LONGEST_VALUE = 4_000  # an ID token or an access token has some 600
_MOST_PARAMETERS = 50
_MAY_REPEAT = ("resource", "audience")
# Authlib repeats these in descriptions of errors, and fails when they have what no description may have (RFC 6749).
_REPEATED = ("redirect_uri", "response_type", "grant_type")
_NOT_IN_DESCRIPTIONS = set('"\\')


class ReceivedRequest(OAuth2Request):
    """A request to an endpoint of the provider; ``uri`` is the public one, whatever a proxy makes of it."""

    def __init__(self, request: Request, uri: str, args: dict[str, str], form: dict[str, str]) -> None:
        super().__init__(request.method, uri, headers=request.headers)
        self.payload = BasicOAuth2Payload({**args, **form})
        self._args = args
        self._form = form

    @property
    def args(self) -> dict[str, str]:
        """What stands in the address."""
        return self._args

    @property
    def form(self) -> dict[str, str]:
        """What stands in the body."""
        return self._form

    @property
    def parameters(self) -> dict[str, str]:
        """All of it."""
        data: dict[str, str] = self.payload.data
        return data


async def received(request: Request, url: str) -> ReceivedRequest:
    """A request to the provider at ``url``.

    Raises:
        InvalidRequestError: when it is too large, or a parameter is too long, comes twice or can't be read.
    """
    args = _parameters(request.url.query)
    form = _parameters(await _body(request)) if request.method == "POST" else {}
    if twice := sorted(args.keys() & form.keys()):
        raise _invalid(f"The parameter {twice[0][:40]} comes twice")
    return ReceivedRequest(request, url + request.url.path, args, form)


async def _body(request: Request) -> str:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise _invalid("The body is not application/x-www-form-urlencoded")
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_BODY:
            raise _invalid(f"The body has more than {_LONGEST_BODY} bytes")
    return body.decode("latin-1")


def _parameters(text: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS)
    except ValueError as error:
        raise _invalid("The parameters can't be read: they are too many, or no text in UTF-8") from error
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in found and name not in _MAY_REPEAT:
            raise _invalid("A parameter comes twice")
        if len(value) > _LONGEST_VALUE or not (name + value).replace(" ", "").isprintable():
            raise _invalid("A parameter is too long, or has characters that can't be seen")
        if name in _REPEATED and (not value.isascii() or set(value) & _NOT_IN_DESCRIPTIONS):
            raise _invalid(f"The {name} has a character that it may not have")
        found[name] = value
    return {name: value for name, value in found.items() if value}


def _invalid(description: str) -> Any:
    return InvalidRequestError(description)
