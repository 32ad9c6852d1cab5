//! What holds once an authenticator has shown its first code.

use super::codes::show_codes_and_end;
use crate::console::good;
use crate::office::Office;
use crate::paper::Paper;
use crate::text::shell_word;
use wardkey_core::desk::{Confirmed, Effect};
use wardkey_core::policy::account::Account;

/// Shows what the confirmation changed, what is left and whom to call.
pub(crate) fn show_end(office: &Office, account: &Account, confirmed: &Confirmed, paper: Option<&Paper>) {
    let text = &office.text;
    let user = &account.name.to_string();
    let done = match &confirmed.effect {
        Effect::SwitchedOn => return show_codes_and_end(office, account, confirmed, paper),
        Effect::Added => text.one_more_works(user),
        Effect::Replaced(old) => text.new_one_works(user, old),
    };
    if office.console.is_interactive() {
        // The key has done its duty.
        office.console.clear();
    }
    office.console.say(&good(&done));
    office.console.say(&text.codes_left_now(confirmed.recovery_left, &shell_word(user)));
    office.console.say(&text.when_stuck(&text.support()));
}
