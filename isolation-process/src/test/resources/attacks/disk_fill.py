"""Takes disk space without writing: all of it at once, in steps, or in files with holes."""
import errno
import os
import sys

way, size = sys.argv[1], int(sys.argv[2])


def open_new(name):
    return os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL)


def at_once():
    os.posix_fallocate(open_new("at-once"), 0, size)
    return size


def in_steps():
    file, taken, step, denied = open_new("in-steps"), 0, 1 << 20, None
    while taken < size and step >= 4096:
        try:
            os.posix_fallocate(file, taken, step)
            taken += step
        except OSError as denial:
            if denial.errno != errno.ENOSPC:
                raise
            denied = denial
            step //= 2
    print("TOOK", taken)
    if denied:
        raise denied
    return taken


def with_holes():
    """Pages that lie far apart, in files that seem to be huge."""
    taken, stride, pages = 0, 1 << 18, 32
    try:
        for number in range(size // 4096 // pages):
            file = open_new("holes-%d" % number)
            for page in range(pages):
                taken += os.pwrite(file, b"x" * 4096, page * stride)
            os.close(file)
    finally:
        print("TOOK", taken)
    return taken


def hole():
    """Nothing but a hole."""
    os.ftruncate(open_new("hole"), size)
    return size


ways = {"at-once": at_once, "in-steps": in_steps, "with-holes": with_holes, "hole": hole}
print("DONE", ways[way]())
