//! Opens a web or mail address in another program, never through a shell.

use std::io;
#[cfg(unix)]
use std::process::Child;
use std::process::{Command, ExitStatus, Stdio};
#[cfg(unix)]
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

#[cfg(unix)]
use rustix::io::Errno;
#[cfg(unix)]
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use thiserror::Error;
use url::Url;

/// A program that fails later than this was used, and what ails it is its reader's to see.
const TELLING_LIMIT: Duration = Duration::from_secs(30);

/// What stands for the address in the configured words.
const PLACE: &str = "{url}";

/// The parts of a mail that an address may fill in; others, such as `attach`, make some programs
/// send files (RFC 6068 §7).
const MAIL_PARTS: [&str; 6] = ["to", "cc", "bcc", "subject", "body", "in-reply-to"];

/// An address wasn't opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// It is none of the web or of mail.
    #[error("only http, https and mailto addresses are opened")]
    Refused,
    /// The program can't be run.
    #[error("`{program}` can't be run")]
    NoProgram {
        /// The program.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// The program said that it failed.
    #[error("`{program}` failed ({status})")]
    Failed {
        /// The program.
        program: String,
        /// How it ended.
        status: ExitStatus,
    },
}

/// Opens an address and goes on; `failed` hears, on another thread, of a program that fails soon.
///
/// `opener` is the program and its words; `{url}` in a word stands for the address, which else comes
/// last. Without one it is the system's. The program gets no input and its output is dropped; it
/// outlives Gazette, Ctrl-C and the terminal.
pub fn open(
    url: &str,
    opener: Option<&[String]>,
    failed: impl FnOnce(OpenError) + Send + 'static,
) -> Result<(), OpenError> {
    let (program, mut command) = command(url, opener)?;
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn().map_err(|source| OpenError::NoProgram {
        program: program.clone(),
        source,
    })?;
    let begun = Instant::now();
    // Waited for to the end, so that no dead process stays.
    let waiting = thread::Builder::new()
        .name("opener".to_owned())
        .spawn(move || {
            let Ok(status) = child.wait() else { return };
            if !status.success() && begun.elapsed() < TELLING_LIMIT {
                failed(OpenError::Failed { program, status });
            }
        });
    // Without a thread it runs all the same.
    drop(waiting);
    Ok(())
}

/// Another program that has the terminal for a while.
#[cfg(unix)]
#[derive(Clone, Debug, Default)]
pub struct Guest(Arc<Mutex<Option<Child>>>);

