# namespace.sh ROOT: makes this mount namespace a host of its own out of the directory ROOT, then holds it until
# standard input ends. Runs as root under `unshare --mount --propagation private`.
set -eu
root=$1

# Devices: the machine's nodes, an own /dev/log.
mount -t tmpfs -o mode=755 devices "$root/dev"
cp -ax /dev/. "$root/dev/"
mkdir -p "$root/dev/pts" "$root/dev/shm"
mount --rbind /dev/pts "$root/dev/pts"
mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
rm -f "$root/dev/ptmx" "$root/dev/log"
mknod -m 666 "$root/dev/ptmx" c 5 2
touch "$root/dev/log"
mount --bind "$root/log.sock" "$root/dev/log"

# The scratch directory itself stays where it is, below the private /var.
mount --rbind /var/tmp "$root/var/tmp"
mount --rbind "$root/dev" /dev
mount --bind "$root/etc" /etc
mount --bind "$root/home" /home
mount --rbind "$root/var" /var
mount -t tmpfs -o mode=755 run /run
mkdir -m 755 /run/sshd /run/lock
touch /run/utmp

# As where logind numbers sessions.
mount -t tmpfs groups /sys/fs/cgroup
mkdir /sys/fs/cgroup/user.slice

echo ready
exec cat
