"""The time as it is written down: UTC, whole seconds, ISO 8601."""

from datetime import UTC, datetime

__all__ = ["utc_now"]


def utc_now() -> str:
    """Now, such as `2026-11-20T16:41:05Z`."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
