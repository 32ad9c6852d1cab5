"""paramiko_login.py JSON: keyboard-interactive logins by paramiko.

{"port", "user", "password", "codes": one per prompt for a code, "key": private key file or null,
 "sessions": how many at once, answering their first code together, "leave": hang up at the code prompt}
Prints {"prompts": [... of the first session], "accepted": how many got in}.
"""
import json
import socket
import sys
import threading

import paramiko

job = json.loads(sys.argv[1])
together = threading.Barrier(job["sessions"])
prompts = []
accepted = []


def login(number):
    transport = paramiko.Transport(socket.create_connection(("127.0.0.1", job["port"]), 30))
    codes = list(job["codes"])
    waited = False

    def answer(_title, instructions, questions):
        nonlocal waited
        replies = []
        for text, _echo in questions:
            if number == 0:
                prompts.append(instructions + text)
            if "assword" in text:
                replies.append(job["password"])
                continue
            if not waited:
                waited = True
                together.wait(60)
            if job["leave"]:
                transport.close()
            replies.append(codes.pop(0))
        return replies

    try:
        transport.start_client(timeout=60)
        transport.auth_timeout = 60
        if job["key"]:
            transport.auth_publickey(job["user"], paramiko.Ed25519Key.from_private_key_file(job["key"]))
        transport.auth_interactive(job["user"], answer)
        channel = transport.open_session(timeout=60)
        channel.exec_command("id -un")
        if channel.makefile().read().decode().strip() == job["user"]:
            accepted.append(number)
    except (paramiko.SSHException, EOFError, OSError):
        pass
    finally:
        transport.close()


threads = [threading.Thread(target=login, args=(n,)) for n in range(job["sessions"])]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(json.dumps({"prompts": prompts, "accepted": len(accepted)}))
