#!/usr/bin/env python3
"""symbols.py PROGRAM…: no program can look up a host: none has a resolver's symbol. Needs nm."""
import re
import subprocess
import sys

RESOLVER = re.compile(r"\b(getaddrinfo|getnameinfo|gethostby\w+|gai_strerror|res_n?(?:query|search|init)|getservby\w+)\b")


def main():
    faults = []
    for program in sys.argv[1:]:
        listed = subprocess.run(["nm", "--dynamic", "--undefined-only", program], capture_output=True, text=True,
                                check=True)
        assert "read" in listed.stdout, f"{program}: nm shows no symbols"
        faults += [f"{program}: {name}" for name in sorted(set(RESOLVER.findall(listed.stdout)))]
    print("\n".join(faults) if faults else f"{len(sys.argv) - 1} programs without a resolver")
    sys.exit(1 if faults or len(sys.argv) < 2 else 0)


if __name__ == "__main__":
    main()
