"""Allocates and touches as many bytes as it is told, in a child while its parent waits."""
import os
import sys
import time

CHUNK = 1 << 20
size = int(sys.argv[1])
if os.fork() == 0:
    held = [b"x" * CHUNK for number in range(size // CHUNK)]
    print("ALLOCATED", len(held) * CHUNK)
    os._exit(0)
os.wait()
# A kernel without memory.oom.group (version 1) kills the child alone: the parent has this long to
# live on, and must not.
time.sleep(2)
print("SURVIVED")
