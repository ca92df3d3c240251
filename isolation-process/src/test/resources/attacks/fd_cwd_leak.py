"""Looks for descriptors that the launcher forgot to close (CVE-2024-21626)."""
import os

for number in range(3, 1025):
    try:
        os.chdir("/proc/self/fd/%d" % number)
        print("ENTERED", number, os.listdir("."))
    except OSError:
        pass
    try:
        print("READ", number, os.pread(number, 4096, 0))
    except OSError:
        pass
os.chdir("/")


def is_open(number):
    try:
        os.fstat(number)
        return True
    except OSError:
        return False


print("OPEN", [number for number in range(1025) if is_open(number)])