#[cfg(unix)]
impl Guest {
    /// Opens an address in a program that needs the terminal, and returns when it ends.
    ///
    /// The keyboard must be paused and the screen left before. `opener` as in [`open`].
    pub fn open(&self, url: &str, opener: Option<&[String]>) -> Result<(), OpenError> {
        let (program, mut command) = command(url, opener)?;
        let failed = |source: io::Error| OpenError::NoProgram {
            program: program.clone(),
            source,
        };
        let child = command.spawn().map_err(failed)?;
        match self.host(child) {
            Ok(Some(status)) if !status.success() => Err(OpenError::Failed { program, status }),
            Ok(_) => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }

    /// Lets a program that was started have the terminal until it ends.
    pub(super) fn host(&self, child: Child) -> io::Result<Option<ExitStatus>> {
        let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        *self.running() = Some(child);
        // Its number stays its own until it is taken out and waited for.
        let ends = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        while let Some(id) = id
            && let Err(Errno::INTR) = waitid(WaitId::Pid(id), ends)
        {}
        let child = self.running().take();
        child.map(|mut child| child.wait()).transpose()
    }

    /// Hands a signal on to the program, if one has the terminal.
    pub fn signal(&self, number: i32) {
        let running = self.running();
        let id = running
            .as_ref()
            .and_then(|child| i32::try_from(child.id()).ok());
        if let Some(id) = id.and_then(Pid::from_raw)
            && let Some(signal) = Signal::from_named_raw(number)
        {
            let _ = kill_process(id, signal);
        }
    }

    /// Ends the program, if one has the terminal.
    pub fn end(&self) {
        if let Some(child) = self.running().as_mut() {
            let _ = child.kill();
        }
    }

    fn running(&self) -> MutexGuard<'_, Option<Child>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the program and the command that opens an address.
fn command(url: &str, opener: Option<&[String]>) -> Result<(String, Command), OpenError> {
    let address = openable(url)?;
    let [program, arguments @ ..] = &words(&address, opener)[..] else {
        return Err(OpenError::Refused);
    };
    let mut command = Command::new(program);
    command.args(arguments);
    Ok((program.clone(), command))
}

/// Returns the address as it is handed over: in its normal form, without a blank or a control.
fn openable(url: &str) -> Result<String, OpenError> {
    let mut url = Url::parse(url).map_err(|_| OpenError::Refused)?;
    match url.scheme() {
        "http" | "https" => {}
        "mailto" => {
            let query = url.query().unwrap_or_default();
            let kept: Vec<_> = query.split('&').filter(|part| is_mail_part(part)).collect();
            let kept = kept.join("&");
            url.set_query(Some(&*kept).filter(|kept| !kept.is_empty()));
            url.set_fragment(None);
        }
        _ => return Err(OpenError::Refused),
    }
    Ok(url.into())
}

fn is_mail_part(part: &str) -> bool {
    let name = part.split('=').next().unwrap_or_default();
    MAIL_PARTS
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}

/// Returns the program and its arguments.
fn words(address: &str, opener: Option<&[String]>) -> Vec<String> {
    let Some([program, words @ ..]) = opener else {
        return system_opener()
            .iter()
            .map(|word| (*word).to_owned())
            .chain([address.to_owned()])
            .collect();
    };
    let mut all = vec![program.clone()];
    all.extend(words.iter().map(|word| word.replace(PLACE, address)));
    if !words.iter().any(|word| word.contains(PLACE)) {
        all.push(address.to_owned());
    }
    all
}

fn system_opener() -> &'static [&'static str] {
    if cfg!(target_os = "macos") {
        &["open"]
    } else if cfg!(windows) {
        // Not `cmd /c start`, which is a shell.
        &["rundll32", "url.dll,FileProtocolHandler"]
    } else {
        &["xdg-open"]
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn only_addresses_of_the_web_and_of_mail_are_opened() {
        let check = |url, expected: Option<&str>| {
            assert_eq!(openable(url).ok().as_deref(), expected, "{url}");
        };
        check("https://gov.uk/a?b=c#d", Some("https://gov.uk/a?b=c#d"));
        check("HTTP://gov.uk", Some("http://gov.uk/"));
        check("mailto:a@gov.uk", Some("mailto:a@gov.uk"));
        check(
            " https://gov.uk/a b\"\n$(c)",
            Some("https://gov.uk/a%20b%22$(c)"),
        );
        for url in [
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:text/html,x",
            "ssh://gov.uk",
            "vbscript:x",
            "--help",
            "/etc/passwd",
            "",
            "gov.uk",
            "https://",
        ] {
            check(url, None);
        }
    }

    #[test]
    fn a_mail_address_attaches_no_file() {
        let check = |url, expected: &str| assert_eq!(openable(url).unwrap(), expected);
        check(
            "mailto:a@b.uk?subject=c%20d&attach=/etc/passwd&Body=e",
            "mailto:a@b.uk?subject=c%20d&Body=e",
        );
        check("mailto:a@b.uk?attachment=x", "mailto:a@b.uk");
        check("mailto:?to=a@b.uk#x", "mailto:?to=a@b.uk");
    }

    #[test]
    fn the_address_is_one_argument() {
        let check = |opener: Option<&[&str]>, expected: &[&str]| {
            let opener: Option<Vec<_>> =
                opener.map(|words| words.iter().map(|word| (*word).to_owned()).collect());
            assert_eq!(words("https://a.uk/", opener.as_deref()), expected);
        };
        check(Some(&["w3m", "{url}"]), &["w3m", "https://a.uk/"]);
        check(Some(&["w3m"]), &["w3m", "https://a.uk/"]);
        check(
            Some(&["a", "--open={url}", "-b"]),
            &["a", "--open=https://a.uk/", "-b"],
        );
        let system = words("https://a.uk/", None);
        assert_eq!(system.last().map(String::as_str), Some("https://a.uk/"));
        assert_eq!(words("https://a.uk/", Some(&[])), system);
    }

    #[cfg(unix)]
    fn shell(line: &str) -> Vec<String> {
        ["sh", "-c", line].map(str::to_owned).to_vec()
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_fails_is_told() {
        let told = |opener: &[String]| {
            let (sender, told) = mpsc::channel();
            let opened = open("https://a.uk", Some(opener), move |error| {
                let _ = sender.send(error.to_string());
            });
            // The sender goes with the thread, whether it tells anything or not.
            opened.map(|()| told.recv().unwrap_or_default())
        };
        assert_eq!(told(&shell("test $0 = https://a.uk/")).unwrap(), "");
        let failed = told(&shell("exit 3")).unwrap();
        assert!(failed.contains("exit status: 3"), "{failed}");
        let absent = told(&["no such program".to_owned()]);
        assert!(matches!(absent, Err(OpenError::NoProgram { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn a_program_in_the_terminal_is_waited_for() {
        let guest = Guest::default();
        let open = |line| guest.open("https://a.uk", Some(&shell(line)));
        assert!(open("test $0 = https://a.uk/").is_ok());
        assert!(matches!(open("exit 3"), Err(OpenError::Failed { .. })));
        assert!(matches!(
            guest.open("file:///a", None),
            Err(OpenError::Refused)
        ));
    }
}
