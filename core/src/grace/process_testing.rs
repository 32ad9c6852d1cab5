//! What the kernel would say, as files.

use super::*;

/// A machine as files.
pub(crate) struct Machine(tempfile::TempDir);

impl Machine {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn root(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn process(&self, pid: u32, uid: u32, session: u32, tty: i32, start: u64) -> &Self {
        let dir = self.0.path().join("proc").join(pid.to_string());
        std::fs::create_dir_all(&dir).unwrap();
        let stat = format!(
            "{pid} (a ) b) S 1 {pid} {session} {tty} {pid} 4194304 99 0 0 0 0 0 0 0 20 0 1 0 {start} 1 2\n"
        );
        std::fs::write(dir.join("stat"), stat).unwrap();
        let status = format!("Name:\tx\\nUid:\\t7\nUmask:\t0022\nUid:\t{uid}\t0\t0\t0\nGid:\t1\t1\t1\t1\n");
        std::fs::write(dir.join("status"), status).unwrap();
        self.says(pid, "loginuid", "4294967295")
            .says(pid, "sessionid", "4294967295")
            .says(pid, "cgroup", "0::/\n")
    }

    pub(crate) fn says(&self, pid: u32, name: &str, text: &str) -> &Self {
        std::fs::write(self.0.path().join(format!("proc/{pid}/{name}")), text).unwrap();
        self
    }

    pub(crate) fn group(&self, path: &str) -> u64 {
        let path = self.0.path().join("cgroup").join(path);
        std::fs::create_dir_all(&path).unwrap();
        std::fs::metadata(path).unwrap().ino()
    }

    pub(crate) fn session(&self, pid: u32, uid: u32) -> Result<String, NoSession> {
        let kernel = Kernel::below(self.0.path());
        Ok(Process::open(&kernel, pid)?.session(uid)?.to_string())
    }
}
