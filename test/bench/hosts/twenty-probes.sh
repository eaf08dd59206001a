# The floor: what must be read on a host to know that the twenty tasks have nothing to do, in one script.
stat -c '%a %U %G' /opt/app /home/ubuntu/nfs-mount
getent passwd app; id -Gn app
stat -c '%a %U %G %s' /opt/app/conf1 /opt/app/conf2 /opt/app/conf3 /opt/app/conf4 /opt/app/conf5 /opt/app/conf6 /opt/app/conf7 /opt/app/conf8 /opt/app/conf9 /opt/app/conf10
sha256sum /opt/app/conf1 /opt/app/conf2 /opt/app/conf3 /opt/app/conf4 /opt/app/conf5 /opt/app/conf6 /opt/app/conf7 /opt/app/conf8 /opt/app/conf9 /opt/app/conf10
for line in extra1=1 extra2=1 extra3=1 extra4=1 extra5=1; do grep -xF "$line" /opt/app/lines; done
dpkg-query -W -f '${db:Status-Status} ${Package} ${Version}\n' ca-certificates
/bin/true
