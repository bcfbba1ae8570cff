"""packaging/try.sh --console: on a desktop it ends in a window that is connected, with nothing to type; without a display it
says how to see one. The desktop is Xvfb."""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from appliance import PATIENCE, PROGRAMS, SKIPPED, model_or_skip, wait_until

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOLS = ["Xvfb", "xdotool", "curl", "ss"]


class Desktop:
    """A display of its own."""

    def __enter__(self):
        read, write = os.pipe()
        self.server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
                                       pass_fds=[write], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as said:
            self.name = ":" + said.readline().strip()
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait()

    def xdotool(self, *arguments):
        return subprocess.run(["xdotool", *arguments], env={**os.environ, "DISPLAY": self.name}, capture_output=True,
                              text=True, check=False)

    def windows(self):
        return self.xdotool("search", "--onlyvisible", "--name", "^Tijori$").stdout.split()


class TryConsole(unittest.TestCase):
    def start(self, display):
        environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
        environment.pop("QT_QPA_PLATFORM", None)
        if display:
            environment["DISPLAY"] = display
        self.log = tempfile.TemporaryFile("w+")
        return subprocess.Popen(["packaging/try.sh", "--console", "--model", model_or_skip(), "--programs", str(PROGRAMS.resolve())],
                                cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=self.log, stderr=subprocess.STDOUT,
                                start_new_session=True)

    def said(self):
        self.log.seek(0)
        return self.log.read()

    def end(self, trial):
        if trial.poll() is None:
            os.killpg(trial.pid, signal.SIGTERM)
            trial.wait()

    def test_opens_a_window_that_is_connected(self):
        with Desktop() as desktop:
            trial = self.start(desktop.name)
            try:
                def up():
                    self.assertIsNone(trial.poll(), self.said())
                    return desktop.windows()
                windows = wait_until(up, 240, "a window of the console")
                root = next(line.split("=", 1)[1] for line in self.said().splitlines() if "TIJORI_ROOT=/" in line).strip()
                first = wait_until(lambda: self.kept_connections(root), 60, "the console's connection to admin.sock")
                time.sleep(3)  # three statuses
                self.assertTrue(first & self.kept_connections(root), "the console's connections don't last")
                picture = os.environ.get("TIJORI_PICTURE")
                if picture:
                    time.sleep(5)
                    subprocess.run(["import", "-window", "root", picture], env={**os.environ, "DISPLAY": desktop.name}, check=True)
                # As a person without a window manager's button does: Ctrl+Q.
                desktop.xdotool("windowfocus", "--sync", windows[0], "key", "ctrl+q")
                self.assertEqual(trial.wait(120 * PATIENCE), 0, self.said())
            finally:
                self.end(trial)
            self.assertIn("All done in", self.said())
            self.assertFalse(pathlib.Path(root).exists())

    def kept_connections(self, root):
        """Connections of a tijori-console to this appliance's admin.sock: what the daemon refused would be gone again."""
        ours = set()
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if (process / "comm").read_text().strip() == "tijori-console" and root in (process / "cmdline").read_text():
                    ours |= {os.readlink(link) for link in (process / "fd").iterdir()}
            except OSError:
                continue
        listed = subprocess.run(["ss", "-xnH", "state", "connected"], capture_output=True, text=True, check=True).stdout
        # … the daemon's path and inode, "*" and the inode of the other end
        path = f"{root}/run/admin.sock"
        rows = [line.split() for line in listed.splitlines()]
        peers = {row[row.index(path) + 3] for row in rows if path in row[:-3]}
        return {inode for inode in peers if f"socket:[{inode}]" in ours}

    def test_says_how_without_a_display(self):
        trial = self.start(None)
        try:
            self.assertEqual(trial.wait(240 * PATIENCE), 0, self.said())
        finally:
            self.end(trial)
        self.assertIn("The console: no display here", self.said())
        self.assertIn("ssh -X", self.said())


if __name__ == "__main__":
    for tool in TOOLS:
        if not shutil.which(tool):
            print(f"skipped: {tool} is not here (packages xvfb, xdotool, curl, iproute2)")
            sys.exit(SKIPPED)
    if not (PROGRAMS / "tijori-console").exists():
        print("skipped: tijori-console is not built")
        sys.exit(SKIPPED)
    model_or_skip()
    unittest.main(verbosity=2, warnings="ignore")
