"""One OpenSSH client a host, all at once, each with one script on stdin: floor.py SCRIPT KEY KNOWN_HOSTS ADDRESS ..."""
import subprocess
import sys

script, key, known, *addresses = sys.argv[1:]
running = [
    subprocess.Popen(
        ["ssh", "-F", "none", "-i", key, "-o", "BatchMode=yes", "-o", "IdentityAgent=none", "-o", "StrictHostKeyChecking=accept-new",
         "-o", f"UserKnownHostsFile={known}", f"ubuntu@{address}", "sudo", "bash", "-s"],
        stdin=open(script), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    for address in addresses
]
answers = [one.communicate()[0] for one in running]
sys.exit(any(one.returncode for one in running) or not all(answers))
