#!/usr/bin/env python3
"""Writes vectors.json: one vector for each construction of docs/audit-record.md, made from the page alone.

Needs cbor2 and hashlib; Ed25519 is RFC 8032 written out, so that nothing is shared with the programs under test.
Usage: make_vectors.py > vectors.json
"""
import base64
import hashlib
import hmac
import json
import sys

import cbor2

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT % P
    return P - x if (x & 1) != sign else x


def add(a, b):
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    e = (y1 - x1) * (y2 - x2) % P
    f = (y1 + x1) * (y2 + x2) % P
    c = 2 * t1 * t2 * D % P
    d = 2 * z1 * z2 % P
    return (f - e) * (d - c) % P, (d + c) * (f + e) % P, (d - c) * (d + c) % P, (f - e) * (f + e) % P


def times(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = recover_x(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def packed(point):
    x, y, z, _ = point
    inverse = pow(z, P - 2, P)
    return (y * inverse % P | (x * inverse % P & 1) << 255).to_bytes(32, "little")


def expanded(seed):
    h = hashlib.sha512(seed).digest()
    a = int.from_bytes(h[:32], "little") & ((1 << 254) - 8) | 1 << 254
    return a, h[32:]


def public_key(seed):
    return packed(times(expanded(seed)[0], BASE))


def sign(seed, message):
    a, prefix = expanded(seed)
    r = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % Q
    big_r = packed(times(r, BASE))
    h = int.from_bytes(hashlib.sha512(big_r + public_key(seed) + message).digest(), "little") % Q
    return big_r + ((r + h * a) % Q).to_bytes(32, "little")


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def cbor(value):
    return cbor2.dumps(value, canonical=True)


def leaf(core):
    return sha(b"\0", core)


def root(leaves):
    """RFC 6962 section 2.1."""
    if not leaves:
        return sha()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha(b"\1", root(leaves[:k]), root(leaves[k:]))


def cover(first, after):
    """The largest aligned perfect subtrees over [first, after)."""
    while first < after:
        size = 1
        while first % (size * 2) == 0 and first + size * 2 <= after:
            size *= 2
        yield first, first + size
        first += size


def path(m, leaves):
    """RFC 6962 section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return path(m, leaves[:k]) + [root(leaves[k:])]
    return path(m - k, leaves[k:]) + [root(leaves[:k])]


LOG_ID = bytes(range(16))
BOOT_ID = bytes(range(16, 32))
SEED = bytes(range(32, 64))
PUBLIC = public_key(SEED)
ORIGIN = "tijori/audit/" + LOG_ID.hex()
START_US = 1_790_000_000_000_000
DIGEST = bytes(range(64, 96))
SUBJECT_KEY = bytes(range(96, 128))
SUBJECT = hmac.new(SUBJECT_KEY, b"subject.v1" + "ग्राहक-42".encode(), hashlib.sha256).digest()[:16]


def record(seq, event, outcome="ok", detail=None, **fields):
    values = dict(
        v=1, log_id=LOG_ID, seq=seq, segment=0, boot_id=BOOT_ID, time_us=START_US + seq * 1_000_000,
        boot_time_us=5_000_000 + seq * 1_000_000, time_status="synced", event=event, outcome=outcome,
        actor_type="system", actor=b"", auth=b"", peer_uid=-1, object=b"", purpose="", basis="", subjects=[],
        request_id=b"", approvals=0, detail=detail or {}, payload_kind="none", payload_key=b"", payload_commit=b"",
        mac_alg="none", epoch=0)
    values.update(fields)
    return cbor({key: value for key, value in enumerate(values.values(), 1)})


APP = dict(actor_type="app", actor=bytes(range(128, 144)), auth=bytes(range(144, 176)), peer_uid=1000,
           request_id=bytes(range(176, 192)), purpose="support.answers", basis="consent", subjects=[SUBJECT])
CORES = [
    record(0, "segment.opened", detail={6: sha(PUBLIC), 7: bytes(32)}),
    record(1, "log.started", detail={5: "0.1.0", 6: sha(PUBLIC), 8: 3600}),
    record(2, "inference.received", detail={13: "chat-completions", 14: 1, 15: True, 16: 300}, **APP),
    record(3, "inference.released", "answered",
           detail={17: 200, 18: "stop", 19: 24, 20: 9, 24: 1500, 25: 70000, 49: 2**32, 50: 2**33},
           **APP, object=DIGEST),
    record(4, "time.stepped", detail={11: START_US + 4_000_000, 12: -1}, time_us=-1),
    record(5, "client.revoked", actor_type="admin", actor=bytes(16), approvals=2, object=bytes(range(16)),
           detail={26: 3, 27: DIGEST}),
    record(6, "guardrail.decided", "blocked",
           detail={3: 35, 51: "request_text", 52: "block", 53: 33,
                   54: [["aadhaar.mask", "aadhaar", "mask", 2, 24, 300, 950],
                        ["words", "code_name", "block", 0, 0, 2**32, 1000]]},
           **APP, object=DIGEST),
    record(7, "log.stopped", detail={2: "signal", 10: 0}),
]


def main():
    leaves = [leaf(core) for core in CORES]
    chain = sha(b"chain.start.v1", LOG_ID)
    chains = [chain]
    for one in leaves:
        chain = sha(b"chain.v1", chain, one)
        chains.append(chain)
    size = len(CORES)
    hashes = [root(leaves[a:b]) for a, b in cover(0, size)]
    header = cbor({
        1: 1, 2: LOG_ID, 3: 0, 4: 0, 5: size, 6: START_US, 7: START_US + (size - 1) * 1_000_000, 8: chains[0],
        9: chains[-1], 10: root(leaves), 11: hashes, 12: bytes(32), 13: DIGEST, 14: b"", 15: "none", 16: 0, 17: 0,
        18: "standard", 19: START_US + 365 * 86_400_000_000, 20: 0, 21: "stop"})
    key_hash = sha(ORIGIN.encode(), b"\n\x01", PUBLIC)[:4]
    text = f"{ORIGIN}\n{size}\n{base64.b64encode(root(leaves)).decode()}\n"
    signature = base64.b64encode(key_hash + sign(SEED, text.encode())).decode()
    note = f"{text}\n\u2014 {ORIGIN} {signature}\n"
    typed_key = base64.b64encode(b"\x01" + PUBLIC).decode()
    verifier_key = f"{ORIGIN}+{key_hash.hex()}+{typed_key}"
    export = b"TJAUDIT\x01"

    def item(kind, payload):
        nonlocal export
        export += bytes([kind]) + len(payload).to_bytes(4, "little") + payload

    item(1, cbor({1: 1, 2: LOG_ID, 3: verifier_key.encode(), 4: START_US + 60_000_000}))
    for core, value in zip(CORES, chains[1:]):
        item(3, core + value)
    item(4, header + sign(SEED, b"tijori.segment.v1" + header))
    item(5, note.encode())
    item(6, cbor({1: size, 2: hashlib.sha256(export).digest()}))

    json.dump({
        "seed": SEED.hex(), "public_key": PUBLIC.hex(), "verifier_key": verifier_key,
        "subject": {"key": SUBJECT_KEY.hex(), "text": "ग्राहक-42", "reference": SUBJECT.hex()},
        "cores": [core.hex() for core in CORES],
        "leaves": [one.hex() for one in leaves],
        "chains": [one.hex() for one in chains],
        "roots": [root(leaves[:n]).hex() for n in range(size + 1)],
        "ranges": [{"first": a, "next": b, "hashes": [root(leaves[c:d]).hex() for c, d in cover(a, b)]}
                   for a in range(size + 1) for b in range(a, size + 1)],
        "inclusion": [{"index": m, "size": n, "path": [one.hex() for one in path(m, leaves[:n])]}
                      for n in range(1, size + 1) for m in range(n)],
        "header": {"bytes": header.hex(), "hash": sha(b"segment.v1", header).hex(),
                   "signature": sign(SEED, b"tijori.segment.v1" + header).hex()},
        "checkpoint": note,
        "export": export.hex(),
        "trust": f"tijori-audit-trust v1\nkey {verifier_key}\nmac-start none\n"
                 f"checkpoint {size} {base64.b64encode(root(leaves)).decode()}\n",
    }, sys.stdout, ensure_ascii=False, indent=1)
    print()


if __name__ == "__main__":
    main()
