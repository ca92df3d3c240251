"""Reads and signals the processes whose numbers it is told, as anybody of their user may."""
import ctypes
import os
import signal
import sys

PTRACE_ATTACH, PTRACE_DETACH = 16, 17  # linux/ptrace.h
c = ctypes.CDLL(None, use_errno=True)


def read(path):
    with open(path, "rb") as file:
        return file.read(64)


def attach(pid):
    if c.ptrace(PTRACE_ATTACH, pid, 0, 0):
        raise OSError(ctypes.get_errno(), "ptrace")
    os.waitpid(pid, 0)
    c.ptrace(PTRACE_DETACH, pid, 0, 0)


for pid in map(int, sys.argv[1:]):
    if pid in (os.getpid(), os.getppid(), 1):
        continue
    reaches = {
        "environment": lambda: read("/proc/%d/environ" % pid),
        "command": lambda: read("/proc/%d/cmdline" % pid),
        "files": lambda: os.listdir("/proc/%d/cwd/" % pid),
        "descriptors": lambda: os.listdir("/proc/%d/fd" % pid),
        "memory": lambda: open("/proc/%d/mem" % pid, "r+b").close(),
        "trace": lambda: attach(pid),
        "signal": lambda: os.kill(pid, signal.SIGKILL),
    }
    for name, reach in reaches.items():
        try:
            reach()
            print("REACHED", name)
        except OSError:
            pass
print("TRIED")
