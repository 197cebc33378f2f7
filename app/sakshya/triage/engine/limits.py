"""What one worker process may use, and how much time one file may take.

Linux: RLIMIT_DATA bounds private memory while mapped known sets stay free (an address-space limit would forbid them).
Windows: a job object bounds committed memory and ends the worker with its parent; not yet run on Windows.
"""

import os
import sys
from dataclasses import dataclass

import psutil

MEMORY = 2 << 30
_SECONDS_A_FILE = 30.0
_BYTES_A_SECOND = 4 << 20
_SLEEP_FACTOR = 10.0


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of private memory for a worker, and a factor on the time for each file."""

    memory: int = MEMORY
    patience: float = 1.0

    def cpu_seconds(self, size: int) -> float:
        """Return the CPU seconds that a file of `size` bytes may take; CPU, so that a busy desk lists the same."""
        return self.patience * (_SECONDS_A_FILE + size / _BYTES_A_SECOND)

    def clock_seconds(self, size: int) -> float:
        """Return the seconds by the clock after which a file that uses no CPU is taken for hanging."""
        return self.cpu_seconds(size) * _SLEEP_FACTOR


def silence_this_process() -> None:
    """Point file descriptors 1 and 2 at nothing: decoders write there, and names must not leak into a log."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def cpu_used(pid: int) -> float:
    """Return the CPU seconds a process has used, 0 where it is gone."""
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    def bind_this_process(memory: int) -> None:
        """Put this process into a job object with a memory limit that dies with the job's last handle."""

        class BasicLimits(ctypes.Structure):
            _fields_ = (
                ("PerProcessUserTimeLimit", ctypes.c_int64),
                ("PerJobUserTimeLimit", ctypes.c_int64),
                ("LimitFlags", wintypes.DWORD),
                ("MinimumWorkingSetSize", ctypes.c_size_t),
                ("MaximumWorkingSetSize", ctypes.c_size_t),
                ("ActiveProcessLimit", wintypes.DWORD),
                ("Affinity", ctypes.c_size_t),
                ("PriorityClass", wintypes.DWORD),
                ("SchedulingClass", wintypes.DWORD),
            )

        class ExtendedLimits(ctypes.Structure):
            _fields_ = (
                ("BasicLimitInformation", BasicLimits),
                ("IoInfo", ctypes.c_uint64 * 6),
                ("ProcessMemoryLimit", ctypes.c_size_t),
                ("JobMemoryLimit", ctypes.c_size_t),
                ("PeakProcessMemoryUsed", ctypes.c_size_t),
                ("PeakJobMemoryUsed", ctypes.c_size_t),
            )

        process_memory, kill_on_close, extended_class = 0x100, 0x2000, 9
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = wintypes.HANDLE
        job = kernel.CreateJobObjectW(None, None)
        limits = ExtendedLimits()
        limits.BasicLimitInformation.LimitFlags = process_memory | kill_on_close
        limits.ProcessMemoryLimit = memory
        size = ctypes.sizeof(limits)
        kernel.SetInformationJobObject(wintypes.HANDLE(job), extended_class, ctypes.byref(limits), size)
        kernel.AssignProcessToJobObject(wintypes.HANDLE(job), wintypes.HANDLE(kernel.GetCurrentProcess()))

    def widen_this_process(memory: int) -> None:
        """Do nothing: a nested job object can only narrow what its parent allows."""

else:
    import resource

    def bind_this_process(memory: int) -> None:
        """Limit this process's private memory to `memory` bytes and forbid core dumps."""
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        limit = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))

    def widen_this_process(memory: int) -> None:
        """Move this process's memory limit, up to what the system lets it have."""
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(
            resource.RLIMIT_DATA, (memory if hard == resource.RLIM_INFINITY else min(memory, hard), hard)
        )
