"""An application answering over HTTP in a thread of the test."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from credit_bus_connectors.web.guard import Application
from credit_bus_deploy import ports

WAIT_SECONDS_MAX = 30.0


@contextmanager
def served(application: Application) -> Iterator[str]:
    """Serve it until the block ends; give its address."""
    port = ports.free_port()
    config = uvicorn.Config(
        application, host="127.0.0.1", port=port, lifespan="off", log_config=None, http="h11"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while not server.started:
            assert time.monotonic() < deadline, "it did not start in time"
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(WAIT_SECONDS_MAX)
