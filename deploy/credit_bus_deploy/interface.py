"""The AsyncAPI document of this release and of a district, made from what is installed."""

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

from credit_bus.contracts.examples import load_examples
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.contracts.topics import load_topic_files
from credit_bus.interface.asyncapi import Sources, asyncapi_document
from credit_bus_deploy.registries import registry_of


def document_of(registry_folder: Path | None) -> dict[str, Any]:
    """Return the document of a district (None: the example district).

    Raises InstallationError for a registry with mistakes.
    """
    return asyncapi_document(
        Sources(
            topics=load_topic_files(),
            catalogue=load_catalogue(),
            examples=load_examples(),
            registry=registry_of(registry_folder)[0],
            version=version("credit-bus"),
        )
    )


def text_of(document: dict[str, Any]) -> str:
    """Return the document as a file holds it; the same document gives the same bytes."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
