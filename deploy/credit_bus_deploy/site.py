"""The public site as an application: pages, feed and petitions over one store."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from credit_bus.metrics.vitals import Vitals
from credit_bus_connectors.site.allowance import Allowance
from credit_bus_connectors.site.feed import PREFIX, feed_router
from credit_bus_connectors.site.pages import Pages, Site, missing_router, pages_router
from credit_bus_connectors.site.petitions import petitions_router
from credit_bus_connectors.site.store import Store
from credit_bus_connectors.web.app import Part, create_app
from credit_bus_connectors.web.guard import Application
from credit_bus_connectors.web.sessions import SECRET_BYTES_MIN, SessionSettings
from credit_bus_deploy.registries import registry_of

SESSION_SECONDS_MAX = 7_200  # in which a form is filled in


@contextmanager
def site_application(
    *,
    registry_folder: Path | None,
    database: str,
    is_secure: bool,
    log: Any,
    vitals: Vitals | None = None,
) -> Iterator[Application]:
    """Yield the application of the public site; it is ready when it can read.

    Its sessions hold the token of a form and nobody, so their secret lives as long as the process.
    `is_secure` says that browsers come over TLS. Raises InstallationError for a registry with
    mistakes.
    """
    registry, _ = registry_of(registry_folder)
    store = Store(database)
    site = Site(store=store, registry=registry, now=lambda: datetime.now(UTC), log=log)
    pages = Pages(site)
    sessions = SessionSettings(
        name="credit-bus-site",
        secret=secrets.token_bytes(SECRET_BYTES_MIN),
        seconds_max=SESSION_SECONDS_MAX,
        is_secure=is_secure,
    )
    petitions = petitions_router(pages, csrf_key=sessions.csrf_key, allowance=Allowance())
    parts = [
        Part(router=pages_router(pages)),
        Part(router=petitions),
        Part(router=feed_router(store, log), prefix=PREFIX),
        Part(router=missing_router(pages)),
    ]
    try:
        yield create_app(
            parts=parts,
            probes={"database": store.is_readable},
            log=log,
            version=version("credit-bus"),
            sessions=sessions,
            meter=(vitals or Vitals()).meter,
        )
    finally:
        store.close()
