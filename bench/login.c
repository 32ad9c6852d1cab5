/* bench-login [OPTION...] CONFDIR SERVICE: a small C program that logs people in through PAM and measures each login.
 *   -c         with pam_setcred after pam_authenticate
 *   -u         has looked up the account and written a line to the system log before the first login
 *   -r MILLIS  waits so long before each reply, and measures from there to what pam_authenticate says
 *   -g GATE    says "ready" before each login and begins when someone opens this FIFO to write
 * bench-login -l MODULE: the same program, which loads a module as libpam does and measures that.
 *
 * Reads one login a line, "USER SECONDS REPLY": who, at what time of day, and what they type at every prompt.
 * Answers one line each, "STATUS NANOSECONDS CPU_NANOSECONDS PEAK_KIB FAULTS END": what PAM said; the time from before
 * pam_start to after pam_end; user and system time spent in it; the peak of resident memory so far; the page faults of
 * the login that read nothing; when it ended, on the monotonic clock.
 *
 * It is plain C, as login, su and sshd are: what a module needs beyond libc and libpam is loaded by the module.
 * time(), gettimeofday() and clock_gettime() are its own and exported (-rdynamic), so that modules read the time of
 * day it was given: a code works once, and a run needs many. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pwd.h>
#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <syslog.h>
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

/* What a login has used up to a moment, or between two. */
struct use {
    int64_t wall, cpu;
    long faults;
};

static int64_t nanoseconds(clockid_t clock)
{
    struct timespec at;
    real_clock(clock, &at);
    return (int64_t)at.tv_sec * 1000000000 + at.tv_nsec;
}

static struct use begun, ended;

static long faults(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt;
}

static void begin(void)
{
    begun.faults = faults();
    close(-1); /* a mark for those who count system calls */
    begun.wall = nanoseconds(CLOCK_MONOTONIC);
    begun.cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
}

static void end(void)
{
    ended.cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
    ended.wall = nanoseconds(CLOCK_MONOTONIC);
    close(-1);
    ended.faults = faults();
}

/* How long each reply is waited for, and whether the time begins with it. */
static unsigned milliseconds;

/* Answers every prompt with the reply it was given. */
static int converse(int count, const struct pam_message **messages, struct pam_response **replies, void *reply)
{
    struct pam_response *answers = calloc((size_t)count, sizeof *answers);
    if (!answers)
        return PAM_BUF_ERR;
    int is_asked = 0;
    for (int i = 0; i < count; i++)
        if (messages[i]->msg_style == PAM_PROMPT_ECHO_OFF || messages[i]->msg_style == PAM_PROMPT_ECHO_ON) {
            answers[i].resp = strdup(reply);
            is_asked = 1;
        }
    *replies = answers;
    if (is_asked && milliseconds) {
        usleep(milliseconds * 1000);
        begin();
    }
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
    begin();
    int status = pam_start_confdir(service, user, &conversation, confdir, &handle);
    if (status == PAM_SUCCESS) {
        pam_set_item(handle, PAM_FAIL_DELAY, (const void *)no_delay);
        status = pam_authenticate(handle, 0);
    }
    if (milliseconds)
        end();
    if (status == PAM_SUCCESS && setcred)
        status = pam_setcred(handle, PAM_REINITIALIZE_CRED);
    pam_end(handle, status);
    if (!milliseconds)
        end();
    return status;
}

/* What sshd, login and su have done before they call PAM. */
static void serve(const char *user)
{
    getpwnam(user);
    openlog("bench-login", LOG_PID, LOG_AUTHPRIV);
    syslog(LOG_INFO, "Connection from 127.0.0.1 port 22");
}

/* What libpam does before it calls a module. It stays loaded: a second time would measure nothing. */
static int load(const char *module)
{
    begin();
    void *loaded = dlopen(module, RTLD_NOW);
    end();
    return loaded ? PAM_SUCCESS : PAM_MODULE_UNKNOWN;
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
    const char *module = NULL, *gate = NULL;
    int setcred = 0, has_served = 1;
    for (int option; (option = getopt(count, arguments, "cug:l:r:")) != -1;)
        switch (option) {
        case 'c': setcred = 1; break;
        case 'u': has_served = 0; break;
        case 'g': gate = optarg; break;
        case 'l': module = optarg; break;
        case 'r': milliseconds = (unsigned)atoi(optarg); break;
        default: return 2;
        }
    if (count - optind != (module ? 0 : 2))
        return 2;
    while (scanf("%63s %" SCNd64 " %63s", user, &time_of_day, reply) == 3) {
        if (!has_served)
            serve(user), has_served = 1;
        if (gate)
            wait_at(gate);
        int status = module ? load(module)
                            : log_in(arguments[optind], arguments[optind + 1], setcred, user, reply);
        printf("%d %" PRId64 " %" PRId64 " %ld %ld %" PRId64 "\n", status, ended.wall - begun.wall,
               ended.cpu - begun.cpu, peak_kib(), ended.faults - begun.faults, ended.wall);
        fflush(stdout);
    }
    return 0;
}
