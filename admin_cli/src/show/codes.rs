//! Single-use codes on the screen, once, and what holds from now on.

use crate::console::good;
use crate::context::Context;
use crate::input::read_line;
use crate::services;
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

/// Shows a recovery set with advice; `note` says what holds before the person has said that it is kept.
pub(crate) fn show_codes(context: &Context, codes: &[SingleUseCode], note: Option<&str>) {
    let text = &context.text;
    let console = &context.console;
    console.tell(&text.codes_heading(codes.len()));
    console.say("");
    console.say(&code_list(codes));
    console.tell(&text.codes_good_places());
    console.tell(&text.codes_bad_places());
    if let Some(note) = note {
        console.tell(note);
    }
    console.say("");
}

/// Waits until a person at a terminal says that the codes are kept, and clears the screen, also when they break off: then
/// they read how things stand. False if nobody said it and no more can be typed. The signals are held back since before the
/// codes were shown.
pub(crate) fn have_kept(context: &Context, when_left: &str, held: &mut Option<Held>) -> bool {
    let (console, text) = (&context.console, &context.text);
    if !console.is_interactive() {
        return true;
    }
    let question = if console.can_clear() { text.saved_prompt() } else { text.saved_prompt_uncleared() };
    let is_kept = loop {
        console.ask(&question);
        if let Some(signal) = held.as_ref().and_then(|held| held.wait(&std::io::stdin())) {
            console.clear();
            console.tell(when_left);
            held.take().into_iter().for_each(|held| held.deliver(signal));
            return false;
        }
        let Some(word) = read_line(&std::io::stdin()) else { break false };
        let word = String::from_utf8_lossy(word.expose()).trim().to_lowercase();
        if word == text.saved_word() || ["saved", "note"].contains(&word.as_str()) {
            break true;
        }
    };
    console.clear();
    is_kept
}

/// Says where the sheet is that has the codes, and what is to become of it.
pub(crate) fn show_sheet(context: &Context, sheet: &Sheet, codes: usize) {
    let (text, path) = (&context.text, sheet.path());
    context.console.tell(&text.sheet_has_codes(codes, &path));
    context.console.tell(&text.sheet_delete(&shell_word(&path)));
}

/// Shows a new recovery set, unless it is on a sheet, and then what is on, what is left and whom to call.
pub(crate) fn show_codes_and_end(
    context: &Context,
    account: &Account,
    confirmed: &Confirmed,
    sheet: Option<&Sheet>,
) {
    let text = &context.text;
    let user = &account.name.to_string();
    let on = text.mfa_on(user, &local(confirmed.since));
    if context.console.is_interactive() {
        // The key has done its duty; codes and key must not end up on one photograph.
        context.console.clear();
    }
    context.console.say(&good(&on));
    if let Some(sheet) = sheet {
        show_sheet(context, sheet, confirmed.recovery_codes.len());
    } else {
        let mut held = Held::at_a_terminal(&context.console);
        context.console.say("");
        show_codes(context, &confirmed.recovery_codes, None);
        have_kept(context, &text.on_without_codes(user, &shell_word(user)), &mut held);
        if context.console.is_interactive() {
            context.console.say(&good(&on));
        }
    }
    context.console.tell(&match context.duty(account) {
        Duty::Concerned => match services::that_ask() {
            Some(services) if services.is_empty() => text.no_login_yet(),
            Some(services) => text.each_login(&services.join(", ")),
            None => String::new(),
        },
        Duty::NotConcerned => text.not_asked_yet(user),
        Duty::Exempt(e) => text.exempt_for_now(user, &e.until.to_string(), &escaped(&e.reason)),
    });
    if sheet.is_none() {
        context.console.tell(&text.codes_not_again());
    }
    context.console.tell(&text.codes_left_now(confirmed.recovery_codes.len(), &shell_word(user)));
    context.console.tell(&text.when_stuck(&text.support()));
}
