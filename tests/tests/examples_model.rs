//! The model of PAM stacks, held against libpam itself.

use wardkey_tests::machine::host::Host;
use wardkey_tests::programs::example;
use wardkey_tests::programs::pam::{PamResult, Script};
use wardkey_tests::proof::example_stacks::ANYTHING;
use wardkey_tests::proof::stack::{Kind, Line, RESULTS, every_run, lines};

/// Every module replaced by one that answers what it is told: the model must say what libpam says.
#[test]
fn the_model_agrees_with_libpam() {
    let host = Host::bare();
    let mut dice = fastrand::Rng::with_seed(4);
    for round in 0..150 {
        let name = dice.choice(example::names()).expect("examples");
        let lines = lines(&example::text(&name), Kind::Auth, &example::common).expect("a stack");
        let told: Vec<_> = lines
            .iter()
            .map(|_| if dice.u8(0..4) == 0 { dice.choice(ANYTHING).expect("one") } else { "success" })
            .collect();
        let runs = every_run(&lines, &[], &|_, number| vec![told[number]]);
        let expected = runs.first().expect("a run").result();
        let expected = RESULTS.iter().position(|result| *result == expected).expect("a number");
        let stack = write_puppets(&host, &lines, &told);
        let result = host.pam(&Script::new("puppets", "root")).result();
        let expected = PamResult::from_number(i32::try_from(expected).expect("small"));
        assert_eq!(result, expected, "round {round}: {name}\n{stack}");
    }
}

/// The same lines over `pam_debug`, a substack in a file of its own.
fn write_puppets(host: &Host, lines: &[Line], told: &[&str]) -> String {
    let (mut whole, mut substack) = (String::new(), String::new());
    for (number, (line, told)) in lines.iter().zip(told).enumerate() {
        let puppet = format!("auth {} pam_debug.so auth={told}\n", line.written);
        match line.after_substack {
            None => whole += &puppet,
            Some(_) => substack += &puppet,
        }
        if line.after_substack == Some(number + 1) {
            whole += "auth substack inner\n";
        }
    }
    host.service("puppets", &whole);
    host.service("inner", &substack);
    whole + &substack
}
