"""What mends a problem by itself: for each rule that has such a thing, one function from the job map to the mended one."""

from engine.validation.fixes.fix import Fix, find_fix
from engine.validation.fixes.order import last_drawn_first

__all__ = ["Fix", "find_fix", "last_drawn_first"]
