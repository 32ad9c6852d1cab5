#!/bin/bash
# story.sh SCRATCH: the demo itself, told step by step, in the installation that private.sh has made.
set -u -o pipefail
here=$(cd "$(dirname "$0")" && pwd)
scratch=$1
cd "$scratch" || exit 1
# shellcheck source=demo/server.sh
. "$here/server.sh"
PATH=$scratch/root/usr/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL=C.UTF-8
cp "$here/askpass.sh" askpass.sh
umask 077

shown=0
wrong=0
interactive=
[ -t 0 ] && interactive=yes

trap stop_server EXIT
trap 'echo; echo "Interrupted: stopped and cleaned up."; exit 130' INT TERM HUP

step() { printf '\n%s\n' "$*"; }
note() { printf '   %s\n' "$*"; }
broken() { printf 'The demo broke: %s\n' "$*" >&2; exit 1; }
met() { shown=$((shown + 1)); note "OK: $*"; }
unmet() { wrong=$((wrong + 1)); note "WRONG: $*"; }

# log_in [CODE]: one login through sshd; without CODE the person at the terminal types it, with two more tries.
log_in() {
    rm -f code
    [ $# -eq 0 ] || echo "$1" >code
    SSH_ASKPASS=$scratch/askpass.sh SSH_ASKPASS_REQUIRE=force timeout --foreground 300 \
        ssh -T -F none -p "$port" -o PreferredAuthentications=keyboard-interactive -o PubkeyAuthentication=no \
        -o NumberOfPasswordPrompts=$((${#} ? 1 : 3)) -o StrictHostKeyChecking=yes -o UserKnownHostsFile=known_hosts \
        -o GlobalKnownHostsFile=none -o ConnectTimeout=30 "$user@127.0.0.1" </dev/null 2>&1 >ssh.out
    local status=$?
    sed 's/^/      /' ssh.out
    [ $status -eq 0 ] && grep -q "^logged in as $user$" ssh.out
}

must_open() { # WHAT [CODE]
    local what=$1
    shift
    if log_in "$@"; then met "$what opens the login."; else unmet "$what was refused."; fi
}

# Refused, by wardkey and for want of a right code: a login that fails for another reason shows nothing.
must_refuse() { # WHAT CODE
    local before after
    before=$(refusals)
    if log_in "$2"; then
        unmet "$1 opened the login."
    elif after=$(refusals); [ "$after" -gt "$before" ]; then
        met "$1 is refused."
    else
        unmet "$1 failed for another reason: $(tail -n 3 sshd.log)"
    fi
}

audit=/var/log/wardkey/audit.jsonl
refusals() { cat $audit 2>/dev/null | grep -c '"result":"refused"'; }

# shellcheck source=demo/enrol.sh
. "$here/enrol.sh"

echo "wardkey demo: a login with a second factor, on private copies; nothing on this machine changes."
[ -z "$interactive" ] || echo "Have a phone with an authenticator app at hand (without one: make demo </dev/null)."

make_account
start_syslog
write_pam_stack
start_sshd

step "1. The sysadmin sets wardkey up: wardkey init"
wardkey init </dev/null 2>&1 | sed 's/^/   /' || broken "wardkey init failed"

step "2. The sysadmin enrols $user: wardkey enroll $user"
enrol

step "3. $user logs in: ssh $user@127.0.0.1 -p $port"
if [ -n "$interactive" ]; then
    note "Wait until your app shows the next code (the last one has been used), then type it."
    must_open "The password with a code from the app"
    used=$(cat typed 2>/dev/null)
else
    used=$(next_code)
    note "(the next code, computed by oathtool)"
    must_open "The password with a code from the app" "$used"
fi

step "4. Somebody saw that code and types it again, with the right password."
must_refuse "The same code a second time" "$used"

step "5. Somebody has the password and no code: he types the password twice."
must_refuse "The password alone" "$password"

step "6. The phone is lost: $user logs in with a recovery code."
choose_recovery_code
must_open "A recovery code" "$recovery"

step "7. The same recovery code again."
must_refuse "A used recovery code" "$recovery"

step "What the audit file says of these logins ($audit; fields that are null left out):"
grep '"event":"login"' $audit | sed -E 's/,?"[a-z]+":null//g; s/^/   /'

total=$((shown + wrong))
printf '\n'
if [ $wrong -gt 0 ]; then
    echo "Demo FAILED: $wrong of $total expectations did not hold."
    exit 1
fi
echo "Demo done: enrolled; a code from the app opened the login once, a recovery code once;" \
    "the password alone and both used codes were refused. $shown of $total as expected."
