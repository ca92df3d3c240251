"""Reads each path that it is given."""
import sys

for path in sys.argv[1:]:
    try:
        with open(path, "rb") as file:
            print("READ", path, file.read(4096))
    except OSError as error:
        print("DENIED", path, error.strerror)
