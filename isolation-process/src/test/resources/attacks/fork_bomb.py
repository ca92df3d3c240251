"""Forks as many children as it is told; they live until it is done."""
import os
import sys
import time

count = int(sys.argv[1])
held, release = os.pipe()


def fork():
    # It does not give up at the first denial, but it does in the end.
    patience = time.monotonic() + 1
    while True:
        try:
            return os.fork()
        except BlockingIOError:
            if time.monotonic() > patience:
                raise
            time.sleep(0.01)


for number in range(count):
    if fork() == 0:
        os.close(release)
        os.read(held, 1)
        os._exit(0)
print("FORKED", count)
os.close(release)
for number in range(count):
    os.wait()
