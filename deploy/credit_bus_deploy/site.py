"""The public site as an application: pages and feed over one store."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from credit_bus_connectors.site.feed import PREFIX, feed_router
from credit_bus_connectors.site.pages import Pages, Site, pages_router
from credit_bus_connectors.site.store import Store
from credit_bus_connectors.web.app import Part, create_app
from credit_bus_connectors.web.guard import Application
from credit_bus_deploy.registries import registry_of


@contextmanager
def site_application(
    *, registry_folder: Path | None, database: str, log: Any
) -> Iterator[Application]:
    """Yield the application of the public site; it is ready when it can read.

    Raises InstallationError for a registry with mistakes.
    """
    registry, _ = registry_of(registry_folder)
    store = Store(database)
    site = Site(store=store, registry=registry, now=lambda: datetime.now(UTC), log=log)
    parts = [
        Part(router=pages_router(Pages(site))),
        Part(router=feed_router(store, log), prefix=PREFIX),
    ]
    try:
        yield create_app(
            parts=parts,
            probes={"database": store.is_readable},
            log=log,
            version=version("credit-bus"),
        )
    finally:
        store.close()
