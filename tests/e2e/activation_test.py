"""What systemd asks of a Type=notify service with sockets of its own: it takes them by name, says when it is ready, feeds
the watchdog, says when it stops, and leaves the sockets behind."""
import os
import signal
import socket
import subprocess
import sys
import unittest

from appliance import PROGRAMS, Appliance, main, wait_until

# Plays systemd's part between fork and exec: the sockets become descriptors 3 and 4, LISTEN_PID is the process itself.
ACTIVATE = """
import os, sys
for place, fd in enumerate(map(int, sys.argv[1].split(",")), 10):
    os.dup2(fd, place)
for place in (3, 4):
    os.dup2(place + 7, place, inheritable=True)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "2", "LISTEN_FDNAMES": "admin:api"}
os.execv(sys.argv[2], sys.argv[2:])
"""


class Activated(Appliance):
    def start(self, wait_for="ready"):
        run = self.root / "run"
        run.mkdir(mode=0o755, exist_ok=True)
        self.listeners = []
        for name in ("admin", "api"):
            listener = socket.socket(socket.AF_UNIX)
            self.socket(name).unlink(missing_ok=True)
            listener.bind(str(self.socket(name)))
            self.socket(name).chmod(0o660)
            listener.listen(64)
            self.listeners.append(listener)
        self.inodes = [os.stat(self.socket(name)).st_ino for name in ("admin", "api")]
        self.notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notices.bind(str(self.root / "notify"))
        self.notices.settimeout(0.1)
        self.said = []
        fds = [listener.fileno() for listener in self.listeners]
        environment = os.environ | {"NOTIFY_SOCKET": str(self.root / "notify"), "WATCHDOG_USEC": "1000000"}
        with open(self.log_path, "ab") as log:
            self.daemon = subprocess.Popen(
                [sys.executable, "-c", ACTIVATE, ",".join(map(str, fds)), PROGRAMS / "tijorid", "--root", self.root],
                stderr=log, pass_fds=fds, env=environment)
        wait_until(lambda: self.hear("READY=1"), 120, "READY=1")
        wait_until(lambda: self.health() == wait_for, 120, f"the daemon is {wait_for}")

    def hear(self, notice):
        try:
            while True:
                self.said += self.notices.recv(4096).decode().split("\n")
        except TimeoutError:
            return self.said.count(notice)


class Activation(unittest.TestCase):
    def test_serves_on_the_sockets_it_was_given_and_reports_to_the_manager(self):
        with Activated() as box:
            status, answer, _ = box.chat("What is the capital of India?", max_tokens=16)
            self.assertEqual(status, 200)
            self.assertIn("New Delhi", answer["choices"][0]["message"]["content"])
            self.assertEqual(box.inodes, [os.stat(box.socket(name)).st_ino for name in ("admin", "api")])
            fed = box.hear("WATCHDOG=1")
            wait_until(lambda: box.hear("WATCHDOG=1") >= fed + 3, 10, "the watchdog is fed at least twice a period")
            self.assertEqual(box.stop(), 0)
            self.assertTrue(box.hear("STOPPING=1"))
            for name in ("admin", "api"):
                self.assertTrue(box.socket(name).exists(), "the manager's sockets are not ours to remove")

    def test_a_hung_loop_stops_feeding_the_watchdog(self):
        with Activated() as box:
            box.daemon.send_signal(signal.SIGSTOP)
            box.hear("WATCHDOG=1")
            fed = box.hear("WATCHDOG=1")
            with self.assertRaises(AssertionError):
                wait_until(lambda: box.hear("WATCHDOG=1") > fed, 2, "no food")
            box.daemon.send_signal(signal.SIGCONT)


if __name__ == "__main__":
    main()
