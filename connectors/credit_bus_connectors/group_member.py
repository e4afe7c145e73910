"""A member of a consumer group that takes its predecessor's place, and whose joins end as joins."""

from contextlib import suppress
from typing import Any

from kafka import KafkaConsumer
from kafka.admin import KafkaAdminClient, MemberToRemove
from kafka.errors import KafkaError
from kafka.structs import MemberState

_SETTINGS_OF_ADMIN = KafkaAdminClient.DEFAULT_CONFIG.keys()


class GroupMember(KafkaConsumer):  # type: ignore[misc]  # kafka-python has no types
    """A consumer of a group; takes what a KafkaConsumer takes.

    With an instance name, what was left of that name leaves the group first. If its predecessor
    stayed, it would be handed what the group gave that one (KIP-345), and nobody would lead the
    group afterwards: nothing for ever after a kill while the group was forming, and never the
    partitions that were added since.
    """

    def __init__(
        self, *topics: str, group_id: str, group_instance_id: str | None = None, **settings: Any
    ) -> None:
        if group_instance_id is not None:
            known = {name: settings[name] for name in settings.keys() & _SETTINGS_OF_ADMIN}
            with suppress(KafkaError), KafkaAdminClient(**known) as admin:
                predecessor = MemberToRemove(group_instance_id=group_instance_id)
                admin.remove_group_members(group_id, [predecessor])
        super().__init__(
            *topics, group_id=group_id, group_instance_id=group_instance_id, **settings
        )

    def poll(self, *args: Any, **settings: Any) -> Any:
        """Return what a KafkaConsumer's poll does; a join that it cuts short goes on in the next.

        kafka-python forgets a join that new metadata asked for when the poll's time ends within it:
        the group counts on a member that asks for nothing and sends no heartbeat.
        """
        found = super().poll(*args, **settings)
        if self.group_metadata().state is MemberState.REBALANCING:
            # The one private name used: there is no public one, and asking twice asks once.
            self._coordinator.request_rejoin()
        return found
