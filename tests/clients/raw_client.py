"""Speaks with the helper by hand. Each argument is a step, in JSON; what comes back is printed, one JSON a line.

  {"open": N}      N connections; the steps that follow are for the last of them
  {"frame": X}     sends X as a message
  {"bytes": HEX}   sends these bytes
  {"with": X}      sends X as a message, and a descriptor with it
  {"read": true}   prints the next answer without its envelope, or "closed", or "silent" after ten seconds
  {"shut": true}   closes the last connection
  {"hold": true}   says "holding" and waits until standard input ends
"""

import array
import json
import socket
import struct
import sys

SOCKET = "/run/wardkey/helper.sock"


def frame(message):
    body = json.dumps(message).encode()
    return struct.pack(">I", len(body)) + body


def exactly(connection, count):
    got = b""
    while len(got) < count:
        more = connection.recv(count - len(got))
        if not more:
            return None
        got += more
    return got


def read(connection):
    connection.settimeout(10)
    try:
        header = exactly(connection, 4)
        body = header and exactly(connection, struct.unpack(">I", header)[0])
    except ConnectionResetError:
        return "closed"
    except TimeoutError:
        return "silent"
    return unwrapped(json.loads(body)) if body else "closed"


def unwrapped(answer):
    return answer["answered"] if isinstance(answer, dict) and "answered" in answer else answer


def send(connection, data, *ancillary):
    try:
        connection.sendmsg([data], ancillary)
    except (BrokenPipeError, ConnectionResetError):
        pass  # what was answered says why


connections = []
for step in map(json.loads, sys.argv[1:]):
    (verb, value), = step.items()
    if verb == "open":
        for _ in range(value):
            connections.append(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
            connections[-1].connect(SOCKET)
        continue
    last = connections[-1]
    if verb == "frame":
        send(last, frame(value))
    elif verb == "bytes":
        send(last, bytes.fromhex(value))
    elif verb == "with":
        passed = array.array("i", [sys.stdin.fileno()])
        send(last, frame(value), (socket.SOL_SOCKET, socket.SCM_RIGHTS, passed))
    elif verb == "read":
        print(json.dumps(read(last)), flush=True)
    elif verb == "shut":
        connections.pop().close()
    elif verb == "hold":
        print('"holding"', flush=True)
        sys.stdin.read()
