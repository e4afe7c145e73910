"""`credit-bus enquiries`: the process that answers what is asked over the topics.

Ends with 0 when asked to, else with a code and one line in the log.
"""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from credit_bus.contracts.codec import Codec
from credit_bus.contracts.registry import load_registry
from credit_bus.contracts.schemas import load_catalogue
from credit_bus.logs import configure_logs, logger, told_of
from credit_bus.metrics.vitals import Vitals
from credit_bus_connectors.departments.stopping import until_told
from credit_bus_connectors.ending import EXIT_UNFORESEEN
from credit_bus_connectors.enquiry.answering import hub_of
from credit_bus_connectors.enquiry.replies import Replies
from credit_bus_connectors.enquiry.store import Store
from credit_bus_connectors.kafka_ends import KafkaEnds, UnreadableRecordError
from credit_bus_connectors.run import BROKER, EXIT_UNREADABLE

GROUP = "credit-bus.enquiries"

ENQUIRIES_STARTED = "enquiries.started"
ENQUIRIES_STOPPED = "enquiries.stopped"
ENQUIRIES_FAILED = "enquiries.failed"


def run_enquiries(
    *,
    broker: str,
    database: str,
    registry_folder: Path,
    log_level: str,
    instance: str = "1",
    vitals: Vitals | None = None,
) -> None:
    """Answer enquiries as the hub until SIGTERM or SIGINT.

    Anything unforeseen ends the process with a code, so that a supervisor starts it anew:
    SystemExit. Two processes need two instance names.
    """
    registry = load_registry(registry_folder)
    configure_logs(log_level)
    log = logger(process="enquiries", instance=instance)
    vitals = vitals or Vitals()
    vitals.health.expect_reach(BROKER)  # until there are ends
    try:
        with until_told() as told, closing(Store(database, connections_max=1)) as store:
            ends = KafkaEnds(
                platform=hub_of(registry),
                broker=broker,
                codec=Codec(load_catalogue()),
                log=log,
                instance=instance,
                group=GROUP,
            )
            vitals.health.expect_that(BROKER, lambda: ends.is_member)
            log.info(ENQUIRIES_STARTED)
            Replies(
                ends=ends,
                transaction=store.transaction,
                registry=registry,
                clock=lambda: datetime.now(UTC),
                log=log,
                vitals=vitals,
            ).run(told.is_set)
            ends.close()
    except UnreadableRecordError as error:
        log.error(ENQUIRIES_FAILED, exit_code=EXIT_UNREADABLE, error=str(error))
        raise SystemExit(EXIT_UNREADABLE) from None
    except Exception as error:  # noqa: BLE001 - the outermost loop of a process
        log.error(ENQUIRIES_FAILED, exit_code=EXIT_UNFORESEEN, **told_of(error))
        raise SystemExit(EXIT_UNFORESEEN) from None
    log.info(ENQUIRIES_STOPPED)
