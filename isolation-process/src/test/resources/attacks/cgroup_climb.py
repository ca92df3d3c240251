"""Looks for control groups to climb into, to raise or to make; then forks as often as it is told."""
import ctypes
import os
import sys
import time

MOUNTS = ["/sys/fs/cgroup", "/cgroup", "/proc/1/root/sys/fs/cgroup", "/proc/self/root/sys/fs/cgroup"]
JOIN = ["cgroup.procs", "tasks"]
LIMITS = {
    "memory.max": "max",
    "memory.limit_in_bytes": "-1",
    "memory.high": "max",
    "pids.max": "max",
    "cpu.max": "max",
    "cpu.cfs_quota_us": "-1",
}
count, most = int(sys.argv[1]), int(sys.argv[2])
c = ctypes.CDLL(None, use_errno=True)


def groups():
    """Those that it is in, as it sees them, and all above those."""
    with open("/proc/self/cgroup") as own:
        lines = [line.strip().split(":", 2) for line in own]
    for mount in MOUNTS:
        for _, controllers, path in lines:
            path = path.rstrip("/")
            while True:
                for part in controllers.split(",") + [""]:
                    yield mount + "/" + part.replace("name=", "") + path
                if not path:
                    break
                path = path.rpartition("/")[0]


def write(file, text):
    try:
        with open(file, "w") as opened:
            opened.write(text)
        return True
    except OSError:
        return False


def children(group):
    made = 0
    try:
        while made < most:
            os.mkdir("%s/climb-%d-%d" % (group, os.getpid(), made))
            made += 1
    except OSError:
        pass
    for number in range(made):
        os.rmdir("%s/climb-%d-%d" % (group, os.getpid(), number))
    return made


seen = set()
for group in groups():
    if group in seen or not os.path.isdir(group):
        continue
    seen.add(group)
    made = children(group)
    if made:
        print("MADE", made, group)
    if sys.argv[3] != "climb":
        continue
    for file in JOIN:
        if write(group + "/" + file, "0"):
            print("JOINED", group)
    for file, text in LIMITS.items():
        if write(group + "/" + file, text):
            print("RAISED", group + "/" + file)
for kind in (b"cgroup", b"cgroup2"):
    if sys.argv[3] == "climb" and c.mount(b"none", b"/tmp", kind, 0, None) == 0:
        print("MOUNTED", kind.decode())
print("LOOKED")
held, release = os.pipe()
children = []
try:
    while len(children) < count:
        # It does not give up at the first denial, but it does in the end.
        patience = time.monotonic() + 1
        while True:
            try:
                child = os.fork()
                break
            except BlockingIOError:
                if time.monotonic() > patience:
                    raise
                time.sleep(0.01)
        if child == 0:
            os.close(release)
            os.read(held, 1)
            os._exit(0)
        children.append(child)
    print("FORKED", len(children))
finally:
    os.close(release)
    for child in children:
        os.waitpid(child, 0)
