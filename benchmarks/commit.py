"""The commit that figures belong to."""

import subprocess


def commit() -> str:
    """Return the short name of the commit that is checked out; "unknown" outside a repository."""
    told = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    return told.stdout.strip() or "unknown"
