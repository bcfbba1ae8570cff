"""Who feeds systemd's watchdog: each program from the loop that does its work, and from no other thread. One thread alone is
stopped, the others go on; the word must stop with it and come back with it."""
import contextlib
import ctypes
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

from appliance import PROGRAMS, SKIPPED, Appliance, wait_until

LIMIT_US = 1_000_000
PTRACE_SEIZE, PTRACE_INTERRUPT, PTRACE_DETACH, WALL = 0x4206, 0x4207, 17, 0x40000000

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


def ptrace(request, thread):
    if libc.ptrace(request, thread, None, None) != 0:
        raise OSError(ctypes.get_errno(), f"ptrace {request:#x}")


@contextlib.contextmanager
def stopped(thread):
    """SIGSTOP stops every thread of a process; a tracer can stop one."""
    ptrace(PTRACE_SEIZE, thread)
    ptrace(PTRACE_INTERRUPT, thread)
    os.waitpid(thread, WALL)
    try:
        yield
    finally:
        ptrace(PTRACE_DETACH, thread)


def thread_of(pid, name):
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        if (task / "comm").read_text().strip() == name:
            return int(task.name)
    raise AssertionError(f"process {pid} has no thread called {name}")


class Notices:
    """Plays systemd's part: what the program says on $NOTIFY_SOCKET."""

    def __init__(self, folder):
        self.path = folder / "notify"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(self.path))
        self.socket.settimeout(0.05)
        self.said = []

    def environment(self, limit_us=LIMIT_US):
        own = {"NOTIFY_SOCKET": str(self.path)}
        return os.environ | own | ({"WATCHDOG_USEC": str(limit_us)} if limit_us else {})

    def count(self, notice="WATCHDOG=1"):
        with contextlib.suppress(TimeoutError):
            while True:
                self.said += self.socket.recv(4096).decode().split("\n")
        return self.said.count(notice)


class Watchdog(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tijori.", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.notices = Notices(self.folder)

    def start(self, *arguments, limit_us=LIMIT_US):
        process = subprocess.Popen(arguments, env=self.notices.environment(limit_us), stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait, 60)
        self.addCleanup(process.send_signal, signal.SIGTERM)
        wait_until(lambda: self.notices.count("READY=1"), 60, "READY=1")
        return process

    def check(self, pid, loop=None):
        """`loop`: the thread's name; none: the first thread."""
        fed = self.notices.count()
        wait_until(lambda: self.notices.count() >= fed + 4, 10, "an idle loop feeds it")
        try:
            with stopped(thread_of(pid, loop) if loop else pid):
                time.sleep(LIMIT_US / 2e6)  # a turn of before may still be passed on by another thread
                fed = self.notices.count()
                time.sleep(2 * LIMIT_US / 1e6)
                self.assertEqual(self.notices.count(), fed, f"fed while the thread {loop or pid} stood still")
        except OSError as refused:
            self.skipTest(f"one thread can't be stopped here: {refused}")
        wait_until(lambda: self.notices.count() > fed, 10, "it is fed again")

    def test_the_thread_that_commits_feeds_it_in_the_audit_process(self):
        process = self.start(PROGRAMS / "tijori-audit", "serve", "--folder", self.folder / "audit", "--socket",
                             self.folder / "audit.sock", "--ballast-mib", "0")
        self.check(process.pid, "commit")

    def test_the_thread_that_runs_the_model_feeds_it_in_an_engine(self):
        process = self.start(PROGRAMS / "tijori-engine", "serve", "--store", self.folder, "--socket",
                             self.folder / "engine.sock")
        self.check(process.pid, "scheduler")

    def test_the_io_thread_feeds_it_in_the_daemon_through_the_one_that_waits_for_signals(self):
        with Appliance(models=False) as box:
            box.stop()
            with open(box.log_path, "ab") as log:
                box.daemon = subprocess.Popen([PROGRAMS / "tijorid", "--root", box.root], stderr=log,
                                              env=self.notices.environment())
            wait_until(lambda: self.notices.count("READY=1"), 60, "READY=1")
            self.check(box.daemon.pid, "io")
            self.check(box.daemon.pid)
            self.assertEqual(self.notices.count("READY=1"), 1, "its children speak for themselves alone")

    def test_nobody_is_told_where_nobody_watches(self):
        self.start(PROGRAMS / "tijori-audit", "serve", "--folder", self.folder / "audit", "--socket",
                   self.folder / "audit.sock", "--ballast-mib", "0", limit_us=None)
        time.sleep(1.5)
        self.assertEqual(self.notices.count(), 0)


if __name__ == "__main__":
    if not (PROGRAMS / "tijorid").exists():
        sys.exit(SKIPPED)
    unittest.main(verbosity=2, warnings="ignore")
