"""Ends at once and well, while a child waits for its parent's end and then acts."""
import os
import time

reader, writer = os.pipe()
parent = os.getpid()
if os.fork() == 0:
    os.close(reader)
    os.setsid()
    os.write(writer, b"x")
    # In a pid namespace the orphan's new parent is its init: any other than before will do.
    while os.getppid() == parent:
        time.sleep(0.001)
    time.sleep(0.05)
    with open("late.txt", "w") as file:
        file.write("acted after the end")
    print("ACTED")
    os._exit(0)
os.read(reader, 1)
print("DONE")
