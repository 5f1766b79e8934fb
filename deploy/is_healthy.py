"""Ends well when the server in this container says that it can serve. For the image's health check."""

import http.client
import os
import sys

connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT") or 8000), timeout=4)
connection.request("GET", "/health/")
sys.exit(connection.getresponse().status != http.HTTPStatus.OK)
