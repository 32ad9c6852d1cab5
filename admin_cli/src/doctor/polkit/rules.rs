//! polkit's rules, which are programs in JavaScript. They are not run: found is a yes whose conditions can be read, and of all
//! others nothing is said.

use super::{LineYes, ROOTS, Whom};

/// What a rule returns to let people in.
const YES: [&str; 3] = ["polkit.Result.YES", "\"yes\"", "'yes'"];

/// Calls whose answers are not known here.
const BEYOND: [&str; 3] = [".lookup(", "polkit.spawn", "action["];

/// Each yes to becoming root: its line, whom it means, and to what; none: everything.
pub(super) fn yeses(text: &str) -> Vec<LineYes> {
    let code = without_comments(text);
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = code.get(from..).and_then(|rest| rest.find("polkit.addRule")) {
        let start = from + at;
        let end = end_of_call(&code, start);
        let rule = code.get(start..end).unwrap_or_default();
        for (offset, conditions) in returns(rule) {
            let before = code.get(..start + offset).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            found.extend(judge(rule, &conditions).map(|(whom, action)| (line, whom, action)));
        }
        from = end.max(start + 1);
    }
    found
}

/// Comments as blanks, so that every line keeps its number. What looks like one in a text of the rule stays.
fn without_comments(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut quote = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (quote, c, chars.peek()) {
            (Some(_), '\\', _) => {
                code.push(c);
                code.extend(chars.next());
                continue;
            }
            (Some(open), _, _) if c == open => quote = None,
            (None, '"' | '\'', _) => quote = Some(c),
            (None, '/', Some('/')) => {
                while chars.next_if(|next| *next != '\n').is_some() {}
                continue;
            }
            (None, '/', Some('*')) => {
                let mut last = ' ';
                for next in chars.by_ref().skip(1) {
                    if next == '\n' {
                        code.push(next);
                    }
                    if last == '*' && next == '/' {
                        break;
                    }
                    last = next;
                }
                continue;
            }
            _ => {}
        }
        code.push(c);
    }
    code
}

/// Where the bracket that opens behind `start` closes.
fn end_of_call(code: &str, start: usize) -> usize {
    let (mut depth, mut quote) = (0_usize, None);
    for (at, c) in code.char_indices().filter(|(at, _)| *at >= start) {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    code.len()
}

/// Each `return` of a yes, with the conditions around it and before it in the same statement.
fn returns(rule: &str) -> Vec<(usize, Vec<String>)> {
    let (mut found, mut around, mut statement, mut quote) = (Vec::new(), Vec::new(), String::new(), None);
    for (at, c) in rule.char_indices() {
        if quote == Some(c) {
            quote = None;
        } else if quote.is_none() && (c == '"' || c == '\'') {
            quote = Some(c);
        }
        if quote.is_some() || !matches!(c, '{' | '}' | ';') {
            statement.push(c);
            continue;
        }
        if let Some((_, value)) = statement.rsplit_once("return")
            && YES.contains(&value.trim())
        {
            let conditions: Vec<String> = around.iter().cloned().chain([statement.clone()]).collect();
            found.push((at, conditions));
        }
        match c {
            '{' => around.push(statement.trim().to_owned()),
            '}' => drop(around.pop()),
            _ => {}
        }
        statement.clear();
    }
    found
}

/// Whom a yes under these conditions means, and to what; `None`: not to becoming root, or not to be told.
fn judge(rule: &str, conditions: &[String]) -> Option<(Vec<Whom>, Option<&'static str>)> {
    // What `else` means, what a detail of the action leaves, and what another function says cannot be read here.
    let is_else = |part: &String| part.split_whitespace().next() == Some("else");
    let is_beyond = |word: &&str| rule.contains(*word);
    let has_our_names = rule.split_whitespace().collect::<String>().contains("(action,subject)");
    if !has_our_names || conditions.iter().any(is_else) || BEYOND.iter().any(is_beyond) {
        return None;
    }
    let conditions = conditions.join(" ");
    let action = if rule.contains("action.") { Some(becoming_root(&conditions)?) } else { None };
    Some((whom(rule, &conditions)?, action))
}

/// The action of [`ROOTS`] that the conditions name, or of which they name the beginning.
fn becoming_root(conditions: &str) -> Option<&'static str> {
    let is_turned_round = conditions.contains("!action.") || conditions.contains("!(action.");
    let literals = literals(conditions);
    let named = literals.iter().filter(|(before, _)| !before.ends_with("!=") && !before.ends_with("!=="));
    ROOTS.into_iter().filter(|_| !is_turned_round).find(|root| {
        named.clone().any(|(before, text)| {
            let is_equal = before.ends_with("==") && text == root;
            let is_begun = ["indexOf(", "startsWith("].iter().any(|call| before.ends_with(call));
            is_equal || (is_begun && root.starts_with(text.as_str()) && !text.is_empty())
        })
    })
}

/// Whom the conditions name; `None` where that cannot be told, as another part of the rule names somebody.
fn whom(rule: &str, conditions: &str) -> Option<Vec<Whom>> {
    let is_turned_round = ["!subject.", "!(subject."].iter().any(|sign| conditions.contains(sign));
    let mut found = Vec::new();
    for (before, text) in literals(conditions) {
        if before.ends_with("isInGroup(") {
            found.push(Whom::Group(text));
        } else if before.ends_with("subject.user==") || before.ends_with("subject.user===") {
            found.push(Whom::User(text));
        }
    }
    let names_somebody = ["subject.user", "isInGroup", "isInNetGroup"].iter().any(|word| rule.contains(word));
    match (found.is_empty(), names_somebody) {
        (false, _) => (!is_turned_round).then_some(found),
        (true, false) => Some(vec![Whom::All]),
        (true, true) => None,
    }
}

/// Each text in quotes, with what stands before it without blanks.
fn literals(code: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find(['"', '\'']) {
        let (before, from) = rest.split_at(at);
        let Some(quote) = from.chars().next() else { break };
        let from = from.get(1..).unwrap_or_default();
        let Some(end) = from.find(quote) else { break };
        let before: String = before.chars().filter(|c| !c.is_whitespace()).collect();
        found.push((before, from.get(..end).unwrap_or_default().to_owned()));
        rest = from.get(end + 1..).unwrap_or_default();
    }
    found
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
