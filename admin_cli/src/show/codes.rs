//! Single-use codes on the screen, once, and what holds from now on.

use crate::console::good;
use crate::context::Context;
use crate::input::read_line;
use crate::sheet::Sheet;
use crate::signals::Held;
use crate::text::{local, shell_word};
use wardkey_core::credential::SingleUseCode;
use wardkey_core::desk::Confirmed;
use wardkey_core::policy::Duty;
use wardkey_core::policy::account::Account;
use wardkey_core::printable::escaped;
use zeroize::Zeroizing;

/// The codes as text.
pub(crate) fn plain_codes(codes: &[SingleUseCode]) -> Vec<Zeroizing<String>> {
    codes.iter().map(SingleUseCode::to_text).collect()
}

/// The codes one a line, easy to select.
pub(crate) fn code_list(codes: &[SingleUseCode]) -> Zeroizing<String> {
    let mut list = Zeroizing::new(String::with_capacity(codes.len() * 32));
    for code in plain_codes(codes) {
        list.push_str("  ");
        list.push_str(&code);
        list.push('\n');
    }
    list
}

/// Shows a recovery set with advice; a person at a terminal says when it is kept, and the screen is cleared.
pub(crate) fn show_codes(context: &Context, codes: &[SingleUseCode]) {
    let text = &context.text;
    let console = &context.console;
    console.say(&text.codes_heading(codes.len()));
    console.say("");
    console.say(&code_list(codes));
    console.say(&text.codes_good_places());
    console.say(&text.codes_bad_places());
    console.say("");
    keep_then_clear(context);
}

/// Waits until a person at a terminal says that the codes are kept, and clears the screen, also when they break off.
pub(crate) fn keep_then_clear(context: &Context) {
    let (console, text) = (&context.console, &context.text);
    if !console.is_interactive() {
        return;
    }
    let held = Held::new();
    loop {
        console.ask(&text.saved_prompt());
        if let Some(signal) = held.as_ref().and_then(|held| held.wait(&std::io::stdin())) {
            console.clear();
            held.into_iter().for_each(|held| held.deliver(signal));
            return;
        }
        let Some(word) = read_line(&std::io::stdin()) else { break };
        let word = String::from_utf8_lossy(word.expose()).trim().to_lowercase();
        if word == text.saved_word() || ["saved", "note"].contains(&word.as_str()) {
            break;
        }
    }
    console.clear();
}

/// Says where the sheet is that has the codes, and what is to become of it.
pub(crate) fn show_sheet(context: &Context, paper: &Sheet, codes: usize) {
    let (text, path) = (&context.text, paper.path());
    context.console.say(&text.sheet_has_codes(codes, &path));
    context.console.say(&text.sheet_delete(&shell_word(&path)));
}

/// Shows a new recovery set, unless it is on a sheet, and then what is on, what is left and whom to call.
pub(crate) fn show_codes_and_end(
    context: &Context,
    account: &Account,
    confirmed: &Confirmed,
    paper: Option<&Sheet>,
) {
    let text = &context.text;
    let user = &account.name.to_string();
    let on = text.mfa_on(user, &local(confirmed.since));
    if context.console.is_interactive() {
        // The key has done its duty; codes and key must not end up on one photograph.
        context.console.clear();
    }
    context.console.say(&good(&on));
    if let Some(paper) = paper {
        show_sheet(context, paper, confirmed.recovery_codes.len());
    } else {
        context.console.say("");
        show_codes(context, &confirmed.recovery_codes);
        if context.console.is_interactive() {
            context.console.say(&good(&on));
        }
    }
    context.console.say(&match context.duty(account) {
        Duty::Concerned => text.each_login(),
        Duty::NotConcerned => text.not_asked_yet(user),
        Duty::Exempt(e) => text.exempt_for_now(user, &e.until.to_string(), &escaped(&e.reason)),
    });
    if paper.is_none() {
        context.console.say(&text.codes_not_again());
    }
    context.console.say(&text.codes_left_now(confirmed.recovery_codes.len(), &shell_word(user)));
    context.console.say(&text.when_stuck(&text.support()));
}
