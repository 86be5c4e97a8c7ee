"""A server of the app in a process of its own."""

import json
import os
import re
import socket
import subprocess
import sys
import urllib.request

import machine


class Server:
    """A server whose temporary files are all in `folder`."""

    def __init__(self, folder, *options):
        self.folder = folder
        command = [sys.executable, "-m", "experiments", "app", "--no-browser"]
        self.process = subprocess.Popen(
            [*command, "--port", "0", "--workers", "2", *options],
            cwd=machine.ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1", "TMPDIR": str(folder)},
        )
        self.address = re.search(r"http://\S+", self.process.stdout.readline())[0]
        self.place = re.search(r"//(.*):(\d+)/", self.address).groups()

    def ask(self, path):
        """Return what the server answers."""
        url, wait = f"{self.address}{path}", machine.PATIENCE
        with urllib.request.urlopen(url, timeout=wait) as answer:
            return json.load(answer)

    def send(self, path, data):
        """Send a table without waiting for the answer; return the connection."""
        host, port = self.place
        body = json.dumps(data).encode()
        line = socket.create_connection((host, int(port)))
        head = f"POST /{path} HTTP/1.1\r\nHost: {host}:{port}\r\n"
        line.sendall(head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        return line

    def end(self, sent):
        """Send a signal; return the exit code and what stderr says."""
        self.process.send_signal(sent)
        try:
            _, said = self.process.communicate(timeout=machine.PATIENCE)
        finally:
            self.process.kill()
        return self.process.returncode, said

    def kill(self):
        """End the process at once, if it still runs."""
        self.process.kill()
        self.process.communicate()
