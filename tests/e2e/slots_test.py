"""The appliance as it is installed: every process a user of its own, sockets made by a service manager, engines in slots
that start when they are connected to. Runs in a mount namespace of its own, over empty system folders; needs root.

A manager of fifty lines plays systemd's part, so that this runs where systemd is not PID 1."""
import json
import os
import pathlib
import pwd
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
import unittest

from appliance import MODEL, PROGRAMS, SKIPPED, Appliance, model_or_skip, wait_until

USERS = {"tijori": 64701, "tijori-audit": 64702, "tijori-engine": 64703}
# Of the sockets; everything else is its owner's alone.
GROUPS = {"tijori-api": 64704, "tijori-admin": 64705}
INSIDE = "TIJORI_SLOTS_INSIDE"

# Between fork and exec: descriptors from 3 on, LISTEN_PID is the process itself, then the user.
ACTIVATE = """
import os, sys
user, names, fds, command = sys.argv[1], sys.argv[2], list(map(int, sys.argv[3].split(","))), sys.argv[4:]
for place, fd in enumerate(fds, 20):
    os.dup2(fd, place)
for place in range(len(fds)):
    os.dup2(place + 20, place + 3, inheritable=True)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": str(len(fds)), "LISTEN_FDNAMES": names}
os.setgroups([]); os.setgid(int(user)); os.setuid(int(user))
os.execv(command[0], command)
"""


class Unit:
    """A service and its sockets: started by hand or by the first connection."""

    def __init__(self, user, sockets, command, log):
        self.user, self.command, self.log, self.process, self.starts = user, command, log, None, 0
        self.names = ":".join(sockets)
        self.listeners = []
        for path, owner, group, mode in sockets.values():
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(str(path))
            os.chmod(path, mode)
            os.chown(path, USERS[owner], (USERS | GROUPS)[group])
            listener.listen(64)
            self.listeners.append(listener)

    def running(self):
        return self.process is not None and self.process.poll() is None

    def start(self):
        fds = [listener.fileno() for listener in self.listeners]
        self.starts += 1
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", ACTIVATE, str(USERS[self.user]), self.names, ",".join(map(str, fds)),
                 *map(str, self.command)], stderr=log, pass_fds=fds)

    def end(self, how, seconds=40):
        self.process.send_signal(how)
        return self.process.wait(seconds)


