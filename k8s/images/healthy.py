"""Leaves with status 0 if the subgraph of this container is alive: what the image's HEALTHCHECK runs."""

import os
from http.client import HTTPConnection

name = os.environ["SUBGRAPH"].upper()
port = os.environ.get(f"{name}_OPEN_PORT") or os.environ[f"{name}_PORT"]
connection = HTTPConnection("127.0.0.1", int(port), timeout=4)
connection.request("GET", "/health/live")
raise SystemExit(connection.getresponse().status != 200)
