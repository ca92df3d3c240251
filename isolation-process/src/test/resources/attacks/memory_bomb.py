"""Allocates and touches as many bytes as it is told, in a child while its parent waits."""
import os
import sys

CHUNK = 1 << 20
size = int(sys.argv[1])
if os.fork() == 0:
    held = [b"x" * CHUNK for number in range(size // CHUNK)]
    print("ALLOCATED", len(held) * CHUNK)
    os._exit(0)
os.wait()
print("SURVIVED")
