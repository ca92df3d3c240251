"""Keeps as many processes busy as it is told, each with two threads, for seconds of their time."""
import os
import sys
import threading
import time

processes, seconds = int(sys.argv[1]), float(sys.argv[2])


def spin():
    while time.process_time() < seconds:
        pass


for number in range(processes):
    if os.fork() == 0:
        threading.Thread(target=spin, daemon=True).start()
        spin()
        os.write(1, b"SPUN %d\n" % (time.process_time() * 1000))
        os._exit(0)
for number in range(processes):
    os.wait()
