#!/usr/bin/env python3
"""without_a_network.py: the tests run where there is no network, as tests/run.sh has them run: no interface is up, there is no
route, and no address can be reached. TIJORI_TEST_NETWORK is `none` there; otherwise it says why this
machine's network couldn't be left behind, and the test skips with that."""
import errno
import fcntl
import os
import pathlib
import socket
import struct
import sys
import unittest

SIOCGIFFLAGS, IFF_UP = 0x8913, 0x1
NET = pathlib.Path("/proc/self/net")


class WithoutANetwork(unittest.TestCase):
    def test_no_interface_is_up(self):
        # Some kernels put tunnels, which are down, beside lo into every namespace.
        names = [name for _, name in socket.if_nameindex()]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
            for name in names:
                request = struct.pack("16sh14x", name.encode(), 0)
                flags = struct.unpack("16sh14x", fcntl.ioctl(asked, SIOCGIFFLAGS, request))[1]
                self.assertFalse(flags & IFF_UP, name)

    def test_there_is_no_route(self):
        self.assertEqual((NET / "route").read_text().splitlines()[1:], [])
        if (NET / "ipv6_route").exists():
            # The kernel's own refusals of everything go through lo, with the flag "reject".
            for line in (NET / "ipv6_route").read_text().splitlines():
                self.assertTrue(int(line.split()[8], 16) & 0x200, line)

    def test_no_address_can_be_reached_not_even_this_machine(self):
        for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "::1")):
            with self.subTest(address):
                try:
                    tried = socket.socket(family)
                except OSError as refused:
                    self.assertEqual(refused.errno, errno.EAFNOSUPPORT)  # a kernel without IPv6
                    continue
                with tried, self.assertRaises(OSError) as refused:
                    tried.settimeout(5)
                    tried.connect((address, 443))
                self.assertIn(refused.exception.errno, (errno.ENETUNREACH, errno.EADDRNOTAVAIL))


if __name__ == "__main__":
    network = os.environ.get("TIJORI_TEST_NETWORK", "not run by tests/run.sh, which leaves it behind")
    if network != "none":
        print(f"skipped: this machine's network is in reach of the tests: {network}")
        sys.exit(77)
    unittest.main(verbosity=2)
