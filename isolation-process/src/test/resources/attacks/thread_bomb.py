"""Starts as many threads as it is told; they live until it is done."""
import sys
import threading
import time

count = int(sys.argv[1])
done = threading.Event()
threading.stack_size(64 * 1024)


def start():
    # It does not give up at the first denial, but it does in the end.
    patience = time.monotonic() + 1
    while True:
        try:
            return threading.Thread(target=done.wait, daemon=True).start()
        except RuntimeError:
            if time.monotonic() > patience:
                raise
            time.sleep(0.01)


for number in range(count):
    start()
print("STARTED", count)
done.set()
