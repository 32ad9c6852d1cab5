//! A helper of another version: whatever it is asked, it says so, in the form that a denial has in every version.

use std::os::unix::fs::FileTypeExt;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use crate::machine::host::Host;
use crate::programs::helper::SOCKET;

const LISTENS: &str = "import os, socket, struct, sys
path, answer = sys.argv[1], b'{\"denied\":\"version\"}'
if os.path.exists(path): os.unlink(path)
server = socket.socket(socket.AF_UNIX)
server.bind(path + '.new')
os.chmod(path + '.new', 0o666)
server.listen()
os.rename(path + '.new', path)
while True:
    caller = server.accept()[0]
    caller.recv(65536)
    caller.sendall(struct.pack('>I', len(answer)) + answer)
    caller.close()";

/// One that listens; it ends with the value.
pub struct OtherHelper(Child);

impl Drop for OtherHelper {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Host {
    /// Has one listen in the helper's place.
    ///
    /// # Panics
    /// If it does not begin to.
    #[must_use]
    pub fn start_other_helper(&self) -> OtherHelper {
        self.must("mkdir -p -m 755 /run/wardkey");
        let _ = fs::remove_file(self.path(SOCKET));
        let mut command = self.command("python3");
        let child = command.args(["-c", LISTENS, SOCKET]).stdin(Stdio::null()).spawn().expect("python3");
        let helper = OtherHelper(child);
        let begun = Instant::now();
        while !fs::metadata(self.path(SOCKET)).is_ok_and(|found| found.file_type().is_socket()) {
            assert!(begun.elapsed() < Duration::from_secs(90), "nothing listens");
            thread::sleep(Duration::from_millis(5));
        }
        helper
    }
}
