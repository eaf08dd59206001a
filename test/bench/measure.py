"""Runs a command and writes what it cost: python3 measure.py RESULT COMMAND [ARGUMENT ...]

RESULT gets JSON: wall and cpu in seconds, memory (the largest process) in MiB, exit. Node gives no rusage of children.
"""
import json
import resource
import subprocess
import sys
import time

began = time.monotonic()
done = subprocess.run(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
wall = time.monotonic() - began
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as result:
    json.dump(
        {
            "wall": wall,
            "cpu": used.ru_utime + used.ru_stime,
            "memory": used.ru_maxrss / 1024,
            "exit": done.returncode,
            "output": done.stdout.decode(errors="replace")[-2000:],
        },
        result,
    )
