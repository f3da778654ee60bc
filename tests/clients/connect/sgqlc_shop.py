"""How a Python program asks with sgqlc."""

from sgqlc.endpoint.http import HTTPEndpoint


def connect_sgqlc(url: str, access_token: str | None = None) -> HTTPEndpoint:
    """An endpoint to call with an operation; its answer has `data`, and `errors` where there are some."""
    headers = {"authorization": f"Bearer {access_token}"} if access_token else {}
    return HTTPEndpoint(url, headers, timeout=20)
