#!/bin/sh
# private.sh SCRATCH LOGIN BENCH [OPTION...]: inside the namespace. Devices are copies, so that /dev/log is our own
# (without one glibc writes each line to the console, which is slow and not what a machine does); /etc/passwd and
# /etc/shadow are copies that the bench fills, /etc/pam.d one that it changes; /run is empty; SCRATCH/memory is a tmpfs.
set -eu
scratch=$1 login=$2 bench=$3
shift 3

mkdir "$scratch/dev" "$scratch/disk" "$scratch/memory"
mount -t tmpfs -o mode=755 devices "$scratch/dev"
cp -ax /dev/. "$scratch/dev/"
rm -f "$scratch/dev/log"
mount -t tmpfs -o mode=755 memory "$scratch/memory"
for file in passwd shadow; do
    cp -p "/etc/$file" "$scratch/$file"
    mount --bind "$scratch/$file" "/etc/$file"
done
cp -a /etc/pam.d "$scratch/pam.d"
mount --bind "$scratch/pam.d" /etc/pam.d
mount -t tmpfs -o mode=755 run /run
mount --rbind "$scratch/dev" /dev
exec "$bench" --scratch "$scratch" --login "$login" "$@"
