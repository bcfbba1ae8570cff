#!/usr/bin/env python3
"""symbols.py ROOT BUILD LIST REFUSED: nothing of ours could look up a host, speak to one or load a library while it runs.

LIST names what the build folder BUILD holds of the product, a kind and a path a line: every `object`, every `archive` of
them and, where no sanitizer's runtime is in it, everything `linked`. None may name a function of a resolver, of addresses
on a network or of a client that has both; dlopen would bring them in unseen, and is left to engine/cuda_plugin.cpp. Every source in a folder of the table "Who may
include whom" (docs/architecture.md) has its object in the list. REFUSED is an object with such names alone: each of them has to be found. Needs nm.
"""
import functools
import pathlib
import re
import subprocess
import sys

from includes import read_table

FORBIDDEN = {
    "resolves names": r"(?:get|free)addrinfo(?:_a)?|gai_\w+|getnameinfo|[gs]et(?:host|serv|net|proto)(?:by\w+|ent(?:_r)?)|"
                      r"_*res_n?(?:init|query\w*|search|send|mkquery|close|state)|_*(?:dn|ns)_[a-z]+\w*|ares_\w+|ub_\w+|"
                      r"sd_resolve_\w+",
    "handles network addresses": r"_*inet_\w+|getifaddrs|if_(?:nameto|indexto|nameindex)\w*|in6addr_\w+",
    "is a network client": r"BIO_(?:s_connect|s_accept|s_datagram\w*|new_(?:connect|accept|dgram\w*)|connect|listen|lookup\w*|"
                           r"parse_hostserv|ADDR\w*|get_(?:host_ip|port|accept_socket))|OSSL_HTTP_\w+|X509_(?:CRL_)?load_http|"
                           r"curl_\w+|nghttp2_\w+",
    "is Qt's or Asio's network": r"_Z\w*?\d(?:QHost(?:Info|Address)|QDns\w+|QAbstractSocket|QTcp\w+|QUdpSocket|QSslSocket|"
                                 r"QLocalS\w+|QNetwork\w+)[A-Z\d]?\w*|_Z\w*?5boost4asio2ip\w*",
    "loads libraries": r"dlm?open",
}
# The one place that loads a library, a plug-in by its whole path, and what it is linked into.
MAY = {("loads libraries", place) for place in ("engine/cuda_plugin.cpp", "engine/libtijori_engine.a", "bin/tijori-engine")}
REASONS = [(reason, re.compile(pattern)) for reason, pattern in FORBIDDEN.items()]


def names_of(paths, *options):
    """{path: every symbol that the file or its members have or lack, without its version}"""
    named = {path: set() for path in paths}
    if paths:
        ended = subprocess.run(["nm", "--print-file-name", "--portability", "--no-sort", *options, *paths],
                               capture_output=True, text=True)
        if ended.returncode != 0:
            sys.exit(f"{ended.stderr.strip()}\nIs everything built?")
        for line in ended.stdout.splitlines():
            place, symbol = line.split(": ", 1)
            # An archive's name is followed by that of its member.
            named[place if place in named else place[:place.rindex("[")]].add(re.match(r"[^\s@]*", symbol)[0])
    return named


@functools.cache
def reason_for(name):
    return next((reason for reason, pattern in REASONS if pattern.fullmatch(name)), None)


def source_of(path, build):
    """tree/folder/file.cpp for build/tree/CMakeFiles/target.dir/folder/file.cpp.o; a parent's file is under __"""
    relative = pathlib.Path(path).relative_to(build).as_posix()
    return re.sub(r"[^/]+/__/", "", re.sub(r"CMakeFiles/[^/]+\.dir/", "", relative)).removesuffix(".o")


def main(root, build, built, refused):
    root = pathlib.Path(root)
    listed = [line.split(" ", 1) for line in pathlib.Path(built).read_text().splitlines()]
    named = names_of([path for kind, path in listed if kind != "linked"])
    linked = names_of([path for kind, path in listed if kind == "linked"], "--dynamic")
    faults = [f"{path}: nm shows no symbols that a program has" for path, names in linked.items()
              if "__libc_start_main" not in names]
    named |= linked
    faults += [f"{path}: {name} {reason_for(name)}" for path, names in named.items() for name in sorted(names)
               if reason_for(name) and (reason_for(name), source_of(path, build)) not in MAY]

    objects = {source_of(path, build) for kind, path in listed if kind == "object"}
    folders = {target.split("/")[0] for target in read_table(root / "docs" / "architecture.md")} - {"tests"}
    # Where Qt Widgets isn't, the console isn't built.
    if not any(source.startswith("admin-ui/") for source in objects):
        folders.remove("admin-ui")
    sources = {file.relative_to(root).as_posix() for folder in folders for file in (root / folder).rglob("*")
               if file.suffix in {".cpp", ".c", ".cu"}}
    # Where Boost.Context isn't, neither is the host executor, nor the CUDA toolkit with what only nvcc compiles.
    if not any(source.startswith("kernels/host/") for source in objects):
        sources = {source for source in sources if not source.startswith("kernels/host/") and not source.endswith(".cu")}
    if "kernels/cuda/runtime.cu" not in objects:
        sources.discard("kernels/cuda/runtime.cu")
    faults += [f"{source}: there is no object of it in the list" for source in sorted(sources - objects)]

    shown = names_of([refused], "--undefined-only")[refused] - {"_GLOBAL_OFFSET_TABLE_", "__stack_chk_fail"}
    shown = {name for name in shown if not name.startswith(("__asan", "__ubsan", "__tsan"))}
    faults += [f"{refused}: {name} would not be refused" for name in sorted(shown) if not reason_for(name)]
    if set(FORBIDDEN) - {reason_for(name) for name in shown}:
        faults.append(f"{refused}: doesn't show every kind of what is refused")

    print("\n".join(faults) or f"{len(named)} files: no resolver, no network client; "
                               f"{len(shown)} of such names would be refused")
    return faults


if __name__ == "__main__":
    sys.exit(1 if main(*sys.argv[1:]) else 0)
