"""Runs a command on a pseudo-terminal, and answers its questions: a list of [pattern, shell command] pairs in JSON, then the
command. Of the first pattern that a question matches, the output of the shell command is typed; `^C` is Ctrl-C. Prints one
line of JSON: what was asked, what the terminal has shown, and the exit code."""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios

answers = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
shown = b""
seen = 0
asked = []
while True:
    try:
        chunk = os.read(terminal, 65536)
    except OSError:
        break
    if not chunk:
        break
    shown += chunk
    match = re.search(rb"\x1b\[K([^\n\r]*?): $", shown[seen:])
    if match is None:
        continue
    seen = len(shown)
    question = match.group(1).decode()
    asked.append(question)
    for pattern, command in answers:
        if re.search(pattern, question):
            text = subprocess.run(["sh", "-c", command], capture_output=True, text=True).stdout.strip()
            os.write(terminal, b"\x03" if text == "^C" else f"{text}\r".encode())
            break
_, status = os.waitpid(pid, 0)
print(json.dumps({"asked": asked, "shown": shown.decode(), "exitCode": os.waitstatus_to_exitcode(status)}))
