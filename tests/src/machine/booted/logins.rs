//! Somebody who logs in to a machine at a terminal.

use super::Machine;
use crate::machine::host::CODE;
use crate::people::person::{PASSWORD, Person};

impl Machine {
    /// Types the person's password into what `line` starts, and a code where one is asked for, until `inside` shows. The answer is
    /// whether a code was asked for.
    ///
    /// # Errors
    /// What was seen, where that lets nobody in.
    pub fn gets_in(&self, line: &str, inside: &str, person: &mut Person) -> Result<bool, String> {
        let mut terminal = self.terminal(line);
        let (mut typed, mut asked) = (false, false);
        let for_name = format!("assword for {}: ", person.name);
        loop {
            match terminal.expect_any(&["assword: ", &for_name, CODE, inside, "ncorrect", "enied"]) {
                Some(0 | 1) if !typed => {
                    terminal.type_line(PASSWORD);
                    typed = true;
                }
                Some(2) if !asked => {
                    terminal.type_line(&person.unused_code());
                    asked = true;
                }
                Some(3) if typed => return Ok(asked),
                _ => return Err(terminal.transcript()),
            }
        }
    }
}
