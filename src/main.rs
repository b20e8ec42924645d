//! The program: arguments, clock and environment become parts, the parts go to a front end.

fn main() {}
