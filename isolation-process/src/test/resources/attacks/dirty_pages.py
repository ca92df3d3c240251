"""Writes one file over and over without waiting for a disk, for as many rounds as it is told;
and stays with it until its input ends, if it is told to."""
import os
import sys

size, rounds = int(sys.argv[1]), int(sys.argv[2])
chunk = os.urandom(1 << 20)
for number in range(rounds):
    file = os.open("dirty", os.O_WRONLY | os.O_CREAT)
    written = 0
    while written < size:
        written += os.write(file, chunk)
    os.close(file)
print("DIRTIED", size * rounds)
if "stay" in sys.argv:
    sys.stdin.read()
