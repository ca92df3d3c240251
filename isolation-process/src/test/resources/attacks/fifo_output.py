"""Leaves what blocks or misleads a reader where the host expects results."""
import os
import socket
import stat

os.mkfifo("fifo.txt")
os.mkdir("directory.txt")
for name, make in {
    "device.txt": lambda path: os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 5)),
    "socket.txt": lambda path: socket.socket(socket.AF_UNIX).bind(path),
}.items():
    try:
        make(name)
    except OSError as error:
        print("DENIED", name, error.strerror)
