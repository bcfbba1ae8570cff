"""tijori in a terminal: Ctrl-C stops an answer and not the program, escape sequences stay out, --help is true."""
import os
import pty
import re
import select
import signal
import subprocess
import time
import unittest

from appliance import LONG, PATIENCE, PROGRAMS, Appliance, main, wait_until


class Terminal:
    """A program on a pseudo-terminal of its own."""

    def __init__(self, box, *arguments):
        pid, self.fd = pty.fork()
        if pid == 0:
            os.environ["TIJORI_ROOT"] = str(box.root)
            os.execv(PROGRAMS / "tijori", ["tijori", *map(str, arguments)])
        self.pid, self.text = pid, ""

    def read(self, seconds=0.2):
        if select.select([self.fd], [], [], seconds)[0]:
            try:
                self.text += os.read(self.fd, 65536).decode(errors="replace")
            except OSError:
                return False
        return True

    def wait_for(self, pattern, seconds=60):
        end = time.monotonic() + seconds * PATIENCE
        while time.monotonic() < end:
            if re.search(pattern, self.text):
                return
            if not self.read():
                break
        raise AssertionError(f"no {pattern!r} in {self.text!r}")

    def send(self, text):
        os.write(self.fd, text.encode())

    def wait(self):
        while self.read():
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


class InTerminal(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.box = cls.enterClassContext(Appliance())

    def test_ctrl_c_stops_the_answer_and_the_conversation_goes_on(self):
        terminal = Terminal(self.box, "chat", "--temperature", "0")
        terminal.wait_for("> ")
        terminal.send(LONG + "\n")
        terminal.wait_for(r"chapters\.\r\n[^\r\n]{20}")
        terminal.send("\x03")
        terminal.wait_for(r"\[stopped\]\r\n> ")
        terminal.send("What is the capital of India?\n")
        terminal.wait_for(r"New Delhi[^[]*\[\d+ tokens; audit records \d+ and \d+\]")
        terminal.send("\x04")
        self.assertEqual(terminal.wait(), 0)
        outcomes = wait_until(lambda: [r for r in self.box.records(event="inference.released", outcome="aborted")], 20,
                              "the stopped answer is recorded")
        self.assertEqual(outcomes[0]["detail"]["code"], "client_gone")

    def test_the_conversation_is_remembered(self):
        terminal = Terminal(self.box, "chat", "--temperature", "0", "--max-tokens", "20")
        terminal.wait_for("> ")
        terminal.send("My name is Asha.\n")
        terminal.wait_for(r"\[\d+ tokens[^\]]*\]")
        first = self.box.records(event="inference.released")[0]["detail"]["prompt_tokens"]
        terminal.text = ""
        terminal.send("What is my name?\n")
        terminal.wait_for(r"\[\d+ tokens[^\]]*\]")
        self.assertGreater(self.box.records(event="inference.released")[0]["detail"]["prompt_tokens"], first + 8)
        terminal.send("\x04")
        self.assertEqual(terminal.wait(), 0)

    def test_ctrl_c_ends_a_single_question_as_failed(self):
        running = subprocess.Popen([PROGRAMS / "tijori", "--root", self.box.root, "chat", LONG],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        running.stdout.read(40)
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=30)
        self.assertEqual(running.returncode, 1)
        self.assertIn("cancelled", told)

    def test_a_question_may_come_by_pipe(self):
        ended = self.box.cli("chat", "--temperature", "0", input="What is the capital of India?")
        self.assertIn("New Delhi", ended.stdout)

    def test_help_names_every_verb_and_each_verb_explains_itself(self):
        told = self.box.run("tijori", "--help").stdout
        for verb in ("status", "chat", "models", "clients", "crl", "reload", "settings", "audit"):
            self.assertIn(verb, told)
            self.assertIn("--help", self.box.run("tijori", verb, "--help").stdout)


if __name__ == "__main__":
    main()
