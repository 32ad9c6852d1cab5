//! What apt and dpkg do with the package, over each way in which PAM's files may look: afterwards su, sudo, login, sshd, passwd
//! and cron work, or dpkg refused with file and line, and they work as before.

mod operation;
mod packages;
mod programs;
mod scene;
mod stack;
mod unpacking;

pub use operation::Operation;
pub use packages::Packages;
pub use stack::Stack;

use scene::Scene;

/// One operation over one stack.
#[derive(Clone, Copy)]
pub struct Case {
    /// What is done.
    pub operation: Operation,
    /// How PAM's files look.
    pub stack: &'static Stack,
}

impl Case {
    /// All of them, row by row.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let row = |operation| stack::ALL.iter().map(move |stack| Self { operation, stack });
        Operation::ALL.into_iter().flat_map(row).collect()
    }

    /// The case of this name.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::all().into_iter().find(|case| case.name() == name).expect("a case")
    }

    /// Operation and stack.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}: {}", self.operation.name(), self.stack.name)
    }

    /// Carries it out in a machine of its own, with real logins before and after. The answer is how it ended, in a word or two.
    ///
    /// # Panics
    /// If somebody is locked out, a program does not work, or dpkg refuses without file and line.
    #[must_use]
    pub fn ends(&self, packages: &Packages) -> String {
        let mut scene = Scene::set(self.stack, self.operation.starts_with(), packages);
        scene.works("before");
        self.operation.carry_out(&mut scene)
    }
}

/// The table of how they ended: a row for each operation, a column for each stack.
#[must_use]
pub fn table(ends: &[(Case, String)]) -> String {
    let mut text = format!("{:<14}", "");
    stack::ALL.iter().for_each(|stack| text.push_str(&format!("{:<18}", stack.name)));
    for operation in Operation::ALL {
        text.push_str(&format!("\n{:<14}", operation.name()));
        for stack in &stack::ALL {
            let is_it =
                |(case, _): &&(Case, String)| case.operation == operation && case.stack.name == stack.name;
            text.push_str(&format!("{:<18}", ends.iter().find(is_it).map_or("-", |(_, end)| end)));
        }
    }
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}
