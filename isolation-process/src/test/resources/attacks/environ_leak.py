"""Looks for a variable in its environment, and in what it can see of every process."""
import os
import sys

# In two halves, so that its own command line is no find.
marker = (sys.argv[1] + sys.argv[2]).encode()

print("VARIABLES", sorted(os.environ))
for pid in filter(str.isdigit, os.listdir("/proc")):
    for kind in ("environ", "cmdline"):
        try:
            with open("/proc/%s/%s" % (pid, kind), "rb") as file:
                found = file.read()
            if marker in found:
                print("FOUND in", kind, found[found.index(marker) :][:80])
        except OSError:
            pass
