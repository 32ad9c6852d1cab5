//! What `doctor` costs: it is run after each change of a PAM file.

use wardkey_tests::machine::host::Host;
use wardkey_tests::programs::example;

/// Files opened for one service more: its own, those it includes and `other`, by both of libpam's readers, twice.
const MOST_FILES: usize = 60;

/// How many files it opens where so many services ask for a code.
fn opened(host: &Host, services: usize) -> usize {
    for number in 0..services {
        let like = ["login", "sshd", "su", "sudo", "gdm-password"][number % 5];
        host.service(&format!("service{number}"), &example::text(like));
    }
    let wardkey = host.built("wardkey");
    let trace = format!("strace -f -qq -e trace=openat -o /run/trace {} doctor", wardkey.display());
    let told = host.shell(&trace).stdout;
    assert!(told.contains("Found: "), "{told}");
    host.must("wc -l < /run/trace").trim().parse().expect("a number")
}

#[test]
fn a_service_more_costs_no_more_than_its_own_files() {
    let host = Host::new();
    example::COMMON.iter().for_each(|(name, text)| host.service(name, text));
    let (few, sixty) = (opened(&host, 10), opened(&host, 60));
    assert!(sixty - few <= 50 * MOST_FILES, "{few} files for ten services, {sixty} for sixty");
}
