"""Writes as many bytes as it is told to each place it is told, and to a file without a name."""
import errno
import os
import sys

CHUNK = b"x" * (1 << 16)
size = int(sys.argv[1])
made = []


def file_in(directory):
    path = "%s/bomb-%d" % (directory, os.getpid())
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    made.append(path)
    return file


def fill(file):
    written = 0
    try:
        while written < size:
            written += os.write(file, CHUNK)
    except OSError as denial:
        return written, denial
    return written, None


total = 0
denied = None
for place in sys.argv[2:] + ["memfd"]:
    try:
        file = os.memfd_create("bomb") if place == "memfd" else file_in(place)
    except OSError as denial:
        print("CLOSED", place, errno.errorcode[denial.errno])
        continue
    written, denial = fill(file)
    print("WROTE", place, written)
    total += written
    denied = denied or denial
print("TOTAL", total)
if denied:
    raise denied
# Nothing stopped it: whoever runs it has had the harm, and gets its space back.
for path in made:
    os.unlink(path)
