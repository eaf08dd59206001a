"""The same twenty tasks for pyinfra."""
import io

from pyinfra import config
from pyinfra.operations import apt, files, server

config.SUDO = True
files.directory(path="/opt/app", mode="755")
files.directory(path="/home/ubuntu/nfs-mount", user="ubuntu")
server.user(user="app", shell="/bin/bash")
for number in range(1, 11):
    files.put(src=io.StringIO(f"key{number}=value\n"), dest=f"/opt/app/conf{number}", mode="644")
for number in range(1, 6):
    files.line(path="/opt/app/lines", line=f"extra{number}=1")
apt.packages(packages=["ca-certificates"])
server.shell(commands=["/bin/true"])
