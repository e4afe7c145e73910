"""A consumer group is left in the name of the process that had an instance's name before."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from kafka.admin import KafkaAdminClient, MemberToRemove
from kafka.errors import KafkaError

_SETTINGS_OF_ADMIN = KafkaAdminClient.DEFAULT_CONFIG.keys()


def let_predecessor_leave(settings: Mapping[str, Any], *, group: str, instance: str) -> None:
    """Let whatever was left of the instance leave the group; nothing may be left of it.

    Without this a successor is handed what the group gave its predecessor (KIP-345), and nobody
    leads the group afterwards: nothing for ever after a kill while the group was forming, and never
    the partitions that were added since.
    """
    known = {name: settings[name] for name in settings.keys() & _SETTINGS_OF_ADMIN}
    with suppress(KafkaError), KafkaAdminClient(**known) as admin:
        admin.remove_group_members(group, [MemberToRemove(group_instance_id=instance)])
