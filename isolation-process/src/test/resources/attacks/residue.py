"""Leaves something where it may last, in the places it is told too; or looks for it there."""
import ctypes
import os
import socket
import sys

# asm/unistd_64.h
SHMGET, SHMCTL, MSGGET, MSGCTL, ADD_KEY, KEYCTL = 29, 31, 68, 71, 248, 250
IPC_CREAT, IPC_RMID = 0o1000, 0
KEYCTL_SEARCH, KEYCTL_REVOKE, USER_KEYRING = 10, 3, -4
name, number, places = sys.argv[2], int(sys.argv[3]), sys.argv[4:]
c = ctypes.CDLL(None, use_errno=True)


def call(*arguments):
    longs = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return c.syscall(*longs)


def leave():
    for place in places:
        try:
            with open(place + "/" + name, "x") as file:
                file.write("left")
            print("LEFT", place)
        except OSError:
            pass
    if call(SHMGET, number, 4096, IPC_CREAT | 0o600) >= 0:
        print("LEFT memory")
    if call(MSGGET, number, IPC_CREAT | 0o600) >= 0:
        print("LEFT queue")
    if call(ADD_KEY, b"user", name.encode(), b"left", 4, USER_KEYRING) >= 0:
        print("LEFT key")


def look():
    for place in places:
        if os.path.exists(place + "/" + name):
            print("FOUND", place)
            os.unlink(place + "/" + name)
    memory = call(SHMGET, number, 0, 0)
    if memory >= 0:
        print("FOUND memory")
        call(SHMCTL, memory, IPC_RMID, 0)
    queue = call(MSGGET, number, 0)
    if queue >= 0:
        print("FOUND queue")
        call(MSGCTL, queue, IPC_RMID, 0)
    key = call(KEYCTL, KEYCTL_SEARCH, USER_KEYRING, b"user", name.encode(), 0)
    if key >= 0:
        print("FOUND key")
        call(KEYCTL, KEYCTL_REVOKE, key)
    with socket.socket(socket.AF_UNIX) as lost:
        try:
            lost.connect("\0" + name)
            print("FOUND socket")
        except OSError:
            pass


{"leave": leave, "look": look}[sys.argv[1]]()
print("OVER")
