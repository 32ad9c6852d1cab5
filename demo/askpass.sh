#!/bin/bash
# askpass.sh PROMPT: what ssh asks instead of a keyboard. Types the password, then the code of the file `code`; where
# there is no such file, the person at the terminal types it. Shows each prompt, and what was typed, on standard error.
cd "$(dirname "$SSH_ASKPASS")" || exit 1
prompt=$1

case $prompt in
    *assword:*)
        echo "      $prompt********" >&2
        cat password
        ;;
    *)
        if [ -e code ]; then
            code=$(cat code)
        else
            trap 'stty echo </dev/tty' EXIT
            printf '      %s' "$prompt" >/dev/tty
            stty -echo </dev/tty
            read -r code </dev/tty
            echo >/dev/tty
            printf '%s\n' "$code" >typed
        fi
        [ ! -e code ] || echo "      $prompt$code" >&2
        printf '%s\n' "$code"
        ;;
esac
