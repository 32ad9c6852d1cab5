/* A directory service by hand. With -DDOWN=ERRNO its daemon does not run, and every name gets that error. Else it has one account,
 * whose name is CANONICAL, and which it finds under three spellings in any case, as Active Directory does.
 * With -DUNLESS=VARIABLE it finds nobody by a uid where that variable is set, with -DSECONDS=N it takes so long to find one by a
 * uid. */
#include <errno.h>
#include <grp.h>
#include <nss.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#ifndef CANONICAL
#define CANONICAL "mary@clinic.example"
#endif
#define UID 70001

static enum nss_status nobody(int *errnop) {
#ifdef DOWN
    *errnop = DOWN;
    return NSS_STATUS_UNAVAIL;
#else
    *errnop = ENOENT;
    return NSS_STATUS_NOTFOUND;
#endif
}

static enum nss_status mary(struct passwd *p, char *buffer, size_t length, int *errnop) {
    static const char fields[] = CANONICAL "\0x\0\0/\0/bin/sh";
    if (length < sizeof fields) {
        *errnop = ERANGE;
        return NSS_STATUS_TRYAGAIN;
    }
    memcpy(buffer, fields, sizeof fields);
    p->pw_name = buffer;
    p->pw_passwd = p->pw_name + strlen(p->pw_name) + 1;
    p->pw_gecos = p->pw_passwd + 2;
    p->pw_dir = p->pw_gecos + 1;
    p->pw_shell = p->pw_dir + 2;
    p->pw_uid = p->pw_gid = UID;
    return NSS_STATUS_SUCCESS;
}

enum nss_status _nss_ward_getpwnam_r(const char *name, struct passwd *p, char *buffer, size_t length, int *errnop) {
#ifndef DOWN
    const char *spellings[] = {"mary", "mary@clinic.example", "CLINIC\\mary"};
    for (int i = 0; i < 3; i++)
        if (!strcasecmp(name, spellings[i])) return mary(p, buffer, length, errnop);
#endif
    return nobody(errnop);
}

enum nss_status _nss_ward_getpwuid_r(uid_t uid, struct passwd *p, char *buffer, size_t length, int *errnop) {
#ifndef DOWN
#ifdef UNLESS
    if (getenv(UNLESS)) return nobody(errnop);
#endif
#ifdef SECONDS
    sleep(SECONDS);
#endif
    if (uid == UID) return mary(p, buffer, length, errnop);
#endif
    return nobody(errnop);
}

enum nss_status _nss_ward_getgrnam_r(const char *name, struct group *g, char *buffer, size_t length, int *errnop) {
    return nobody(errnop);
}

enum nss_status _nss_ward_getgrgid_r(gid_t gid, struct group *g, char *buffer, size_t length, int *errnop) {
    return nobody(errnop);
}
