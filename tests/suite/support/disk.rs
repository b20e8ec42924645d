//! A disk that can be filled up, and one that can't be written.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::env::TestEnv;

/// A disk of two megabytes of its own, in memory.
pub struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Puts one at the program's data folder. `None`, and a word of it, where this user may not.
    pub fn under(env: &TestEnv) -> Option<Self> {
        let path = env.path("data");
        fs::create_dir(&path).expect("a folder");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=2m,mode=700", "tmpfs"])
            .arg(&path)
            .output();
        if mounted.is_ok_and(|mounted| mounted.status.success()) {
            return Some(Self(path));
        }
        eprintln!("skipped: this user may not mount a disk of two megabytes");
        None
    }

    /// Leaves no room on it.
    pub fn fill(&self) {
        let filled = fs::write(self.0.join("filler"), vec![b'x'; 3 << 20]);
        assert!(filled.is_err(), "the disk is full");
    }

    /// Makes room again.
    pub fn make_room(&self) {
        fs::remove_file(self.0.join("filler")).expect("there is room again");
    }

    /// Lets nobody write on it any more.
    pub fn forbid_writing(&self) {
        let remounted = Command::new("mount")
            .args(["-o", "remount,ro"])
            .arg(&self.0)
            .status();
        assert!(remounted.expect("mount runs").success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}
