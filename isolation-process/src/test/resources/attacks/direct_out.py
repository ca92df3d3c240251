"""Talks to the host's loopback port in every way that needs no privilege, and some that do."""
import socket
import sys

port = int(sys.argv[1])


def attempt(name, act):
    try:
        act()
        print("SENT", name)
    except OSError as error:
        print("DENIED", name, error.strerror)


def stream(family, address):
    with socket.socket(family, socket.SOCK_STREAM) as s:
        s.settimeout(5)
        s.connect((address, port))


def datagram(family, address):
    with socket.socket(family, socket.SOCK_DGRAM) as s:
        s.sendto(b"out", (address, port))


def echo(kind):
    with socket.socket(socket.AF_INET, kind, socket.IPPROTO_ICMP) as s:
        s.sendto(b"\x08\x00\xf7\xff\x00\x00\x00\x00", ("127.0.0.1", 0))


def packet():
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0x0300):
        pass


attempt("tcp", lambda: stream(socket.AF_INET, "127.0.0.1"))
attempt("tcp6", lambda: stream(socket.AF_INET6, "::1"))
attempt("udp", lambda: datagram(socket.AF_INET, "127.0.0.1"))
attempt("icmp", lambda: echo(socket.SOCK_DGRAM))
attempt("raw", lambda: echo(socket.SOCK_RAW))
attempt("packet", packet)
