"""The web process: an application on a port, until SIGTERM or SIGINT.

Ends with 0 when asked to, else with a code and one line in the log.
"""

import signal
from typing import Any

import uvicorn

from credit_bus_connectors.web.guard import Application

CONNECTIONS_MAX = 256
WAITING_CONNECTIONS_MAX = 128
KEEP_ALIVE_SECONDS_MAX = 10
STOP_WAIT_SECONDS_MAX = 10
HEAD_BYTES_MAX = 32_768
EXIT_NO_PORT = 69  # the port is taken, or not ours to open

STARTED = "web.started"
STOPPED = "web.stopped"
NO_PORT = "web.no-port"


def serve(application: Application, *, host: str, port: int, log: Any) -> None:
    """Answer requests until asked to stop; those under way are answered first.

    SystemExit when the address cannot be listened on.
    """
    for number in (signal.SIGTERM, signal.SIGINT):  # uvicorn raises them once more at its end
        signal.signal(number, lambda _number, _frame: None)
    config = uvicorn.Config(
        application,
        host=host,
        port=port,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        backlog=WAITING_CONNECTIONS_MAX,
        limit_concurrency=CONNECTIONS_MAX,
        timeout_keep_alive=KEEP_ALIVE_SECONDS_MAX,
        timeout_graceful_shutdown=STOP_WAIT_SECONDS_MAX,
        h11_max_incomplete_event_size=HEAD_BYTES_MAX,
        http="h11",
    )
    try:
        listening = config.bind_socket()
    except SystemExit:
        log.error(NO_PORT, host=host, port=port, exit_code=EXIT_NO_PORT)
        raise SystemExit(EXIT_NO_PORT) from None
    log.info(STARTED, host=host, port=port)
    uvicorn.Server(config).run(sockets=[listening])
    log.info(STOPPED)
