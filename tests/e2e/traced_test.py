"""The end-to-end tests under strace: no process opens a socket that leads to a network. Some of them are run, half a minute
long; with TIJORI_FULL=1 all. Skips where nothing can be traced."""
import os
import pathlib
import sys
import unittest

from appliance import PATIENCE, SKIPPED, model_or_skip
from socket_trace import SocketTrace, refusal

HERE = pathlib.Path(__file__).resolve().parent
# Start, chat by curl, command line and the openai client, streamed and not, guardrails, reload, a killed engine, export and
# its verification, the console.
SOME = {
    "serve_test": [],
    "sdk_test": [],
    "reload_test": [],
    "guardrails_test": ["LifeCycle.test_a_block_ends_the_answer_of_every_dialect_with_the_message"],
    "crash_test": ["Crashes.test_a_killed_engine_is_a_clear_error_a_record_and_back_again"],
    "console_try_test": ["TryConsole.test_opens_a_window_that_is_connected"],
}
ALL = {file.stem: [] for file in sorted(HERE.glob("*_test.py")) if file != pathlib.Path(__file__).resolve()}

# Ours, and what each has to have been seen to open: those that use no sockets open none.
OURS = {"tijorid": {"AF_UNIX"}, "tijori-engine": {"AF_UNIX"}, "tijori-audit": {"AF_UNIX"}, "tijori": {"AF_UNIX"},
        "tijori-console": {"AF_UNIX"}, "tijori-ca": set(), "tijori-audit-verify": set()}
# Other programs that the tests use may open Unix sockets too, and this: ss asks the kernel for its list of connections.
OTHERS = {"ss": {"AF_NETLINK"}}


def traced(command, environment=os.environ):
    return SocketTrace(command, environment, stdout=-1, stderr=-2, text=True)


class Traced(unittest.TestCase):
    def test_a_socket_that_leads_to_a_network_is_seen_wherever_it_is_opened(self):
        opened = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)"
        ways = {
            "by the program": opened,
            "by a thread": f"import threading\ndef f():\n {opened}\nt = threading.Thread(target=f)\nt.start()\nt.join()",
            "by a fork": f"import os\nif os.fork() == 0:\n {opened}\n os._exit(0)\nos.wait()",
        }
        for way, text in ways.items():
            with self.subTest(way):
                python = pathlib.Path(sys.executable).name
                self.assertEqual(traced([sys.executable, "-c", text]).sockets, {python: {"AF_INET"}})

    def test_no_process_of_an_appliance_or_its_clients_opens_one(self):
        environment = os.environ | {"TIJORI_PATIENCE": str(2 * PATIENCE)}
        seen, skipped = {}, set()
        for test, names in (ALL if "TIJORI_FULL" in os.environ else SOME).items():
            trace = traced([sys.executable, HERE / f"{test}.py", *names], environment)
            if trace.returncode == SKIPPED:
                print(f"{test}: {trace.stdout.strip()}")
                skipped.add(test)
                continue
            self.assertEqual(trace.returncode, 0, f"{test}\n{trace.stdout[-8000:]}")
            for program, families in trace.sockets.items():
                with self.subTest(test=test, program=program):
                    self.assertLessEqual(families, {"AF_UNIX"} | OTHERS.get(program, set()))
                seen[program] = seen.get(program, set()) | families
        wanted = {program: families for program, families in OURS.items()
                  if program != "tijori-console" or "console_try_test" not in skipped}
        self.assertEqual({program: seen.get(program) for program in wanted}, wanted)


if __name__ == "__main__":
    reason = refusal()
    if reason:
        print(f"skipped: nothing can be traced here: {reason}")
        sys.exit(SKIPPED)
    model_or_skip()
    unittest.main(verbosity=2, warnings="ignore")
