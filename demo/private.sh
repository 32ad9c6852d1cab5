#!/bin/bash
# private.sh SCRATCH: called by `run` in its mount namespace. Lays private copies over everything a login or the demo
# changes (/etc, /run, /var/lib, /var/log, /dev), installs wardkey there, and tells the story.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
scratch=$1

mount -t tmpfs -o mode=755 wardkey-demo "$scratch"
cd "$scratch"
mkdir etc run lib log dev root
cp -a /etc/. etc/
rm -rf etc/wardkey # a real installation's key and settings are no business of the demo

# A /dev without the machine's syslog socket: what is logged in the demo stays in the demo.
mkdir dev/pts dev/shm
for node in null zero full random urandom tty console; do
    [ -e /dev/$node ] || continue
    touch dev/$node
    mount --bind /dev/$node dev/$node
done
mount --rbind /dev/pts dev/pts
mount --bind /dev/shm dev/shm
mknod -m 666 dev/ptmx c 5 2
ln -s /proc/self/fd dev/fd

make --no-print-directory -C "$here/.." install \
    DESTDIR="$scratch/root" PREFIX=/usr SYSCONFDIR=/etc PAMDIR=/usr/lib/security >install.log 2>&1 ||
    { cat install.log >&2; exit 1; }
cp -a root/etc/wardkey etc/wardkey

for over in etc run dev; do mount --rbind $over /$over; done
mount --bind lib /var/lib
mount --bind log /var/log

exec "$here/story.sh" "$scratch"
