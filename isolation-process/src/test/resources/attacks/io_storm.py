"""Writes a little and waits for the disk, as often as it is told; then for all disks there are."""
import ctypes
import errno
import os
import sys

SYNCFS, SYNC = 306, 162  # asm/unistd_64.h
count = int(sys.argv[1])
c = ctypes.CDLL(None, use_errno=True)
file = os.open("storm", os.O_WRONLY | os.O_CREAT)
for number in range(count):
    os.pwrite(file, b"x" * 4096, (number % 256) * 4096)
    os.fsync(file)
print("SYNCED", count)
if "everything" in sys.argv:
    for name, call in (("sync", SYNC), ("syncfs", SYNCFS)):
        failed = c.syscall(ctypes.c_long(call), ctypes.c_int(file)) < 0
        print(name, errno.errorcode[ctypes.get_errno()] if failed else "DONE")
