//! What holds once an authenticator has shown its first code.

use super::codes::show_codes_and_end;
use crate::console::good;
use crate::context::Context;
use crate::sheet::Sheet;
use crate::text::shell_word;
use wardkey_core::desk::{Confirmed, Effect};
use wardkey_core::policy::account::Account;

/// Shows what the confirmation changed, what is left and whom to call.
pub(crate) fn show_end(context: &Context, account: &Account, confirmed: &Confirmed, sheet: Option<&Sheet>) {
    let text = &context.text;
    let user = &account.name.to_string();
    let done = match &confirmed.effect {
        Effect::SwitchedOn => return show_codes_and_end(context, account, confirmed, sheet),
        Effect::Added => text.one_more_works(user),
        Effect::Replaced(old) => text.new_one_works(user, old),
    };
    if context.console.is_interactive() {
        // The key has done its duty.
        context.console.clear();
    }
    context.console.tell(&good(&done));
    context.console.tell(&text.codes_left_now(confirmed.recovery_left, &shell_word(user)));
    context.console.tell(&text.when_stuck(&text.support()));
}