class Installed(Appliance):
    def __init__(self):
        super().__init__()
        self.units = {}
        self.over = threading.Event()

    def set_up(self):
        self.make_places()
        self.make_keys()
        tls = pathlib.Path("/etc/tijori/tls")
        shutil.copytree(self.root / "tls", tls)
        for path in (tls, *tls.iterdir()):
            os.chown(path, USERS["tijori"], USERS["tijori"])
        self.run("tijori", "models", "add", MODEL, "--name", "demo")
        self.run("tijori", "models", "add", self.another_model(), "--name", "other")
        self.make_units()
        self.manager = threading.Thread(target=self.manage)
        self.manager.start()
        self.run("tijorid", "enrol", self.root / "admin" / "client.crt")

    def __exit__(self, kind, value, traceback):
        self.over.set()
        for unit in reversed(self.units.values()):
            if unit.running():
                unit.end(signal.SIGTERM)
        super().__exit__(kind, value, traceback)

    def make_places(self):
        for path, owner, group, mode in (
                ("/run/tijori", "root", "root", 0o755), ("/run/tijori/private", "tijori", "tijori", 0o700),
                ("/var/lib/tijori", "root", "root", 0o755), ("/var/lib/tijori/state", "tijori", "tijori", 0o700),
                ("/var/lib/tijori/audit", "tijori-audit", "tijori-audit", 0o700),
                ("/var/lib/tijori/models", "root", "tijori-engine", 0o755), ("/etc/tijori", "root", "root", 0o755)):
            os.makedirs(path, exist_ok=True)
            os.chmod(path, mode)
            os.chown(path, USERS.get(owner, 0), USERS.get(group, 0))

    def another_model(self):
        """The same with another digest: padding after the last tensor, which the format allows."""
        other = self.root / "other.gguf"
        shutil.copy(MODEL, other)
        with open(other, "ab") as file:
            file.write(bytes(32))
        return other

    def make_units(self):
        private = pathlib.Path("/run/tijori/private")
        run = pathlib.Path("/run/tijori")
        self.units["audit"] = Unit("tijori-audit", {"audit": (private / "audit.sock", "tijori", "tijori", 0o600)},
                                   [PROGRAMS / "tijori-audit", "serve", "--folder", "/var/lib/tijori/audit",
                                    "--peer-user", "tijori"], self.log_path)
        for slot in range(4):
            self.units[f"engine{slot}"] = Unit(
                "tijori-engine", {"engine": (private / f"engine-{slot}.sock", "tijori", "tijori", 0o600)},
                [PROGRAMS / "tijori-engine", "serve", "--store", "/var/lib/tijori/models", "--peer-user", "tijori"],
                self.log_path)
        self.units["daemon"] = Unit("tijori", {"api": (run / "api.sock", "tijori", "tijori-api", 0o660),
                                               "admin": (run / "admin.sock", "tijori", "tijori-admin", 0o660)},
                                    [PROGRAMS / "tijorid"], self.log_path)

    def manage(self):
        while not self.over.is_set():
            idle = {unit.listeners[0]: unit for name, unit in self.units.items()
                    if name != "daemon" and not unit.running()}
            for listener in select.select(list(idle), [], [], 0.05)[0]:
                idle[listener].start()

    def start(self, wait_for="ready"):
        self.units["daemon"].start()
        self.daemon = self.units["daemon"].process
        wait_until(lambda: self.health() == wait_for, 120, f"the daemon is {wait_for}")
        wait_until(lambda: set(self.states()) <= {"ready", "allowed"}, 60, "what is loaded is ready")

    def models_now(self):
        return json.loads(self.cli("status", "--json", profile="admin").stdout)["models"]

    def states(self):
        return [each["state"] for each in self.models_now()]

    def run(self, program, *arguments, check=True, **options):
        os.environ.pop("TIJORI_ROOT", None)
        ended = subprocess.run([PROGRAMS / program, *map(str, arguments)], capture_output=True, text=True, timeout=600,
                               **options)
        if check and ended.returncode != 0:
            raise AssertionError(f"{program} {' '.join(map(str, arguments))}: {ended.returncode}\n"
                                 f"{ended.stdout}{ended.stderr}")
        return ended

    def socket(self, name="api"):
        return pathlib.Path("/run/tijori") / f"{name}.sock"


