"""Makes processes that nobody waits for: its own children, or orphans that are left to init."""
import os
import sys
import time

kind, count = sys.argv[1], int(sys.argv[2])


def is_zombie(pid):
    with open("/proc/%d/stat" % pid) as stat:
        return stat.read().rpartition(")")[2].split()[0] == "Z"


def fork(patience):
    # Orphans that init is about to reap still count: a moment later there is room again.
    deadline = time.monotonic() + patience
    while True:
        try:
            return os.fork()
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.001)


if kind == "children":
    children = []
    for number in range(count):
        child = fork(patience=1)
        if child == 0:
            os._exit(0)
        children.append(child)
    while not all(map(is_zombie, children)):
        time.sleep(0.001)
    print("ZOMBIES", count)
else:
    for number in range(count):
        child = fork(patience=20)
        if child == 0:
            if fork(patience=20) == 0:
                os._exit(0)
            os._exit(0)
        os.waitpid(child, 0)
    print("ORPHANED", count)
