//! What a login is like, and what to do without the phone: for both pages.

use super::html::Html;
use crate::context::Context;

/// Adds it; codes of the authenticator have so many digits.
pub(super) fn add_login(context: &Context, html: &mut Html, digits: u32) {
    let text = &context.text;
    let support = text.support();
    html.element("h2", &text.sheet_login_heading());
    html.element("p", &text.sheet_login(digits));
    html.element("p", &text.sheet_rejected());
    html.element("h2", &text.sheet_lost_heading());
    html.element("p", &text.sheet_not_at_hand());
    html.element("p", &text.sheet_lost_phone(&support));
    html.element("p", &text.sheet_nothing_left(&support));
}
