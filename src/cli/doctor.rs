//! `gazette doctor`.

use std::io::IsTerminal;
use std::path::Path;

use serde::Serialize;

use crate::config::Loaded;
use crate::model::error::{Exit, Problem};
use crate::model::text::SafeText;
use crate::platform::{Charset, Depth, Paths, TerminalFacts, Within};
use crate::services::Parts;
use crate::services::doctor::{self, Area, Care, Finding, State};

use super::out::{Ended, Out, Stopped, Weight};
use super::{DoctorArgs, Format};

/// What is examined.
pub(super) struct Patient<'a> {
    /// What services work with; without a right configuration, with the default one.
    pub(super) parts: &'a Parts<'a>,
    /// Where things live.
    pub(super) paths: &'a Paths,
    /// Where the configuration is, or would be.
    pub(super) config_path: &'a Path,
    /// The configuration, or what is wrong with it.
    pub(super) loaded: Result<Loaded, Stopped>,
    /// What the environment says of the terminal.
    pub(super) terminal: TerminalFacts,
    /// The fewest columns and rows that the screen can be shown in.
    pub(super) smallest_screen: (u16, u16),
}

pub(super) fn run(patient: &Patient<'_>, arguments: &DoctorArgs, out: &mut Out) -> Ended {
    let problems = match &patient.loaded {
        Err(Stopped::Problems(problems)) => Some(&problems[..]),
        _ => None,
    };
    let mut told = Told {
        out,
        format: arguments.format,
        area: None,
        counts: Counts::default(),
        ended: Ok(()),
    };
    let loaded = match (&patient.loaded, problems) {
        (Ok(loaded), _) => Ok(loaded),
        (Err(_), problems) => Err(problems.unwrap_or_default()),
    };
    for finding in doctor::configuration(patient.config_path, loaded) {
        told.tell(&finding);
    }
    let care = if arguments.repair {
        Care::Repair
    } else {
        Care::Look
    };
    doctor::examine(
        patient.parts,
        &patient.paths.state_dir,
        care,
        &mut |finding| told.tell(&finding),
    );
    for finding in terminal(&patient.terminal, patient.smallest_screen) {
        told.tell(&finding);
    }
    let counts = told.counts;
    told.ended?;
    if arguments.format == Format::Json {
        out.json(&SummaryJson { summary: counts })?;
    }
    Ok(match problems {
        // What the configuration is wrong with counts as it does everywhere.
        Some(problems) => problems
            .first()
            .map_or(Exit::Usage, |problem: &Problem| problem.exit),
        None if counts.problems > 0 => Exit::Failed,
        None => Exit::Done,
    })
}

/// What was told so far.
struct Told<'a> {
    out: &'a mut Out,
    format: Format,
    area: Option<Area>,
    counts: Counts,
    ended: Result<(), Stopped>,
}

impl Told<'_> {
    /// Tells a finding, unless nobody reads any more.
    fn tell(&mut self, finding: &Finding) {
        self.counts.add(finding.state);
        if self.ended.is_ok() {
            self.ended = self.print(finding);
        }
    }

    fn print(&mut self, finding: &Finding) -> Result<(), Stopped> {
        if self.format == Format::Json {
            self.out.json(&FindingJson {
                check: finding.area.word(),
                status: finding.state.word(),
                message: finding.what.as_str(),
                hint: finding.hint.as_ref().map(SafeText::as_str),
            })?;
            return self.out.flush();
        }
        if self.area != Some(finding.area) {
            self.area = Some(finding.area);
            let mut name = finding.area.word().to_owned();
            if let Some(first) = name.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            self.out.pieces(&[(Weight::Bold, SafeText::line(&name))])?;
        }
        let text = format!("  {:<8}  {}", finding.state.word(), finding.what);
        self.out.line(&SafeText::line(&text))?;
        if let Some(hint) = &finding.hint {
            self.out
                .line(&SafeText::line(&format!("            {hint}")))?;
        }
        self.out.flush()
    }
}

/// How many findings there were of each kind.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Counts {
    ok: u32,
    warnings: u32,
    problems: u32,
    repaired: u32,
    skipped: u32,
}

impl Counts {
    fn add(&mut self, state: State) {
        *match state {
            State::Ok => &mut self.ok,
            State::Warning => &mut self.warnings,
            State::Problem => &mut self.problems,
            State::Repaired => &mut self.repaired,
            State::Skipped => &mut self.skipped,
        } += 1;
    }
}

#[derive(Serialize)]
struct FindingJson<'a> {
    check: &'static str,
    status: &'static str,
    message: &'a str,
    hint: Option<&'a str>,
}

#[derive(Serialize)]
struct SummaryJson {
    summary: Counts,
}

/// Says what the screen can do in this terminal.
fn terminal(facts: &TerminalFacts, (columns, rows): (u16, u16)) -> Vec<Finding> {
    let area = Area::Terminal;
    if !std::io::stdout().is_terminal() || !std::io::stdin().is_terminal() {
        let what = "this is no terminal; the screen can't be shown here, commands work";
        return vec![Finding::new(area, State::Skipped, what)];
    }
    let mut findings = Vec::new();
    if let Some((width, height)) = terminal_size::terminal_size() {
        let size = format!("{} columns and {} rows", width.0, height.0);
        findings.push(if width.0 < columns || height.0 < rows {
            Finding::new(
                area,
                State::Warning,
                &format!("{size} are too few for the screen"),
            )
            .hint(&format!("it needs {columns} by {rows}"))
        } else {
            Finding::new(area, State::Ok, &size)
        });
    }
    let term = match facts.term.as_str() {
        "" => "`TERM` is not set".to_owned(),
        term => format!("`TERM` is {term}"),
    };
    let colours = match facts.depth {
        Depth::Mono => "no colours",
        Depth::Ansi16 => "16 colours",
        Depth::Indexed256 => "256 colours",
        Depth::TrueColour => "all colours",
    };
    let within = match facts.within {
        Within::Nothing => "",
        Within::Tmux => ", inside tmux",
        Within::FarTmux => ", inside a tmux on another machine",
        Within::Screen => ", inside GNU screen",
        Within::LinuxConsole => ", on Linux's own console",
    };
    let state = if facts.term.is_empty() {
        State::Warning
    } else {
        State::Ok
    };
    let finding = Finding::new(area, state, &format!("{term}: {colours}{within}"));
    findings.push(if facts.term.is_empty() {
        finding.hint("set `TERM` to what your terminal's manual says, such as xterm-256color")
    } else {
        finding
    });
    findings.push(match facts.charset {
        Charset::Utf8 => Finding::new(area, State::Ok, "it shows UTF-8"),
        Charset::Ascii => Finding::new(area, State::Warning, "it is said to show ASCII alone")
            .hint("set `LANG` to a UTF-8 locale such as en_GB.UTF-8"),
    });
    findings
}
