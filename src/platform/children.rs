//! Programs that Gazette starts and that must not outlive what they were started for.

use rustix::process::{Pid, Signal, kill_process_group};

/// A process group that a child leads: the child and all that it started. Killed when dropped.
///
/// The child must have been started with `process_group(0)`. Such a group isn't the terminal's, so
/// its members can't ask the reader anything there, and Ctrl-c reaches them through us alone.
#[derive(Debug)]
pub struct Family {
    leader: Option<Pid>,
}

impl Family {
    /// Names the group that the child with this process id leads; none where it has ended already.
    pub fn led_by(process_id: Option<u32>) -> Self {
        let leader = process_id.and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        Self { leader }
    }

    /// Lets the group be: the child has ended and was waited for, and its number may be another's.
    pub fn has_ended(mut self) {
        self.leader = None;
    }
}

impl Drop for Family {
    fn drop(&mut self) {
        if let Some(leader) = self.leader {
            let _ = kill_process_group(leader, Signal::KILL);
        }
    }
}
