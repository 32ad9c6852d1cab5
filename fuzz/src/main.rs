//! The program that libFuzzer drives: its target is named in the environment, `FUZZ_TARGET`. Built without it, the same
//! program writes the seeds of all targets below a directory.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wardkey_fuzz::run_named(bytes));

#[cfg(not(fuzzing))]
fn main() -> std::io::Result<()> {
    let Some(dir) = std::env::args_os().nth(1).map(std::path::PathBuf::from) else {
        eprintln!("Name the directory that seeds are written to; to fuzz: make fuzz");
        std::process::exit(2);
    };
    for (target, name, bytes) in wardkey_fuzz::seeds::all() {
        std::fs::create_dir_all(dir.join(target))?;
        std::fs::write(dir.join(target).join(name), bytes)?;
    }
    Ok(())
}
