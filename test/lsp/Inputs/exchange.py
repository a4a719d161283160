"""Sends what stands in a file to a language server and prints what it answers, a line each, then
its exit code: exchange.py FILE COMMAND...

Each line of the file is a message; one that begins with "raw " is sent as it is, without a header
if it begins with "headless ", and behind that header if it begins with "under HEADER: VALUE ".
"bytes " precedes a body in hexadecimal; "deep" is a message that is nested deeper than any stack.
Empty lines and those that begin with // are none.
"""
import json
import subprocess
import sys

sent = b""
for line in open(sys.argv[1], encoding="utf-8"):
    line = line.strip()
    if not line or line.startswith("//"):
        continue
    if line.startswith("headless "):
        sent += line.removeprefix("headless ").encode() + b"\r\n\r\n"
        continue
    if line.startswith("under "):
        name, value, body = line.removeprefix("under ").split(" ", 2)
        sent += f"{name} {value}\r\n\r\n{body}".encode()
        continue
    body = line.removeprefix("raw ").encode()
    if line == "deep":
        body = b"[" * 1000000
    elif line.startswith("bytes "):
        body = bytes.fromhex(line.removeprefix("bytes "))
    sent += b"Content-Length: %d\r\n\r\n" % len(body) + body
result = subprocess.run(sys.argv[2:], input=sent, stdout=subprocess.PIPE, timeout=120)
rest = result.stdout
while rest:
    header, rest = rest.split(b"\r\n\r\n", 1)
    length = int(header.removeprefix(b"Content-Length: "))
    print(json.dumps(json.loads(rest[:length]), sort_keys=True))
    rest = rest[length:]
print("exit code", result.returncode)
