"""Leaves a daemon behind: forked twice, in a session of its own, holding no stream."""
import os
import time

reader, writer = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.write(writer, b"%d" % os.getpid())
        for descriptor in range(256):
            try:
                os.close(descriptor)
            except OSError:
                pass
        time.sleep(1000)
    os._exit(0)
print("DAEMON", os.read(reader, 32).decode())
