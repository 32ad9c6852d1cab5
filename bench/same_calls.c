/* pam_same_calls.so DIR RECORD: asks for a code and lets everybody in, after the system calls of a login through wardkey,
 * in their order, with nothing in between: no parsing, no hash, no decision. What they cost in C is the least that they
 * can cost anybody who opens, reads, locks, writes, syncs and logs the same. Calls that touch no file (getpid,
 * sigprocmask and their like, a dozen of 0.2 microseconds) are left out.
 *
 * DIR has what wardkey keeps: wardkey.toml, seal.key, audit.jsonl, and wardkey/users/NAME with RECORD and ledger. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pwd.h>
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#define IMAGE 1536 /* bytes written of a ledger's block */
#define BLOCK 4096 /* from one block to the next */

/* Opened, and looked at for its owner, mode and length. */
static int open_known(int dir, const char *name, int flags)
{
    struct stat status;
    int file = openat(dir, name, flags | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC, 0600);
    return fstat(file, &status) == 0 ? file : -1;
}

static int read_whole(int dir, const char *name)
{
    char text[16384];
    int file = open_known(dir, name, O_RDONLY);
    int is_read = read(file, text, sizeof text) > 0;
    close(file);
    return is_read;
}

/* The directory of one, by way of the directory of all, each by the descriptor of the one above. */
static int walk(const char *root, const char *user)
{
    int top = open_known(AT_FDCWD, root, O_RDONLY | O_DIRECTORY);
    int users = open_known(top, "users", O_RDONLY | O_DIRECTORY);
    int dir = open_known(users, user, O_RDONLY | O_DIRECTORY);
    close(top), close(users);
    return dir;
}

/* Which namespaces it is in. */
static void look_at_self(void)
{
    close(openat(AT_FDCWD, "/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

/* Before the prompt: the account, the configuration, the record, and whether they must wait. */
static int is_asked(const char *config, const char *root, const char *user, const char *record)
{
    char further[260];
    snprintf(further, sizeof further, "%s.d", config);
    int is_known = getpwnam(user) && read_whole(AT_FDCWD, config);
    open(further, O_RDONLY | O_DIRECTORY | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC);
    look_at_self();
    int dir = walk(root, user), has_record = read_whole(dir, record);
    close(dir);
    dir = walk(root, user);
    int ledger = open_known(dir, "ledger", O_RDWR);
    close(ledger), close(dir);
    return is_known && has_record && ledger != -1;
}

/* In the directory that was walked to before, under the lock: both blocks and the record read, the older block written and
 * synced, then the word that it is. */
static int spend(const char *root, const char *user, const char *record)
{
    struct stat status;
    uint64_t blocks[2][IMAGE / 8 + 1];
    ssize_t length = sizeof blocks[0];
    char path[512];
    snprintf(path, sizeof path, "%s/users/%s", root, user);
    int dir = open_known(AT_FDCWD, path, O_RDONLY | O_DIRECTORY), ledger = open_known(dir, "ledger", O_RDWR);
    int is_read = flock(ledger, LOCK_EX) == 0 && fstat(ledger, &status) == 0 &&
                  pread(ledger, blocks[0], (size_t)length, 0) == length &&
                  pread(ledger, blocks[1], (size_t)length, BLOCK) == length && read_whole(dir, record);
    unlinkat(dir, ".left-over", 0);
    int older = blocks[0][0] > blocks[1][0];
    blocks[older][0] = blocks[!older][0] + 1;
    int is_spent = is_read && pwrite(ledger, blocks[older], IMAGE, older * BLOCK) == IMAGE &&
                   fdatasync(ledger) == 0 && pwrite(ledger, blocks[older], 8, older * BLOCK + IMAGE) == 8;
    flock(ledger, LOCK_UN);
    close(ledger), close(dir);
    return is_spent;
}

/* A line as long as wardkey's. */
static int write_down(const char *audit)
{
    char line[181];
    memset(line, '.', sizeof line - 1);
    line[sizeof line - 1] = '\n';
    struct stat status;
    int file = open_known(AT_FDCWD, audit, O_WRONLY | O_CREAT | O_APPEND);
    int is_written = flock(file, LOCK_EX) == 0 && fstat(file, &status) == 0 && write(file, line, sizeof line) == sizeof line;
    flock(file, LOCK_UN);
    close(file);
    return is_written;
}

int pam_sm_authenticate(pam_handle_t *handle, int flags, int count, const char **arguments)
{
    const char *user;
    char config[256], root[256], key[256], audit[256], *reply = NULL;
    (void)flags;
    if (count != 2 || pam_get_user(handle, &user, NULL) != PAM_SUCCESS)
        return PAM_SYSTEM_ERR;
    snprintf(config, sizeof config, "%s/wardkey.toml", arguments[0]);
    snprintf(root, sizeof root, "%s/wardkey", arguments[0]);
    snprintf(key, sizeof key, "%s/seal.key", arguments[0]);
    snprintf(audit, sizeof audit, "%s/audit.jsonl", arguments[0]);
    if (!is_asked(config, root, user, arguments[1]) ||
        pam_prompt(handle, PAM_PROMPT_ECHO_OFF, &reply, "Verification code: ") != PAM_SUCCESS)
        return PAM_AUTH_ERR;
    free(reply);
    look_at_self();
    int is_in = read_whole(AT_FDCWD, key) && spend(root, user, arguments[1]) && write_down(audit);
    pam_syslog(handle, LOG_INFO, "login accepted user=%s service=same-calls method=totp reason=none", user);
    return is_in ? PAM_SUCCESS : PAM_AUTH_ERR;
}
