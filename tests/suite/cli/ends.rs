//! How the program ends: wrong use, help, pipes that nobody reads.

use std::process::Stdio;

use crate::support::env::{TestEnv, finish};
use crate::support::samples::{item, rss};

#[track_caller]
fn check_wrong(arguments: &[&str], err: &str) {
    let ran = TestEnv::new().run(arguments);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert_eq!(ran.err, err);
}

#[test]
fn wrong_use_is_told_in_the_programs_own_form() {
    check_wrong(
        &["list", "--sections", "x"],
        "error: unexpected argument '--sections' found\n  hint: a similar argument exists: '--section'\n",
    );
    check_wrong(
        &["show"],
        "error: the following required arguments were not provided: <ID>\n  hint: `--help` shows what there is\n",
    );
    check_wrong(
        &["list", "--\u{202e}x"],
        "error: unexpected argument '--x' found\n  hint: `--help` shows what there is\n",
    );
}

#[test]
fn every_command_has_help_with_an_example_and_a_version() {
    for command in [
        &["demo"][..],
        &["refresh"],
        &["list"],
        &["show"],
        &["search"],
        &["mark"],
        &["doctor"],
        &["feeds"],
        &["feeds", "list"],
        &["config"],
        &["config", "path"],
        &["config", "check"],
        &["config", "init"],
        &[],
    ] {
        let env = TestEnv::new();
        let help = env.run(&[command, &["--help"]].concat());
        assert_eq!(help.code, Some(0));
        assert!(
            help.out.contains("Example") && help.out.contains("gazette "),
            "{}",
            help.out
        );
        let version = env.run(&[command, &["--version"]].concat());
        assert_eq!(version.code, Some(0), "{}", version.err);
        assert!(
            version.out.contains(env!("CARGO_PKG_VERSION")),
            "{}",
            version.out
        );
    }
}

#[test]
fn a_pipe_that_nobody_reads_is_a_quiet_end_whatever_else_happened() {
    let env = TestEnv::with_feed_file(&rss(&item("a", "A", "x")));
    for arguments in [
        &["show", "99"][..],
        &["mark", "read", "1", "99"],
        &["list", "--since", "soon"],
    ] {
        // Closed before the program starts: a quick program would otherwise be heard.
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let mut child = env
            .command(arguments)
            .stdout(Stdio::null())
            .stderr(writer)
            .spawn()
            .expect("the program starts");
        assert_eq!(
            child.wait().expect("it ends").code(),
            Some(0),
            "{arguments:?}"
        );
    }
}

#[test]
fn colour_obeys_the_option_then_the_environment() {
    let env = TestEnv::with_feed_file(&rss(&item("a", "A", "x")));
    env.run(&["mark", "unread", "1"]);
    let coloured = |arguments: &[&str], variable: (&str, &str)| {
        let mut command = env.command(&[arguments, &["list"]].concat());
        let ran = crate::support::env::finish(command.env(variable.0, variable.1));
        ran.out.contains('\u{1b}')
    };
    assert!(!coloured(&[], ("NOTHING", "1")));
    assert!(coloured(&[], ("CLICOLOR_FORCE", "1")));
    assert!(coloured(&["--color", "always"], ("NO_COLOR", "1")));
    assert!(!coloured(&["--color", "never"], ("CLICOLOR_FORCE", "1")));
}

#[cfg(unix)]
#[test]
fn the_data_folder_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let env = TestEnv::with_feed_file(&rss(""));
    let mode = std::fs::metadata(env.path("data"))
        .expect("it is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn without_a_terminal_the_screen_says_that_it_needs_one() {
    let env = TestEnv::with_feed_file(&rss(&item("a", "A", "x")));
    for arguments in [&[][..], &["demo"]] {
        // Nor does it make samples for a screen that it can't show: here it could not.
        let mut command = env.command(arguments);
        let ran = finish(command.env("TMPDIR", env.path("no such folder")));
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
        assert!(
            ran.err
                .starts_with("error: gazette needs a terminal\n  hint: `gazette list`"),
            "{}",
            ran.err
        );
    }
}
