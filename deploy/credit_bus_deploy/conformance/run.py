"""One run of the kit: makes the plan, runs the exchange, concludes."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from kafka.errors import KafkaError

from credit_bus.conformance.judge import Judge
from credit_bus.conformance.patience import Patience
from credit_bus.conformance.plan import Plan, make_plan
from credit_bus.conformance.script import script
from credit_bus.conformance.verdict import Outcome, conclude
from credit_bus.contracts.codec import Codec
from credit_bus.domain.calendar import local_day
from credit_bus.domain.registry import Registry, Role
from credit_bus_deploy.conformance.adapters import Adapter
from credit_bus_deploy.conformance.exchange import Exchange
from credit_bus_deploy.failures import InstallationError

Told = Callable[[str], None]


def run_conformance(
    party: str,
    adapter: Adapter,
    *,
    broker: str,
    registry: Registry,
    codec: Codec,
    folder: Path,
    patience: Patience,
    told: Told,
) -> Outcome:
    """Return what the exchange with the adapter showed.

    Raises InstallationError when it could not be run: an unknown party, or one that can neither
    state nor answer anything, no topics, a broker that goes away.
    """
    started_at = datetime.now(UTC)
    plan = plan_for(party, registry, started_at)
    judge = Judge(plan=plan, codec=codec, registry=registry)
    try:
        exchange = Exchange(
            broker=broker,
            judge=judge,
            codec=codec,
            adapter=adapter,
            folder=folder,
            patience=patience,
            told=told,
        )
        try:
            exchange.run(script(plan, started_at))
        finally:
            exchange.close()
    except KafkaError as error:
        raise InstallationError(
            f"the broker at {broker} refused or did not answer ({error!r}): read the broker's log"
        ) from error
    return conclude(
        plan,
        exchange.history,
        registry_version=registry.version,
        started_at=started_at,
        ended_at=datetime.now(UTC),
    )


def plan_for(party: str, registry: Registry, now: datetime) -> Plan:
    """Return the plan for a department. Raises InstallationError as `run_conformance` does."""
    found = registry.parties.get(party)
    if found is None or found.role is not Role.DEPARTMENT or not found.exists_on(local_day(now)):
        raise InstallationError(
            f"the registry has no department {party} today: give the code of one with --party"
        )
    plan = make_plan(found, registry=registry, now=now)
    if not plan.statements and not plan.cases:
        raise InstallationError(
            f"{party} may state no record and implements no measure, so there is nothing to try: "
            "correct its `publishes` in the registry, or give another --party"
        )
    return plan
