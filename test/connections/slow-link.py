"""Carries packets between two TUN devices, each later by so many milliseconds: a long line, for kernels without netem.

Usage: slow-link.py NAME NAME MILLISECONDS
"""

import collections, fcntl, os, select, struct, sys, time

TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000


def device(name):
    file = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(file, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
    return file


ends = [device(sys.argv[1]), device(sys.argv[2])]
delay = float(sys.argv[3]) / 1000
waiting = collections.deque()
print("ready", flush=True)
while True:
    left = max(0, waiting[0][0] - time.monotonic()) if waiting else None
    for end in select.select([*ends, 0], [], [], left)[0]:
        if end == 0:
            # whoever started it says another delay, or is gone
            text = os.read(0, 100)
            if not text:
                sys.exit()
            delay = float(text) / 1000
            continue
        try:
            while True:
                waiting.append((time.monotonic() + delay, ends[1 - ends.index(end)], os.read(end, 65536)))
        except OSError:
            pass
    while waiting and waiting[0][0] <= time.monotonic():
        _, to, packet = waiting.popleft()
        try:
            os.write(to, packet)
        except OSError:
            pass
