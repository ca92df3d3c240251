"""Opens as many descriptors as it is told, in several processes, in every way that makes one."""
import array
import errno
import os
import resource
import socket
import sys

count = int(sys.argv[1])


def until_denied(opened):
    """How many there were, and what stopped it."""
    held = []
    try:
        for number in range(count):
            held.append(opened())
    except OSError as denial:
        return len(held), errno.errorcode[denial.errno]
    finally:
        for each in held:
            for descriptor in each if isinstance(each, tuple) else (each,):
                os.close(descriptor)
    return len(held), "nothing"


def in_flight():
    """Descriptors that nobody has open: they are on their way."""
    out, _ = ends = socket.socketpair()
    out.setblocking(False)
    sent = 0
    try:
        while sent < count:
            rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0]))]
            sent += out.sendmsg([b"x"], rights)
    except OSError as denial:
        return sent, errno.errorcode[denial.errno]
    finally:
        for end in ends:
            end.close()
    return sent, "nothing"


try:
    resource.setrlimit(resource.RLIMIT_NOFILE, (4 * count, 4 * count))
    print("RAISED")
except (ValueError, OSError):
    print("NOT RAISED")
print("FILES", *until_denied(lambda: os.open("/dev/null", os.O_RDONLY)))
print("PIPES", *until_denied(os.pipe))
print("EVENTS", *until_denied(lambda: os.eventfd(0)))
print("IN FLIGHT", *in_flight())
for number in range(4):
    if os.fork() == 0:
        # In one write, or the lines of several children mingle.
        os.write(1, ("CHILD %d %s\n" % until_denied(lambda: os.dup(0))).encode())
        os._exit(0)
for number in range(4):
    os.wait()
