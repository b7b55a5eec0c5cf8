#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the golden files of the client protocol from docs/client-protocol.md alone, without the library's code.

Run here:  python3 write.py
"""
import struct


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def u8(n): return struct.pack(">B", n)
def u16(n): return struct.pack(">H", n)
def u32(n): return struct.pack(">I", n)
def u64(n): return struct.pack(">Q", n & 0xFFFFFFFFFFFFFFFF)
def text(s): return u16(len(s)) + s.encode("ascii")
def data(b): return u32(len(b)) + b
def position(slot, index): return u64(slot) + u32(index)
def leader(node, host, port): return u32(node) + text(host) + u16(port)
def command(kind, sequence, below, payload):
    return u8(kind) + SESSION + u64(1) + u64(sequence) + u64(below) + data(payload)


SESSION = u64(0) + u64(0x1122334455667788)
OPENING = u64(0x0102030405060708) + u64(0x090A0B0C0D0E0F10) + u64(120_000) + u64(243_456)

MESSAGES = {
    1: ("hello", u16(1) + u16(1) + u32(4 << 20) + text("orders") + text("till-7")),
    2: ("welcome", u16(1) + text("orders") + u32(1) + u32(4 << 20) + u32(4096) + u32(16 << 20) + u32(1024)
        + u32(1 << 20) + u64(123_456) + leader(2, "b.example", 7400)),
    3: ("refusal", u8(3) + text("as many clients as are allowed")),
    4: ("attach", SESSION + u64(1)),
    5: ("attached", SESSION + u64(43) + u64(123_456)),
    6: ("detach", SESSION),
    7: ("submit", u32(3) + command(4, 1, 1, OPENING) + command(1, 44, 43, b"add 5") + command(5, 45, 43, b"")),
    8: ("results", SESSION + u32(3)
        + u64(43) + u8(1) + position(1000, 2) + data(b"5")
        + u64(44) + u8(2) + position(0, 0) + data(b"")
        + u64(45) + u8(3) + position(1001, 0) + data(b"")),
    9: ("gap", SESSION + u64(44)),
    10: ("refused", SESSION + u64(44) + u8(2)),
    11: ("ended", SESSION + text("the node stops")),
    12: ("reads", u32(2)
         + u64(7) + u8(1) + u64(0) + u32(5000) + data(b"sum")
         + u64(8) + u8(3) + u64(1000) + u32(250) + data(b"sum")),
    13: ("answers", u32(2)
         + u64(7) + u8(1) + u64(1002) + u64(0) + data(b"5")
         + u64(8) + u8(2) + u64(0) + u64(-1) + data(b"no leader confirmed")),
    14: ("leader", leader(0, "", 0)),
    15: ("ping", u64(0x0011223344556677)),
    16: ("pong", u64(0x0011223344556677) + u64(123_457)),
}

for kind, (name, body) in MESSAGES.items():
    header = b"\xf1PXA" + u16(1) + u16(kind) + u32(20 + len(body)) + u32(crc32c(body))
    header += u32(crc32c(header))
    with open(name + ".hex", "w", encoding="ascii") as out:
        out.write(f"# {name}: magic, version, kind, length, checksum of the body, checksum of the header; then the body\n")
        out.write(header.hex(" ") + "\n")
        for at in range(0, len(body), 16):
            out.write(body[at:at + 16].hex(" ") + "\n")
