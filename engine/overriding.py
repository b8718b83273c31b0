"""The mark of a method that overrides another one: read by the type checker, nothing at run time.

``typing_extensions`` has it for Python 3.11, but its import takes 22 ms, a fifth of what the engine needs to start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import override
else:

    def override(method):  # noqa: ANN001, ANN201  the type checker reads the one above
        """Return the method as it is."""
        return method


__all__ = ["override"]
