/* bench-login CONFDIR SERVICE [auth|setcred [GATE]]: a small C program that logs people in through PAM and measures
 * each login.
 * bench-login --load MODULE: the same program, which loads a module as libpam does and measures that.
 *
 * Reads one login a line, "USER SECONDS REPLY": who, at what time of day, and what they type at every prompt.
 * Answers one line each, "STATUS NANOSECONDS CPU_NANOSECONDS PEAK_KIB END": what pam_authenticate said, and with
 * "setcred" pam_setcred after it; the time from before pam_start to after pam_end; user and system time spent in it;
 * the peak of resident memory so far; when it ended, on the monotonic clock.
 *
 * With a GATE, a FIFO, it says "ready" before each login and begins when someone opens the FIFO to write.
 *
 * It is plain C, as login, su and sshd are: what a module needs beyond libc and libpam is loaded by the module.
 * time(), gettimeofday() and clock_gettime() are its own and exported (-rdynamic), so that modules read the time of
 * day it was given: a code works once, and a run needs many. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <inttypes.h>
#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static int64_t time_of_day;

static int real_clock(clockid_t clock, struct timespec *at)
{
    return (int)syscall(SYS_clock_gettime, clock, at);
}

int clock_gettime(clockid_t clock, struct timespec *at)
{
    if (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)
        return real_clock(clock, at);
    at->tv_sec = time_of_day;
    at->tv_nsec = 0;
    return 0;
}

time_t time(time_t *at)
{
    if (at)
        *at = time_of_day;
    return time_of_day;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone)
{
    (void)zone;
    at->tv_sec = time_of_day;
    at->tv_usec = 0;
    return 0;
}

/* Answers every prompt with the reply it was given. */
static int converse(int count, const struct pam_message **messages, struct pam_response **replies, void *reply)
{
    struct pam_response *answers = calloc((size_t)count, sizeof *answers);
    if (!answers)
        return PAM_BUF_ERR;
    for (int i = 0; i < count; i++)
        if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF || messages[i]->msg_style == PAM_PROMPT_ECHO_ON)
            answers[i].resp = strdup(reply);
    *replies = answers;
    return PAM_SUCCESS;
}

/* libpam waits after a refusal unless the application does: here nobody waits. */
static void no_delay(int status, unsigned microseconds, void *data)
{
    (void)status, (void)microseconds, (void)data;
}

static int log_in(const char *confdir, const char *service, int setcred, const char *user, char *reply)
{
    const struct pam_conv conversation = {converse, reply};
    pam_handle_t *handle = NULL;
    int status = pam_start_confdir(service, user, &conversation, confdir, &handle);
    if (status == PAM_SUCCESS) {
        pam_set_item(handle, PAM_FAIL_DELAY, (const void *)no_delay);
        status = pam_authenticate(handle, 0);
    }
    if (status == PAM_SUCCESS && setcred)
        status = pam_setcred(handle, PAM_REINITIALIZE_CRED);
    pam_end(handle, status);
    return status;
}

/* What libpam does before it calls a module. It stays loaded: a second time would measure nothing. */
static int load(const char *module)
{
    return dlopen(module, RTLD_NOW) ? PAM_SUCCESS : PAM_MODULE_UNKNOWN;
}

static int64_t nanoseconds(clockid_t clock)
{
    struct timespec at;
    real_clock(clock, &at);
    return (int64_t)at.tv_sec * 1000000000 + at.tv_nsec;
}

/* VmHWM and not ru_maxrss, which a program inherits from the one that started it. */
static long peak_kib(void)
{
    char line[128];
    long peak = 0;
    FILE *status = fopen("/proc/self/status", "re");
    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "VmHWM: %ld", &peak) == 1)
            break;
    if (status)
        fclose(status);
    return peak;
}

/* Opening a FIFO to read waits for a writer; one writer lets in all who wait, and who comes later while it stays. */
static void wait_at(const char *gate)
{
    puts("ready");
    fflush(stdout);
    close(open(gate, O_RDONLY | O_CLOEXEC));
}

int main(int count, char **arguments)
{
    char user[64], reply[64];
    if (count < 3 || count > 5)
        return 2;
    int loads = strcmp(arguments[1], "--load") == 0;
    int setcred = count > 3 && strcmp(arguments[3], "setcred") == 0;
    while (scanf("%63s %" SCNd64 " %63s", user, &time_of_day, reply) == 3) {
        if (count > 4)
            wait_at(arguments[4]);
        close(-1); /* a mark for those who count system calls */
        int64_t wall = nanoseconds(CLOCK_MONOTONIC), cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
        int status = loads ? load(arguments[2]) : log_in(arguments[1], arguments[2], setcred, user, reply);
        cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
        int64_t end = nanoseconds(CLOCK_MONOTONIC);
        wall = end - wall;
        close(-1);
        printf("%d %" PRId64 " %" PRId64 " %ld %" PRId64 "\n", status, wall, cpu, peak_kib(), end);
        fflush(stdout);
    }
    return 0;
}
