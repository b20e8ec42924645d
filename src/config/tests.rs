//! What a wrong configuration is told, and what a right one means.

use super::*;

fn load(explicit: Option<&Path>, default: &Path) -> Result<Loaded, ConfigError> {
    super::load(explicit, default, |_| Ok(()))
}

/// Parses `text` as `gazette.toml` and compares all that is told, one line a fault.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let told: Vec<String> = match parse(text, Path::new("gazette.toml")) {
        Ok(_) => Vec::new(),
        Err(error) => error
            .problems()
            .iter()
            .map(|problem| match &problem.hint {
                Some(hint) => format!("{} ({hint})", problem.what),
                None => problem.what.to_string(),
            })
            .collect(),
    };
    assert_eq!(told, expected);
}

/// Parses a text that is right.
#[track_caller]
fn config(text: &str) -> Config {
    match parse(text, Path::new("gazette.toml")) {
        Ok(config) => config,
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn an_unknown_key_suggests_the_nearest() {
    check(
        "[general]\nrefresh_minuts = 5\n",
        &[
            "gazette.toml:2:1: unknown key `refresh_minuts` in [general] (did you mean `refresh_minutes`?)",
        ],
    );
    check(
        "[nework]\ntimeout_seconds = 5\n",
        &["gazette.toml:1:2: unknown key `nework` (did you mean `network`?)"],
    );
    check(
        "[[sections]]\nname = \"A\"\n  [[sections.feeds]]\n  url = \"http://a/\"\n  ful_text = true\n",
        &[
            "gazette.toml:5:3: unknown key `ful_text` in [[sections.feeds]] (did you mean `full_text`?)",
        ],
    );
    check(
        "general = { keep_day = 1 }\n",
        &["gazette.toml:1:13: unknown key `keep_day` in [general] (did you mean `keep_days`?)"],
    );
}

#[test]
fn a_missing_key_is_told_at_its_table() {
    check(
        "[[sections]]\nname = \"A\"\n\n  [[sections.feeds]]\n  title = \"No address\"\n",
        &["gazette.toml:4:3: missing key `url` in [[sections.feeds]]"],
    );
    check(
        "[[comments.accounts]]\nsite = 'https://a.example/'\nusername = 'a'\n",
        &[
            "gazette.toml:1:1: missing key `password_command` or `password_file` in [[comments.accounts]]",
        ],
    );
    check(
        "\n[[sections]]\nfeeds = [{ title = \"x\" }]\n[[mute]]\n",
        &[
            "gazette.toml:2:1: missing key `name` in [[sections]]",
            "gazette.toml:3:10: missing key `url` in [[sections.feeds]]",
            "gazette.toml:4:1: missing key `query` in [[mute]]",
        ],
    );
}

#[test]
fn a_wrong_value_is_told_with_what_was_expected() {
    check(
        "[general]\nrefresh_minutes = \"sixty\"\nkeep_days = -1\n",
        &[
            "gazette.toml:2:19: `refresh_minutes` in [general]: expected a whole number from 1 to 527040, found `\"sixty\"`",
            "gazette.toml:3:13: `keep_days` in [general]: expected a whole number from 0 to 36500, found `-1`",
        ],
    );
    check(
        "[ui]\nmouse = \"yes\"\ntext_width = 39\n",
        &[
            "gazette.toml:2:9: `mouse` in [ui]: expected `true` or `false`, found `\"yes\"`",
            "gazette.toml:3:14: `text_width` in [ui]: expected a whole number from 40 to 100, found `39`",
        ],
    );
    check(
        "[network]\nconnections = 99999999999999999999\nmax_body_bytes = 1.5\n",
        &[
            "gazette.toml:2:15: `connections` in [network]: expected a whole number from 1 to 1024, found `99999999999999999999`",
            "gazette.toml:3:18: `max_body_bytes` in [network]: expected a whole number from 1 to 1073741824, found `1.5`",
        ],
    );
    check(
        "[ui]\nopener = \"xdg-open\"\n[keys]\nnext = [1]\n",
        &[
            "gazette.toml:2:10: `opener` in [ui]: expected a program and its arguments as a list of texts, found `\"xdg-open\"`",
            "gazette.toml:4:8: `next` in [keys]: expected a list of texts that are not blank, found `[1]`",
        ],
    );
    check(
        "sections = 5\ngeneral = [1]\nmute = [2]\n",
        &[
            "gazette.toml:1:12: `sections`: expected tables [[sections]], found `5`",
            "gazette.toml:2:11: `general`: expected a table [general], found `[1]`",
            "gazette.toml:3:9: `mute`: expected tables [[mute]], found `2`",
        ],
    );
}

#[test]
fn a_wrong_word_is_told_with_the_right_ones() {
    check(
        "[general]\nprefetch_full_text = \"summary\"\n",
        &[
            "gazette.toml:2:22: `prefetch_full_text` in [general]: expected one of `never`, `summary-only`, `always`, found `\"summary\"` (did you mean `summary-only`?)",
        ],
    );
    check(
        "[ui]\ntheme = true\n",
        &[
            "gazette.toml:2:9: `theme` in [ui]: expected one of `auto`, `dark`, `light`, `terminal`, `mono`, found `true`",
        ],
    );
}

#[test]
fn an_address_needs_a_scheme_that_a_feed_can_have() {
    for wrong in [
        "ftp://a/",
        "www.example.org/feed",
        "http://",
        "javascript:alert(1)",
    ] {
        check(
            &format!("[[sections]]\nname = \"A\"\nfeeds = [{{ url = \"{wrong}\" }}]\n"),
            &[&format!(
                "gazette.toml:3:18: `url` in [[sections.feeds]]: expected an address that begins with `http:`, `https:` or `file:`, found `\"{wrong}\"`"
            )],
        );
    }
}

#[test]
fn what_is_no_toml_is_told_in_the_parsers_words() {
    check(
        "[general\nkeep_days = 1\n",
        &["gazette.toml:1:9: unclosed table, expected `]`"],
    );
    check(
        "[general]\nkeep_days = \n",
        &["gazette.toml:2:13: string values must be quoted, expected literal string"],
    );
    check(
        "[general]\nkeep_days = 1\nkeep_days = 2\n",
        &["gazette.toml:3:1: duplicate key: `keep_days`"],
    );
    check(
        "[ui]\ntheme = \"dark\n",
        &["gazette.toml:2:14: invalid basic string, expected `\"`"],
    );
    check(
        "[ui]\ntheme = dark\n",
        &["gazette.toml:2:9: string values must be quoted, expected literal string: `dark`"],
    );
    check(
        "[[sections]]\nname = 'A'\n[sections.feeds]\nurl = 'http://a/'",
        &[
            "gazette.toml:3:1: `feeds` in [[sections]]: expected tables [[sections.feeds]], found `[sections.feeds]`",
        ],
    );
}

#[test]
fn columns_count_characters_and_a_byte_order_mark_none() {
    check(
        "\u{feff}general = { \"größe\" = 1, nope = 2 }\r\n[ui]\r\nmouse = 1",
        &[
            "gazette.toml:1:13: unknown key `größe` in [general] (the nearest key is `refresh`; all are `refresh_minutes`, `keep_days`, `prefetch_full_text`, `refresh`)",
            "gazette.toml:1:26: unknown key `nope` in [general] (the nearest key is `prefetch_full_text`; all are `refresh_minutes`, `keep_days`, `prefetch_full_text`, `refresh`)",
            "gazette.toml:3:9: `mouse` in [ui]: expected `true` or `false`, found `1`",
        ],
    );
}

#[test]
fn what_the_file_says_cannot_act_on_a_terminal() {
    check(
        "\"\\u001b[31mred\" = 1\n",
        &[
            "gazette.toml:1:1: unknown key `red` (the nearest key is `comments`; all are `general`, `network`, `ui`, `keys`, `mute`, `comments`, `sections`)",
        ],
    );
    check(
        "[ui]\ntheme = \"\u{202e}dark\"\n",
        &[
            "gazette.toml:2:9: `theme` in [ui]: expected one of `auto`, `dark`, `light`, `terminal`, `mono`, found `\"dark\"` (did you mean `dark`?)",
        ],
    );
    check(
        "[ui]\ntheme = \"\u{1b}[2J\"\n",
        &[
            "gazette.toml:2:10: invalid basic string, expected non-double-quote visible characters, `\\`",
        ],
    );
}

#[test]
fn a_name_cannot_begin_a_line_of_its_own() {
    check(
        "\"colour\\n  hint: rm -rf\" = 1\n",
        &[
            "gazette.toml:1:1: unknown key `colour   hint: rm -rf` (the nearest key is `ui`; all are `general`, `network`, `ui`, `keys`, `mute`, `comments`, `sections`)",
        ],
    );
}

#[test]
fn deep_nesting_is_an_error_like_any_other() {
    for deep in ["a.", "[", "a={"] {
        let text = format!("{}a = 1", deep.repeat(100_000));
        assert!(parse(&text, Path::new("gazette.toml")).is_err());
    }
    let text = format!("a = {}", "[".repeat(100_000));
    assert!(parse(&text, Path::new("gazette.toml")).is_err());
    let text = format!("[{}a]", "a.".repeat(100_000));
    assert!(parse(&text, Path::new("gazette.toml")).is_err());
}

#[test]
fn a_section_has_a_name_of_its_own() {
    check(
        "[[sections]]\nname = 'A'\n[[sections]]\nname = 'B'\n[[sections]]\nname = 'A'\n",
        &[
            "gazette.toml:6:8: `name` in [[sections]]: the section of line 2 is called `A` too (put the feeds of both under one of them)",
        ],
    );
    check(
        "[[sections]]\nname = ' '\n",
        &[
            "gazette.toml:2:8: `name` in [[sections]]: expected a text that is not blank, found `' '`",
        ],
    );
}

#[test]
fn a_section_lists_a_feed_once() {
    check(
        "[[sections]]\nname = 'A'\n[[sections.feeds]]\nurl = 'http://a'\n[[sections.feeds]]\nurl = 'HTTP://a:80/'\n",
        &[
            "gazette.toml:6:7: `url` in [[sections.feeds]]: this section lists `HTTP://a:80/` already, in line 4 (take one of the two out)",
        ],
    );
}

#[test]
fn a_header_takes_printable_ascii_and_a_proxy_an_address() {
    check(
        "[network]\nuser_agent = \"a\\r\\nX: y\"\nproxy = 'proxy:3128'\n",
        &[
            "gazette.toml:2:14: `user_agent` in [network]: expected a text of printable ASCII characters, found `\"a\\r\\nX: y\"`",
            "gazette.toml:3:9: `proxy` in [network]: expected an address such as `http://proxy:3128`, found `'proxy:3128'`",
        ],
    );
    let network = config(
        "[network]\nuser_agent = 'me/1 (+https://e.org)'\nproxy = 'socks5h://127.0.0.1:9050'\n",
    )
    .network;
    assert_eq!(network.user_agent.as_deref(), Some("me/1 (+https://e.org)"));
    assert_eq!(network.proxy.as_deref(), Some("socks5h://127.0.0.1:9050"));
}

#[test]
fn a_file_without_sections_keeps_the_built_in_ones() {
    let themed = config("[ui]\ntheme = \"dark\"\n");
    assert_eq!(themed.ui.theme, Theme::Dark);
    assert_eq!(themed.sections, Config::default().sections);
    assert_eq!(config("").sections.len(), 7);
    assert_eq!(config("sections = []\n").sections, Vec::new());
}

#[test]
fn every_key_is_read() {
    let all = config(
        r#"
        [general]
        refresh_minutes = 15
        keep_days = 0
        prefetch_full_text = "always"
        refresh = "manual"
        [network]
        timeout_seconds = 5
        connect_timeout_seconds = 2
        max_body_bytes = 0x1000
        connections = 8
        connections_per_host = 1
        allow_private_hosts = false
        [ui]
        theme = "mono"
        symbols = "ascii"
        text_width = 100
        mark_read = "end"
        mouse = true
        plain = true
        opener = ["w3m", "{url}"]
        opener_terminal = true
        [keys]
        next-unread = ["n", "y f"]
        [[mute]]
        query = 'title:"travel advice"'
        [comments]
        name = "A. Reader"
        email = "a@example.org"
        [[comments.accounts]]
        site = "https://blog.example.org/"
        username = "reader"
        password_command = ["pass", "show", "blog"]
        [[comments.accounts]]
        site = "http://127.0.0.1:8901"
        username = "editor"
        password_file = "secret"
        [[sections]]
        name = "One"
        [[sections.feeds]]
        url = "https://example.org/feed"
        title = "Example"
        short = "Ex"
        refresh_minutes = 120
        tags = ["digital"]
        full_text = true
        username = "me"
        password_command = ["pass", "show", "x"]
        "#,
    );
    let word = |text: &str| text.to_owned();
    let expected = Config {
        general: General {
            refresh_minutes: 15,
            keep_days: 0,
            prefetch_full_text: Prefetch::Always,
            refresh: RefreshMode::Manual,
        },
        network: Network {
            timeout_seconds: 5,
            connect_timeout_seconds: 2,
            max_body_bytes: 4096,
            connections: 8,
            connections_per_host: 1,
            user_agent: None,
            proxy: None,
            ca_file: None,
            allow_private_hosts: false,
        },
        ui: Ui {
            theme: Theme::Mono,
            symbols: Symbols::Ascii,
            text_width: 100,
            mark_read: MarkRead::End,
            mouse: true,
            plain: true,
            opener: Some(vec![word("w3m"), word("{url}")]),
            opener_terminal: true,
        },
        keys: [(word("next-unread"), vec![word("n"), word("y f")])].into(),
        mute: vec![Mute {
            query: word("title:\"travel advice\""),
        }],
        comments: Comments {
            name: Some(word("A. Reader")),
            email: Some(word("a@example.org")),
            accounts: vec![
                CommentAccount {
                    site: word("https://blog.example.org/"),
                    username: word("reader"),
                    password_command: Some(vec![word("pass"), word("show"), word("blog")]),
                    password_file: None,
                },
                CommentAccount {
                    site: word("http://127.0.0.1:8901"),
                    username: word("editor"),
                    password_command: None,
                    password_file: Some(PathBuf::from("secret")),
                },
            ],
        },
        sections: vec![Section {
            name: word("One"),
            feeds: vec![ConfiguredFeed {
                url: word("https://example.org/feed"),
                title: Some(word("Example")),
                short: Some(word("Ex")),
                refresh_minutes: Some(120),
                tags: vec![word("digital")],
                full_text: Some(true),
                username: Some(word("me")),
                password_command: Some(vec![word("pass"), word("show"), word("x")]),
            }],
        }],
    };
    assert_eq!(all, expected);
}

/// Two sections that share a feed, written in two ways.
const SHARED: &str = "
[[sections]]
name = 'News'
feeds = [{ url = 'https://a.example/feed', title = 'First' }, { url = 'https://b.example/' }]
[[sections]]
name = 'More news'
feeds = [{ url = 'https://A.example:443/feed', title = 'Second' }, { url = 'file:///tmp/c.xml' }]
";

#[test]
fn a_feed_of_two_sections_is_one_feed() {
    let shared = config(SHARED);
    let feeds: Vec<_> = shared
        .feeds()
        .into_iter()
        .map(|(section, feed)| (section.name.as_str(), feed.url.as_str()))
        .collect();
    assert_eq!(
        feeds,
        [
            ("News", "https://a.example/feed"),
            ("News", "https://b.example/"),
            ("More news", "file:///tmp/c.xml"),
        ]
    );
    assert_eq!(shared.sections[1].feeds[0].url, "https://a.example/feed");
}

#[test]
fn a_section_is_found_by_its_name_in_any_case() {
    let shared = config(SHARED);
    let name = |asked: &str| match shared.section(asked) {
        Ok(section) => section.name.clone(),
        Err(unknown) => format!(
            "{} / {:?}",
            unknown,
            unknown.problem().hint.unwrap().as_str()
        ),
    };
    assert_eq!(name("News"), "News");
    assert_eq!(name("mORE nEWS"), "More news");
    assert_eq!(
        name("Mor news"),
        "no section `Mor news` / \"did you mean `More news`?\""
    );
}

#[test]
fn a_feed_is_found_by_any_way_to_write_its_address() {
    let shared = config(SHARED);
    let title = |asked: &str| match shared.feed(asked) {
        Ok((section, feed)) => format!(
            "{}: {}",
            section.name,
            feed.title.clone().unwrap_or_default()
        ),
        Err(unknown) => format!(
            "{} / {:?}",
            unknown,
            unknown.problem().hint.unwrap().as_str()
        ),
    };
    assert_eq!(title("https://a.example/feed"), "News: First");
    assert_eq!(title("HTTPS://a.example:443/feed"), "News: First");
    assert_eq!(
        title("https://a.example/fed"),
        "no section lists the feed `https://a.example/fed` / \"did you mean `https://a.example/feed`?\""
    );
}

mod files {
    use super::*;

    #[test]
    fn without_a_file_the_defaults_apply_unless_it_was_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let absent = folder.path().join("config.toml");
        let loaded = load(None, &absent).unwrap();
        assert_eq!(loaded.origin, Origin::BuiltIn);
        assert_eq!(loaded.config, Config::default());
        let problem = load(Some(&absent), &absent).unwrap_err().problem();
        assert_eq!(
            problem.what.as_str(),
            format!("no configuration file `{}`", absent.display())
        );
        assert_eq!(problem.exit.code(), 2);
    }

    #[test]
    fn a_file_that_is_there_counts() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        std::fs::write(&file, "[general]\nkeep_days = 3\n").unwrap();
        let loaded = load(None, &file).unwrap();
        assert_eq!(loaded.config.general.keep_days, 3);
        assert_eq!(loaded.origin, Origin::File(file));
    }

    #[test]
    fn a_folder_and_other_bytes_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let problem = load(None, folder.path()).unwrap_err().problem();
        assert!(problem.what.as_str().contains("can't be read"));
        assert_eq!(problem.causes.len(), 1);
        let file = folder.path().join("config.toml");
        std::fs::write(&file, b"[ui]\n# caf\xe9\n").unwrap();
        let problem = load(None, &file).unwrap_err().problem();
        assert_eq!(
            problem.what.as_str(),
            format!("{}:2:6: expected UTF-8, found other bytes", file.display())
        );
    }

    #[test]
    fn a_file_of_certificates_is_found_from_the_configurations_folder() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        std::fs::write(&file, "[network]\nca_file = \"our-ca.pem\"\n").unwrap();
        let problem = load(None, &file).unwrap_err().problem();
        assert_eq!(
            problem.what.as_str(),
            format!(
                "{}:2:11: `ca_file` in [network]: expected a file that exists, found `\"our-ca.pem\"`",
                file.display()
            )
        );
        let certificates = folder.path().join("our-ca.pem");
        std::fs::write(&certificates, "").unwrap();
        assert_eq!(
            load(None, &file).unwrap().config.network.ca_file,
            Some(certificates)
        );
    }
}

#[test]
fn who_knows_the_commands_has_the_last_word_on_keys() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    fs::write(&file, "[keys]\nup = [\"k\"]\ndwon = [\"j\"]\n").unwrap();
    let checked = super::load(None, &file, |keys| {
        let known = vec!["up", "down"];
        let unknown = keys.keys().find(|name| !known.contains(&name.as_str()));
        unknown.map_or(Ok(()), |name| {
            Err((name.clone(), Wrong::UnknownKey { known }))
        })
    });
    let problem = checked.unwrap_err().problem();
    let what = problem.what.to_string();
    assert!(
        what.ends_with(":3:1: unknown key `dwon` in [keys]"),
        "{what}"
    );
    assert_eq!(problem.hint.unwrap().as_str(), "did you mean `down`?");
}
