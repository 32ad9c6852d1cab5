# machine.sh DIRECTORY ROOT: a whole machine that boots from a copy-on-write view of ROOT. DIRECTORY holds `upper`, `work`
# and `root`. Runs as root under `unshare --mount --propagation private`. It says "mounted", does what each line of
# standard input says, and ends everything when that ends, however that comes about: `boot` says the process of
# systemd-nspawn, `shut-down` waits for a machine that shuts down, `power-off` ends it at once; both say "off".
set -eu
directory=$1

# Control groups of its own, or two machines would share theirs; and their end is seen by them.
boot() {
    for tree in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
        [ -w "$tree/cgroup.procs" ] || continue
        mkdir "$tree/wardkey-tests.$$"
        echo $$ >"$tree/wardkey-tests.$$/cgroup.procs"
        groups="$groups $tree/wardkey-tests.$$"
    done
    systemd-nspawn --quiet --directory="$directory/root" --private-network --register=no --keep-unit --console=pipe \
        --hostname=ward3 --resolv-conf=off --boot -- --unit=wardkey-tests.target \
        </dev/null >"$directory/console" 2>&1 &
    nspawn=$!
}

# Its process 1 outlives systemd-nspawn; with it go all others, each of which is in a group of ours.
end() {
    for group in $groups; do
        echo $$ >"${group%/*}/cgroup.procs"
        for _ in $(seq 200); do
            left=$(find "$group" -name cgroup.procs -exec cat {} + 2>/dev/null) || :
            # shellcheck disable=SC2086 # process by process
            [ -z "$left" ] || kill -KILL $left 2>/dev/null || :
            find "$group" -depth -type d -exec rmdir {} + 2>/dev/null && break
            sleep 0.05
        done
    done
    groups=
    [ -z "$nspawn" ] || wait "$nspawn" 2>/dev/null || :
}

groups=
nspawn=
mount -t overlay machine -o "lowerdir=$2,upperdir=$directory/upper,workdir=$directory/work" "$directory/root"
echo mounted
while read -r word; do
    case $word in
    boot)
        boot
        echo "$nspawn"
        ;;
    shut-down)
        wait "$nspawn" || :
        end
        echo off
        ;;
    power-off)
        end
        echo off
        ;;
    esac
done
end
