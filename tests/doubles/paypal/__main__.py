"""Serves the double of PayPal: ``python -m tests.doubles.paypal --port 4311``."""

import argparse
import os
from pathlib import Path

from tests.doubles.paypal.app import TOKEN_SECONDS, Options, paypal_double
from tests.doubles.server import serve

CLIENT_ID = "the-shop"
CLIENT_SECRET = "of-the-double"
WEBHOOK_ID = "5GP028458E2496506"


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--client-id", default=CLIENT_ID, help="the only client that it accepts")
    parser.add_argument("--client-secret", default=os.environ.get("PAYPAL_CLIENT_SECRET", CLIENT_SECRET))
    parser.add_argument("--webhook-url")
    parser.add_argument("--webhook-id", default=WEBHOOK_ID, help="signed along with every event")
    parser.add_argument("--authority-file", type=Path, help="where the root of its certificate is written, as PEM")
    parser.add_argument(
        "--token-seconds", type=float, default=TOKEN_SECONDS, help="how long it says that access tokens are good"
    )
    given = vars(parser.parse_args())
    credentials = (given.pop("client_id"), given.pop("client_secret"))
    serve(paypal_double(Options(credentials=credentials, **given)), given["port"])


if __name__ == "__main__":
    main()
