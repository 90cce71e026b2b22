"""A web server on this machine that tests download from, with a certificate that this process trusts."""

from __future__ import annotations

import contextlib
import http.server
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

CERTIFICATE = Path(__file__).parent / "data" / "localhost.pem"


class Site:
    """What the server answers: bytes, or a function that answers a request itself, for each path."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes | Callable[[Any], None]] = {}
        self.requests: list[str] = []
        self.address = ""

    def put(self, name: str, page: bytes | Callable[[Any], None]) -> str:
        """Serves a page; returns its address."""
        self.pages["/" + name] = page
        return f"{self.address}/{name}"


def _handler(site: Site) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.requests.append(self.path)
            page = site.pages.get(self.path.partition("?")[0])
            if callable(page):
                page(self)
            elif page is None:
                self.send_error(404)
            else:
                self.send_response(200)
                self.send_header("Content-Length", str(len(page)))
                self.end_headers()
                self.wfile.write(page)

        def log_message(self, *args: Any) -> None:
            """Says nothing."""

    return Handler


@contextlib.contextmanager
def serving(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site that is served while the context lasts; no proxy is asked and no other certificate trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    monkeypatch.setenv("no_proxy", "*")
    site = Site()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(site)) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        site.address = f"https://localhost:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