def may_read(user, path):
    """Tried by a process of that user."""
    return subprocess.run(["cat", path], user=USERS[user], group=USERS[user], extra_groups=[],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


class Slots(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = Installed()
        cls.box.__enter__()
        cls.addClassCleanup(cls.box.__exit__, None, None, None)

    def engines(self):
        return {name: unit for name, unit in self.box.units.items() if name.startswith("engine") and unit.running()}

    def answers(self):
        status, answer, _ = self.box.chat("What is the capital of India?", max_tokens=16)
        return status == 200 and "New Delhi" in answer["choices"][0]["message"]["content"]

    def test_1_each_process_has_its_own_user_and_sees_its_own_files_alone(self):
        self.assertTrue(self.answers())
        for unit in self.box.units.values():
            if unit.running():
                self.assertEqual(os.stat(f"/proc/{unit.process.pid}").st_uid, USERS[unit.user])
        self.assertEqual(len(self.engines()), 2)
        model = "/var/lib/tijori/models/demo.gguf"
        self.assertEqual([may_read(user, model) for user in USERS], [False, False, True])
        self.assertTrue(may_read("tijori", "/var/lib/tijori/models/allowed.json"))
        for path, owner in (("/var/lib/tijori/audit/ledger.db", "tijori-audit"),
                            ("/var/lib/tijori/state/state.db", "tijori"), ("/etc/tijori/tls/server.key", "tijori")):
            self.assertEqual([user for user in USERS if may_read(user, path)], [owner])

    def test_2_a_process_that_is_killed_comes_back(self):
        for name in ("engine0", "audit"):
            unit = self.box.units[name]
            before = unit.starts
            unit.end(signal.SIGKILL)
            wait_until(lambda: unit.running() and unit.starts > before, 60, f"{name} is started again")
            wait_until(self.answers, 60, "a question is answered")

    def test_3_an_engine_outlives_a_daemon_that_is_killed_and_serves_the_next_one(self):
        before = {name: unit.process.pid for name, unit in self.engines().items()}
        self.box.units["daemon"].end(signal.SIGKILL)
        self.box.start()
        self.assertEqual({name: unit.process.pid for name, unit in self.engines().items()}, before)
        self.assertTrue(self.answers())

    def test_4_an_engine_with_another_model_or_other_options_makes_room(self):
        self.box.cli("models", "unload", "demo", profile="admin")
        wait_until(lambda: len(self.engines()) == 1, 30, "the engine of the unloaded model has ended")
        self.box.units["daemon"].end(signal.SIGKILL)
        pathlib.Path("/etc/tijori/tijorid.toml").write_text("[engine]\ncontext_tokens = 128\n")
        # What is left is loaded into the first slot; the second one still has it.
        self.box.start()
        self.box.cli("models", "load", "demo", profile="admin")
        wait_until(lambda: self.box.states() == ["ready", "ready"], 60, "both are ready")
        self.assertEqual({each["context_tokens"] for each in self.box.models_now()}, {128})
        self.assertEqual(sorted(self.engines()), ["engine0", "engine1"])

    def test_5_a_daemon_that_stops_sends_its_engines_home(self):
        self.assertEqual(self.box.units["daemon"].end(signal.SIGTERM), 0)
        wait_until(lambda: not self.engines(), 20, "the engines have ended")
        self.assertTrue(self.box.units["audit"].running())
        self.box.start()
        self.assertTrue(self.answers())

    def test_6_somebody_else_who_listens_is_not_spoken_to(self):
        self.assertEqual(self.box.units["daemon"].end(signal.SIGTERM), 0)
        path = "/run/tijori/private/audit.sock"
        os.unlink(path)
        os.chmod("/run/tijori/private", 0o777)
        os.mkdir("/run/stranger")
        os.chmod("/run/stranger", 0o777)
        stranger = subprocess.Popen([PROGRAMS / "tijori-audit", "serve", "--folder", "/run/stranger/audit", "--socket", path],
                                    user=USERS["tijori-engine"], stderr=subprocess.DEVNULL)
        self.addCleanup(stranger.wait)
        self.addCleanup(stranger.kill)
        wait_until(lambda: os.path.exists(path), 20, "a stranger listens")
        os.chmod(path, 0o777)
        self.box.units["daemon"].start()
        self.box.daemon = self.box.units["daemon"].process
        wait_until(lambda: self.box.health() == "blocked", 60, "the daemon is blocked")
        shown = self.box.cli("status", profile="admin").stdout
        self.assertIn(f"{path}: tijori-engine (uid {USERS['tijori-engine']}) listens there, who isn't expected to", shown)


def enter():
    """Starts this file again over empty folders of the system; skips where that can't be."""
    if os.geteuid() != 0 or not shutil.which("unshare"):
        print("skipped: needs root, and unshare")
        sys.exit(SKIPPED)
    if subprocess.run(["unshare", "--mount", "true"], stderr=subprocess.DEVNULL).returncode != 0:
        print("skipped: no mount namespace can be made here")
        sys.exit(SKIPPED)
    os.environ[INSIDE] = "1"
    os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, __file__])


def furnish():
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)
    os.makedirs("/run/lib")
    shutil.copytree("/etc", "/run/etc", symlinks=True, ignore_dangling_symlinks=True)
    for name, number in USERS.items():
        with open("/run/etc/passwd", "a") as users, open("/run/etc/group", "a") as groups:
            users.write(f"{name}:x:{number}:{number}::/nonexistent:/usr/sbin/nologin\n")
            groups.write(f"{name}:x:{number}:\n")
    with open("/run/etc/group", "a") as groups:
        groups.writelines(f"{name}:x:{number}:\n" for name, number in GROUPS.items())
    subprocess.run(["mount", "--bind", "/run/etc", "/etc"], check=True)
    subprocess.run(["mount", "--bind", "/run/lib", "/var/lib"], check=True)
    assert pwd.getpwnam("tijori").pw_uid == USERS["tijori"]


if __name__ == "__main__":
    model_or_skip()
    if not os.environ.get(INSIDE):
        enter()
    furnish()
    unittest.main(verbosity=2, warnings="ignore")
