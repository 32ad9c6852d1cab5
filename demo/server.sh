# shellcheck shell=bash disable=SC2034,SC2154
# The demo's account, its PAM stack and its sshd. Sourced by story.sh in the private mount namespace.

# An account that exists nowhere else, with a password of its own.
make_account() {
    user=demo-nurse
    while getent passwd "$user" >/dev/null; do user=${user}x; done
    uid=61000
    while getent passwd "$uid" >/dev/null || getent group "$uid" >/dev/null; do uid=$((uid + 1)); done
    password=$(tr -dc 'a-km-z2-9' </dev/urandom | head -c 12 || true)
    echo "$user:x:$uid:" >>/etc/group
    echo "$user:x:$uid:$uid:wardkey demo:/:/bin/sh" >>/etc/passwd
    echo "$user:*:20000:0:99999:7:::" >>/etc/shadow
    echo "$user:$password" | chpasswd --crypt-method SHA512
    echo "$password" >password
}

# What the syslog gets, kept in the file `syslog`.
start_syslog() {
    # shellcheck disable=SC2016
    setpriv --pdeathsig KILL perl -MSocket -e '
        socket(S, PF_UNIX, SOCK_DGRAM, 0) && bind(S, sockaddr_un("/dev/log")) or die "/dev/log: $!";
        chmod 0666, "/dev/log";
        $| = 1;
        while (defined recv(S, my $line, 65536, 0)) { $line =~ s/^<\d+>//; $line =~ s/[\n\0]*$/\n/; print $line }
    ' >syslog 2>&1 </dev/null &
    syslog_pid=$!
    local try
    for try in $(seq 100); do [ -S /dev/log ] && return; sleep 0.05; done
    broken "no syslog socket after $try tries: $(cat syslog)"
}

# The order of these lines is explained in config/pam.d/sshd.
write_pam_stack() {
    local module=$PWD/root/usr/lib/security/pam_wardkey.so
    cat >/etc/pam.d/sshd <<EOF
auth      requisite  pam_unix.so
auth      required   $module
account   required   $module
account   required   pam_unix.so
session   required   $module
session   required   pam_permit.so
EOF
}

# sshd on a free port of the loopback address, for this account only; a login runs one harmless command.
start_sshd() {
    install -d -m 755 /run/sshd
    ssh-keygen -q -t ed25519 -N '' -f host_key </dev/null
    cat >sshd_config <<EOF
ListenAddress 127.0.0.1
HostKey $PWD/host_key
PidFile none
UsePAM yes
KbdInteractiveAuthentication yes
PasswordAuthentication no
AuthenticationMethods keyboard-interactive
AllowUsers $user
PermitRootLogin no
DisableForwarding yes
PrintLastLog no
UseDNS no
LoginGraceTime 290
ForceCommand echo "logged in as \$(id -un)"
EOF
    local penalties=()
    /usr/sbin/sshd -t -f sshd_config -o PerSourcePenalties=no 2>/dev/null && penalties=(-o PerSourcePenalties=no)

    local try look
    for try in $(seq 20); do
        port=$((20000 + RANDOM % 30000))
        : >sshd.log
        setpriv --pdeathsig TERM /usr/sbin/sshd -D -f "$PWD/sshd_config" -E "$PWD/sshd.log" -p $port \
            "${penalties[@]}" </dev/null &
        sshd_pid=$!
        for look in $(seq 100); do
            if grep -q '^Server listening' sshd.log; then
                echo "[127.0.0.1]:$port $(cut -d ' ' -f 1,2 host_key.pub)" >known_hosts
                return
            fi
            kill -0 $sshd_pid 2>/dev/null || break
            sleep 0.05
        done
        kill $sshd_pid 2>/dev/null || true
        wait $sshd_pid 2>/dev/null || true
    done
    broken "sshd did not start: $(cat sshd.log)"
}

# Ends what was started here, by process id.
stop_server() {
    local pid
    for pid in ${sshd_pid:-} ${syslog_pid:-}; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
}
