//! The command `blackstart`.

fn main() -> std::process::ExitCode {
    blackstart::cli::main()
}
