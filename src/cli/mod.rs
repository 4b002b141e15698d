//! The command line: arguments to exit code, one file a subcommand.
