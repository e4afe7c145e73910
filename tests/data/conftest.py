"""What the tests of the data share: the catalogue and the codec."""

import pytest

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.schemas import SchemaCatalogue, load_catalogue


@pytest.fixture(scope="session")
def catalogue() -> SchemaCatalogue:
    return load_catalogue()


@pytest.fixture(scope="session")
def codec(catalogue: SchemaCatalogue) -> Codec:
    return Codec(catalogue)
