//! One installation of each product: state on one medium, for a crowd of one size.

use crate::names::Names;
use crate::people::Person;
use crate::products::{PRODUCTS, Product};
use crate::removal;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// What a site is made of.
pub(crate) struct Plan<'a> {
    /// Where; must not exist.
    pub(crate) dir: PathBuf,
    /// People with a record.
    pub(crate) people: &'a [Person],
    /// Whether those who never come are no more than names.
    pub(crate) names_only: bool,
    /// Whether too many logins are refused where that is a choice.
    pub(crate) throttled: bool,
    /// Single-use codes of each.
    pub(crate) codes: usize,
    /// The module to measure.
    pub(crate) module: &'a Path,
    /// The one that makes its system calls alone.
    pub(crate) same_calls: &'a Path,
    /// Its configuration, with the paths of an installed one.
    pub(crate) config: &'a str,
}

impl Plan<'_> {
    /// For those who never come to a product.
    pub(crate) fn names(&self, product: Product) -> Names {
        Names::new(&self.dir, product.name())
    }
}

/// An installation; removed with the value.
pub(crate) struct Site {
    dir: PathBuf,
    /// Single-use codes that open wardkey.
    pub(crate) wardkey_codes: Vec<String>,
    people: Vec<Person>,
    lines: Vec<(Product, String)>,
}

impl Site {
    /// Makes a site with all products in it, and waits until it is on the disk.
    pub(crate) fn make(plan: &Plan<'_>) -> io::Result<Self> {
        fs::create_dir_all(plan.dir.join("pam.d"))?;
        let mut site = Self {
            dir: plan.dir.clone(),
            wardkey_codes: Vec::new(),
            people: plan.people.to_vec(),
            lines: Vec::new(),
        };
        for product in PRODUCTS {
            let line = product.prepare(plan, &mut site.wardkey_codes)?;
            fs::write(site.confdir().join(product.name()), format!("auth required {line}\n"))?;
            site.lines.push((product, line));
        }
        // libpam reads it each time and complains where it is missing. Empty, it is the least it can be.
        fs::write(site.confdir().join("other"), "# nothing\n")?;
        nix::unistd::sync();
        Ok(site)
    }

    /// Where the PAM services are, one a product.
    pub(crate) fn confdir(&self) -> PathBuf {
        self.dir.join("pam.d")
    }

    /// The single-use code number `n` of each of the ten.
    pub(crate) fn code(&self, product: Product, n: usize) -> Option<String> {
        match product {
            Product::Wardkey => self.wardkey_codes.get(n).cloned(),
            Product::Google => Some(crate::products::google::code(n)),
            Product::Oath | Product::Unix | Product::SameCalls | Product::Empty => None,
        }
    }

    /// People with a record.
    pub(crate) fn crowd(&self) -> usize {
        self.people.len()
    }

    /// The module and its arguments, as a line of a PAM service has them.
    pub(crate) fn line(&self, product: Product) -> &str {
        self.lines.iter().find(|(p, _)| *p == product).map_or("", |(_, line)| line)
    }

    /// Makes a product forget what someone has typed before.
    pub(crate) fn forget(&self, product: Product, name: &str) -> io::Result<()> {
        product.forget(&self.dir, name, &self.people)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        for many in ["google", "wardkey/users"] {
            let _ = removal::remove(&self.dir.join(many));
        }
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// Makes a directory with this mode.
pub(crate) fn make_dir(path: &Path, mode: u32) -> io::Result<()> {
    fs::create_dir_all(path)?;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

/// Writes a file with this mode.
pub(crate) fn write_file(path: &Path, mode: u32, content: &[u8]) -> io::Result<()> {
    fs::write(path, content)?;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}
