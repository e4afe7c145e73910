"""Makes the schemas that enquiries need, and gives their role its rights. Run as the owner."""

from credit_bus_connectors.departments.http.keys import SCHEMA as KEYS
from credit_bus_connectors.enquiry.store import ROLE, SCHEMA
from credit_bus_connectors.platforms.district import SCHEMA as DISTRICT
from credit_bus_connectors.platforms.postgres import STATEMENT_WAIT_SECONDS_MAX
from credit_bus_connectors.platforms.provision import provision

STATEMENT_SECONDS_MAX = STATEMENT_WAIT_SECONDS_MAX * 10  # a column for millions of rows


def provision_enquiry(url: str) -> None:
    """Apply what is not applied yet of the three schemas, then set the rights.

    Raises psycopg.Error.
    """
    provision(
        url,
        SCHEMA,
        role=ROLE,
        beside=(DISTRICT, KEYS),
        statement_seconds_max=STATEMENT_SECONDS_MAX,
    )
