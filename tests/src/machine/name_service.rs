//! Directories of accounts that nsswitch.conf names: real modules whose daemon does not run, and one made by hand.

use crate::machine::host::Host;

/// The module made by hand.
const SOURCE: &str = include_str!("name_service.c");

/// Where it is put: the loader is told by the host's own cache.
const LIBRARIES: &str = "/var/lib/ward-directory";

/// The name of the module made by hand.
pub const BY_HAND: &str = "ward";

impl Host {
    /// Names this module in nsswitch.conf, behind the files; every program that starts from now on asks it.
    ///
    /// # Panics
    /// If the loader does not find it.
    pub fn names_directory(&self, module: &str) {
        let line = format!("files {module}");
        let conf = format!("passwd: {line}\ngroup: {line}\nshadow: files\nhosts: files\n");
        self.write("/etc/nsswitch.conf", conf);
        let loaded = self.must("LD_DEBUG=files getent passwd nobody-here 2>&1; true");
        let library = format!("libnss_{module}.so.2");
        assert!(loaded.lines().any(|line| line.contains(&library) && line.contains("init")), "{loaded}");
    }

    /// Makes the directory by hand, with these definitions, and names it.
    pub fn makes_directory(&self, definitions: &[&str]) {
        self.write("/var/tmp-directory.c", SOURCE);
        let defined: String = definitions.iter().map(|one| format!("'-D{one}' ")).collect();
        self.must(&format!(
            "mkdir -p {LIBRARIES} && cc -shared -fPIC -w {defined} -o {LIBRARIES}/libnss_{BY_HAND}.so.2.new \
             /var/tmp-directory.c && mv {LIBRARIES}/libnss_{BY_HAND}.so.2.new {LIBRARIES}/libnss_{BY_HAND}.so.2 && \
             echo {LIBRARIES} >/etc/ld.so.conf.d/ward.conf && mkdir -p /var/cache/ldconfig && ldconfig -X"
        ));
        self.names_directory(BY_HAND);
    }

    /// Gives an account another name, as usermod(8) does.
    pub fn renames_account(&self, from: &str, to: &str) {
        self.must(&format!("sed -i 's/^{from}:/{to}:/' /etc/passwd /etc/shadow /etc/group"));
    }

    /// Deletes an account, as userdel(8) does.
    pub fn deletes_account(&self, name: &str) {
        self.must(&format!("sed -i '/^{name}:/d' /etc/passwd /etc/shadow /etc/group"));
    }
}
