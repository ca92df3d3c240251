"""Ignores the signal that a file is too large, and whatever it is denied, and writes on."""
import errno
import os
import signal
import sys

CHUNK = b"x" * (1 << 16)
beyond, count = int(sys.argv[1]), int(sys.argv[2])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def write_on(name, offset):
    file = os.open(name, os.O_WRONLY | os.O_CREAT)
    os.lseek(file, offset, os.SEEK_SET)
    written, denials = 0, set()
    for number in range(count):
        try:
            written += os.write(file, CHUNK)
        except OSError as denial:
            denials.add(errno.errorcode[denial.errno])
    print("WROTE", name, written, *sorted(denials))


write_on("from-its-beginning", 0)
write_on("from-far-beyond", beyond)
if os.fork() == 0:
    # Who does not ignore it dies of it.
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    write_on("not-ignored", beyond)
    os._exit(0)
print("CHILD", os.waitstatus_to_exitcode(os.wait()[1]))
