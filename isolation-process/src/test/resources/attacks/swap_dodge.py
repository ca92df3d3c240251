"""Takes as much memory as it is told, and asks the kernel to swap out what it has got so far."""
import mmap
import sys
import time

CHUNK = 4 << 20
PAGEOUT = 21  # MADV_PAGEOUT, asm-generic/mman-common.h


def swapped():
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmSwap:"):
                return int(line.split()[1])
    return 0


size = int(sys.argv[1])
held = []
for number in range(size // CHUNK):
    chunk = mmap.mmap(-1, CHUNK, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    chunk.write(b"x" * CHUNK)
    try:
        chunk.madvise(PAGEOUT)
    except OSError:
        pass  # a kernel before 5.4, or one that has no swap
    held.append(chunk)
    if swapped():
        print("SWAPPED", swapped())
print("HELD", len(held) * CHUNK)
# Time for who only looks now and then.
time.sleep(float(sys.argv[2]))
print("SURVIVED")
