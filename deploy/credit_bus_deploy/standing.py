"""How the processes of an installation stand, by their own word: asked on their health ports."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from credit_bus_deploy.ports import LOOPBACK
from credit_bus_deploy.supervisor import ProcessStatus

ASKED_AT_ONCE_MAX = 8
ASK_SECONDS_MAX = 3.0  # a process asks its broker and its own pages meanwhile
ANSWER_BYTES_MAX = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a process says of itself; None where it does not answer."""

    is_alive: bool | None = None
    is_ready: bool | None = None
    why: tuple[str, ...] = ()  # it is not alive, or not ready

    @property
    def word(self) -> str:
        """Return it in a few words."""
        if self.is_alive is None:
            return "silent"
        if not self.is_alive:
            return f"stalled: {', '.join(self.why)}"
        return "ready" if self.is_ready else f"waits: {', '.join(self.why)}"


def standings(statuses: Sequence[ProcessStatus]) -> Mapping[str, Standing]:
    """Return how each process stands that runs and has a health port."""
    asked = [each for each in statuses if each.identity and each.health_port]
    if not asked:
        return {}
    with ThreadPoolExecutor(ASKED_AT_ONCE_MAX, thread_name_prefix="ask") as pool:
        found = pool.map(lambda each: standing_at(each.health_port or 0), asked)
        return {each.name: standing for each, standing in zip(asked, found, strict=True)}


def standing_at(port: int) -> Standing:
    """Return how the process with this health port stands."""
    live = _answer(f"http://{LOOPBACK}:{port}/health/live")
    ready = _answer(f"http://{LOOPBACK}:{port}/health/ready")
    if live is None or ready is None:
        return Standing()
    why = live.get("stalled") or ready.get("waiting") or ()
    return Standing(
        is_alive=live.get("live") is True,
        is_ready=ready.get("ready") is True,
        why=tuple(map(str, why)),
    )


def _answer(url: str) -> Mapping[str, Any] | None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=ASK_SECONDS_MAX) as answer:
            content = answer.read(ANSWER_BYTES_MAX)
    except urllib.error.HTTPError as error:  # 503 has a body that says why
        with error:
            content = error.read(ANSWER_BYTES_MAX)
    except OSError:
        return None
    try:
        found = json.loads(content)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
