//! Calls that some file systems and machines lack, refused as those refuse them: by a library before the C library's own.

use crate::machine::host::Host;

const LIBRARY: &str = "/home/lack.so";

const SOURCE: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#define REAL(NAME) dlsym(RTLD_NEXT, NAME)
#define OPENAT(NAME) int NAME(int dir, const char *path, int flags, ...) { \
    va_list rest; va_start(rest, flags); int mode = va_arg(rest, int); va_end(rest); \
    if ((flags & O_TMPFILE) == O_TMPFILE && UNNAMED) return errno = UNNAMED, -1; \
    return ((int (*)(int, const char *, int, int))REAL(#NAME))(dir, path, flags, mode); }
OPENAT(openat)
OPENAT(openat64)
int renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags) {
    if (flags && NO_FLAGS) return errno = EINVAL, -1;
    return ((int (*)(int, const char *, int, const char *, unsigned))REAL("renameat2"))(from_dir, from, to_dir, to, flags); }
int linkat(int from_dir, const char *from, int to_dir, const char *to, int flags) {
    if (flags && NO_PROC) return errno = ENOENT, -1;
    return ((int (*)(int, const char *, int, const char *, int))REAL("linkat"))(from_dir, from, to_dir, to, flags); }
"#;

/// What there is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingCall {
    /// Files without a name, as on FUSE.
    Unnamed,
    /// Those, and renaming without replacing, as on NFS.
    UnnamedAndRenames,
    /// /proc, by which a file without a name gets one.
    Proc,
}

impl MissingCall {
    /// All.
    pub const ALL: [Self; 3] = [Self::Unnamed, Self::UnnamedAndRenames, Self::Proc];
}

impl Host {
    /// From now on the programs of this host lack it.
    pub fn lack(&self, what: MissingCall) {
        let (unnamed, no_flags, no_proc) = match what {
            MissingCall::Unnamed => ("EOPNOTSUPP", 0, 0),
            MissingCall::UnnamedAndRenames => ("EISDIR", 1, 0),
            MissingCall::Proc => ("0", 0, 1),
        };
        self.write("/home/lack.c", SOURCE);
        self.must(&format!(
            "cc -shared -fPIC -o {LIBRARY} -DUNNAMED={unnamed} -DNO_FLAGS={no_flags} -DNO_PROC={no_proc} /home/lack.c"
        ));
        self.preload(LIBRARY);
    }
}
