//! How much there is on the screen, and where: statements 1 to 7 of the design.

use super::driver::Driver;

#[test]
fn look() {
    for (c, r) in [(80, 24), (120, 40), (50, 20), (200, 50)] {
        let mut driver = Driver::demo(c, r);
        eprintln!("{}\n=====", driver.frame());
        eprintln!("{}\n=====", driver.press("<enter>").frame());
    }
}
