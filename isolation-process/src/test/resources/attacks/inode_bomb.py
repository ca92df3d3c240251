"""Makes as many empty files as it is told, of every kind that is one."""
import os
import sys

count = int(sys.argv[1])
places = sys.argv[2:]
kinds = [
    lambda path: os.close(os.open(path, os.O_CREAT | os.O_EXCL)),
    os.mkdir,
    lambda path: os.symlink("nowhere", path),
    os.mkfifo,
]
made = 0
try:
    for number in range(count):
        path = "%s/inode-%d" % (places[number % len(places)], number)
        kinds[number // len(places) % len(kinds)](path)
        made += 1
finally:
    print("MADE", made)
