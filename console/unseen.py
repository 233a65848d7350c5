"""What a process knows is not written to a disk when it dies: it holds secrets for good, and PINs for moments."""

from __future__ import annotations

import ctypes
import resource
import sys

_PR_SET_DUMPABLE = 4


def leave_no_core() -> None:
    """No core dump of this process, nor a look into its memory for others of the same user."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # A limit of zero does not stop a core that is piped to a program; this does.
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
