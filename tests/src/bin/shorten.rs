//! `shorten OUTPUT NAME NTH BYTES (-- COMMAND... | -p PROCESS)`: a run in which the NTH call of that name, of each
//! process, moves BYTES and no more.

fn main() -> std::process::ExitCode {
    wardkey_tests::proof::shorten::main()
}
