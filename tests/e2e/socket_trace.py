"""Which program of a tree of processes opened which sockets: a command run under strace, and what strace wrote read.

    trace = SocketTrace(command, environment)
    trace.returncode, trace.sockets   # {program: {address family, …}}, of every program that ran, a socket or none

Threads and forks count for the program they run; a call that failed counts too. strace is woken for the calls that it
looks at alone (--seccomp-bpf), so that the rest runs at its own speed.
"""
import collections
import os
import pathlib
import re
import subprocess
import tempfile

BORN = ["clone", "clone3", "fork", "vfork"]
LOADED = ["execve", "execveat"]
# io_uring could open sockets without a call of its own.
OPENED = ["socket", "socketpair", "io_uring_setup"]
TRACER = ["strace", "--follow-forks", "--seccomp-bpf", "--quiet=all", "--signal=none",
          "--trace=" + ",".join(BORN + LOADED + OPENED)]
LINE = re.compile(r"(?P<pid>\d+) +(?:<\.\.\. \w+ resumed>|(?P<call>\w+)\()(?P<rest>.*)")
RESULT = re.compile(r"\) += (-?\d+|\?)")


def refusal():
    """Why nothing can be traced here, or nothing."""
    try:
        tried = subprocess.run([*TRACER, "--output=/dev/null", "true"], capture_output=True, text=True)
    except FileNotFoundError:
        return "strace is not here (package strace)"
    if tried.returncode == 0:
        return None
    return (tried.stderr.splitlines() or [f"strace ended with {tried.returncode}"])[-1]


class SocketTrace:
    def __init__(self, command, environment=os.environ, **options):
        with tempfile.NamedTemporaryFile("r") as written:
            ended = subprocess.run([*TRACER, f"--output={written.name}", *command], env=environment, **options)
            self.sockets = sockets_in(written.read().splitlines())
        self.returncode, self.stdout = ended.returncode, ended.stdout


def sockets_in(lines):
    program, pending = {}, {}
    sockets = collections.defaultdict(set)
    children = children_in(lines)
    for number, line in enumerate(lines):
        found = LINE.fullmatch(line)
        assert found, f"strace wrote {line!r}"
        pid, call, rest = found["pid"], found["call"], found["rest"]
        unfinished = rest.endswith("<unfinished ...>")
        if call is None:
            call, first = pending.pop(pid)
            rest = first + rest
        elif call in OPENED:
            family = rest.split(",")[0] if call != "io_uring_setup" else call
            sockets[program.get(pid, "?")].add(family)
        elif call in BORN and number in children:
            program[children[number]] = program.get(pid, "?")
        if unfinished:
            pending[pid] = (call, rest)
        elif call in LOADED and RESULT.search(rest) and RESULT.search(rest)[1] == "0":
            program[pid] = pathlib.Path(re.search(r'"([^"]*)"', rest)[1]).name
            sockets[program[pid]] |= set()
    return dict(sockets)


def children_in(lines):
    """{number of the line on which a call began: the process or thread that it made}: its own lines may come before the
    one that tells of it."""
    began, children = {}, {}
    for number, line in enumerate(lines):
        found = LINE.fullmatch(line)
        if not found:
            continue
        if found["call"]:
            began[found["pid"]] = (found["call"], number)
        call, start = began[found["pid"]]
        result = RESULT.findall(found["rest"])
        if call in BORN and result and result[-1].isdigit():
            children[start] = result[-1]
    return children
