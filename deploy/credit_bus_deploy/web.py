"""Which parts the web process has, each with its collaborators: the place where they are joined."""

from importlib.metadata import version
from pathlib import Path
from typing import Any

from credit_bus.contracts.schemas import load_catalogue
from credit_bus.contracts.subjects_api import SubjectsApi
from credit_bus_connectors.web import docs, schema_registry
from credit_bus_connectors.web.app import Part, create_app
from credit_bus_connectors.web.guard import Application
from credit_bus_connectors.web.pages import pages_of
from credit_bus_deploy.interface import document_of, text_of


def web_application(*, registry_folder: Path | None, log: Any) -> Application:
    """Return the web application of a district; one more part is one more line here.

    Raises InstallationError for a registry with mistakes.
    """
    catalogue = load_catalogue()
    document = document_of(registry_folder)
    pages = {**pages_of(document), docs.DOCUMENT: text_of(document)}
    parts = (
        Part(
            router=schema_registry.schema_registry_router(SubjectsApi(catalogue)),
            prefix=schema_registry.PREFIX,
        ),
        Part(router=docs.docs_router(pages), prefix=docs.PREFIX),
    )
    return create_app(parts=parts, probes={}, log=log, version=version("credit-bus"))
