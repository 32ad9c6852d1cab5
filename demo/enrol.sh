# shellcheck shell=bash disable=SC2154
# Enrolment and where the codes come from. Sourced by story.sh.

# At a terminal the person scans and confirms; otherwise oathtool plays the phone.
enrol() {
    if [ -n "$interactive" ]; then
        note "(You are $user. Keep at least one of the recovery codes: step 6 asks for one.)"
        wardkey enroll "$user" || broken "wardkey enroll failed"
    else
        enrol_with_oathtool
    fi
    wardkey --json status "$user" </dev/null >status.json || broken "wardkey status failed"
    if grep -q '"state": *"enrolled"' status.json; then
        met "$user is enrolled."
    else
        broken "$user is not enrolled: $(cat status.json)"
    fi
}

# Reads the key that the tool shows, as somebody without a camera would, and answers with a code for it.
enrol_with_oathtool() {
    local enroll_pid try code
    mkfifo answer
    wardkey --color always enroll "$user" <answer >enroll.out 2>&1 &
    enroll_pid=$!
    exec 3>answer
    key=
    for try in $(seq 200); do
        key=$(plain enroll.out | sed -n 's/^ *Key: *\([A-Z2-7 ]*\)$/\1/p' | tr -d ' ' | head -n 1)
        [ -z "$key" ] || break
        kill -0 $enroll_pid 2>/dev/null || break
        sleep 0.05
    done
    [ -n "$key" ] || { cat enroll.out >&2; broken "wardkey enroll showed no key after $try looks"; }
    code=$(oathtool --totp --base32 "$key")
    echo "$code" >&3
    exec 3>&-
    wait $enroll_pid || { cat enroll.out >&2; broken "wardkey enroll refused the code"; }
    sed 's/^/   /' enroll.out
    note "(typed: $code, computed from the key by oathtool)"
}

plain() { sed 's/\x1b\[[0-9;]*m//g' "$1"; }

# The code after the one that the enrolment has used: a login accepts one step either side of now.
next_code() { oathtool --totp --base32 --now "now + 30 seconds" "$key"; }

# Leaves a recovery code in `recovery`: off the enrolment's output, or as the person reads it off the screen.
choose_recovery_code() {
    recovery=
    if [ -z "$interactive" ]; then
        recovery=$(plain enroll.out | grep -oE '[0-9A-Z]{4}(-[0-9A-Z]{4}){3}' | head -n 1)
        [ -n "$recovery" ] || broken "wardkey enroll showed no recovery codes"
        return
    fi
    while [ -z "$recovery" ]; do
        read -r -p "   Type one of the recovery codes that were shown at enrolment: " recovery ||
            broken "nothing was typed"
    done
}
