//! What is safe whatever happens: kills, loss of power, signals, and many at once.
//!
//! - `signals`: a refresh is stopped in order, other commands end at once
//! - `kills`: after `kill -9` each feed is wholly old or wholly new
//! - `power`: what a command saved is on the disk before its last line
//! - `together`: many processes at once lose nothing

mod kills;
mod power;
mod signals;
mod together;

use std::io::Read;
use std::process::{Child, ExitStatus};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::env::{Ran, TestEnv};
use rusqlite::{Connection, OpenFlags};

/// How long anything may take. Other tests run beside.
const LIMIT: Duration = Duration::from_mins(1);

/// Sends a signal to a child.
fn signal(child: &Child, signal: Signal) {
    let id = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(id, signal).unwrap();
}

/// Waits for the end of a child; ends it where that takes too long.
#[track_caller]
fn wait(child: &mut Child) -> ExitStatus {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if begun.elapsed() > LIMIT {
            let _ = child.kill();
            let _ = child.wait();
            panic!("it doesn't end");
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// Waits for the end of a child whose outputs are pipes, and returns the rest of them.
#[track_caller]
fn end(child: &mut Child) -> Ran {
    let read = |pipe: Option<Box<dyn Read + Send>>| {
        let (sender, text) = mpsc::channel();
        if let Some(mut pipe) = pipe {
            thread::spawn(move || {
                let mut text = String::new();
                let _ = pipe.read_to_string(&mut text);
                let _ = sender.send(text);
            });
        }
        text
    };
    let out = read(child.stdout.take().map(|pipe| Box::new(pipe) as _));
    let err = read(child.stderr.take().map(|pipe| Box::new(pipe) as _));
    let status = wait(child);
    Ran {
        out: out.recv_timeout(LIMIT).unwrap_or_default(),
        err: err.recv_timeout(LIMIT).unwrap_or_default(),
        code: status.code(),
    }
}

/// Opens the database beside the program, to look at it.
fn look(env: &TestEnv) -> Connection {
    let file = env.path("data/gazette.db");
    let conn = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    conn.busy_timeout(LIMIT).unwrap();
    conn
}

/// Checks that SQLite finds nothing wrong, and that the counters of each feed are a full count.
#[track_caller]
fn check_whole(conn: &Connection) {
    let found: String = conn
        .query_row("pragma integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(found, "ok");
    let wrong: Option<String> = conn
        .query_row(
            "select group_concat(url) from feeds f where
                articles <> (select count(*) from articles where feed_id = f.id)
                or unread <> (select count(*) from articles a
                    left join marks m on m.article_id = a.id
                    where feed_id = f.id and coalesce(m.read, 0) = 0)
                or starred <> (select count(*) from articles a
                    join marks m on m.article_id = a.id where feed_id = f.id and m.starred > 0)",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(wrong, None, "their counters");
}
