//! `gazette config`, and configurations that are wrong.

use crate::support::env::TestEnv;

#[test]
fn a_wrong_configuration_is_named_by_file_line_column_and_key() {
    let env = TestEnv::new();
    env.configure("[general]\nrefresh_minuts = 5\n");
    for command in [&["list"][..], &["config", "check"]] {
        let ran = env.run(command);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
        let place = format!("{}:2:1", env.path("config.toml").display());
        assert!(
            ran.err.starts_with("error: ") && ran.err.contains(&place),
            "{}",
            ran.err
        );
        assert!(
            ran.err.contains("`refresh_minuts`") && ran.err.contains("`refresh_minutes`"),
            "{}",
            ran.err
        );
    }
}

#[test]
fn a_file_that_is_named_must_exist() {
    let env = TestEnv::new();
    let ran = env.run(&["list"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("config.toml"), "{}", ran.err);
    assert_eq!(env.run(&["--config", "other.toml", "list"]).code, Some(2));
}

#[test]
fn without_a_file_the_built_in_feeds_apply() {
    let env = TestEnv::new();
    let mut command = env.command(&["feeds", "list", "--format", "json"]);
    let ran = crate::support::env::finish(command.env_remove("GAZETTE_CONFIG"));
    assert_eq!((ran.code, ran.out.lines().count()), (Some(0), 17));
}

#[test]
fn init_writes_the_example_once_and_check_finds_it_right() {
    let env = TestEnv::new();
    let path = env.path("config.toml");
    assert_eq!(
        env.run(&["config", "path"]).out,
        format!("{}\n", path.display())
    );
    assert_eq!(env.run(&["config", "init"]).code, Some(0));
    let written = std::fs::read(&path).expect("the example is there");
    let check = env.run(&["config", "check"]);
    assert_eq!(check.code, Some(0));
    assert!(check.out.contains("7 sections, 17 feeds"), "{}", check.out);
    let again = env.run(&["config", "init"]);
    assert_eq!(again.code, Some(1));
    assert!(again.err.starts_with("error: "), "{}", again.err);
    assert_eq!(std::fs::read(&path).expect("it is still there"), written);
}

#[test]
fn wrong_keys_are_named_by_line_and_the_nearest_command() {
    let check = |line: &str, expected: &str| {
        let env = TestEnv::new();
        env.configure(&format!("[keys]\n{line}\n"));
        for command in [&["list"][..], &["config", "check"], &[]] {
            let ran = env.run(command);
            assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
            let place = format!("{}:2:1: ", env.path("config.toml").display());
            let told = format!("error: {place}{expected}\n");
            assert_eq!(ran.err, told);
        }
    };
    check(
        "next-unred = [\"e\"]",
        "unknown key `next-unred` in [keys]\n  hint: did you mean `next-unread`?",
    );
    check(
        "star = [\"Hyper-s\"]",
        "`star` in [keys]: expected keys such as `n`, `Ctrl-d`, `PageDown` or `f u`, found `Hyper-s`",
    );
    // Whichever of the two stands in the file is named.
    check(
        "star = [\"j\"]",
        "`down` and `star` in [keys] are both on the key `j`\n  hint: give one of them another key",
    );
    check(
        "down = [\"s\"]",
        "`star` and `down` in [keys] are both on the key `s`\n  hint: give one of them another key",
    );
}
