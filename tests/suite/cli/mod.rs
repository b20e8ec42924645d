//! The binary in a folder of its own, one file a command.

mod changes;
mod config_file;
mod damage;
mod disk;
mod doctor;
mod ends;
mod feeds;
mod list;
mod mark;
mod refresh;
mod search;
mod show;
mod skim;
mod upkeep;
