use super::*;
use crate::testing::service;
use crate::{Kind, PamResult};

/// The result of a stack whose modules are named after what they answer.
fn result(text: &str) -> PamResult {
    let inner = "auth [success=done default=die] success\nauth required auth_err\n";
    let service = service(text, &[("/etc/pam.d/inner", inner)]);
    let told = |line: &Line| {
        let named = line
            .module_name()
            .and_then(|name| PamResult::ALL.into_iter().find(|result| result.name() == name));
        named.expect("a result")
    };
    let ways = ways(service.stack(Kind::Auth), (), |_, line, ()| vec![(told(line), ())]).expect("few ways");
    ways.first().expect("a way").result
}

#[test]
fn a_stack_ends_as_libpam_ends_it() {
    use PamResult::{AuthErr, CredErr, MaxTries, PermDenied, Success};
    for (text, expected) in [
        ("auth required success\n", Success),
        ("auth required ignore\n", PermDenied),
        ("auth optional auth_err\n", PermDenied),
        ("auth required auth_err\nauth required cred_err\n", AuthErr),
        ("auth requisite maxtries\nauth required success\n", MaxTries),
        ("auth sufficient success\nauth required auth_err\n", Success),
        ("auth required cred_err\nauth sufficient success\nauth required auth_err\n", CredErr),
        ("auth [success=1] success\nauth required auth_err\nauth required success\n", Success),
        ("auth [success=2] success\nauth required success\n", PermDenied),
        ("auth required auth_err\nauth [success=reset] success\nauth required success\n", Success),
        ("auth [success=die] success\n", PermDenied),
        ("auth substack inner\nauth required success\n", Success),
        ("auth substack inner\nauth required auth_err\n", AuthErr),
        ("auth include inner\nauth required auth_err\n", Success),
        ("auth [success=1] success\nauth substack inner\nauth required success\n", Success),
    ] {
        assert_eq!(result(text), expected, "{text}");
    }
}

#[test]
fn the_shortest_way_is_the_witness() {
    let lines = crate::testing::auth("auth optional a\nauth sufficient b\nauth required c\n");
    let either = |_: usize, _: &Line, (): &()| vec![(PamResult::Success, ()), (PamResult::AuthErr, ())];
    let ways = ways(&lines, (), either).expect("few ways");
    let into = ways.iter().find(|way| way.result == PamResult::Success).expect("a way in");
    assert_eq!(into.steps.iter().map(|step| step.line).collect::<Vec<_>>(), [0, 1]);
}
