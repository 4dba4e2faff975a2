//! How long what did not succeed rests before it is tried again.

use crate::ambient::{MINUTE, Millis, SECOND};

const LONGEST: Millis = 15 * MINUTE;

/// After so many times: 1, 2, 4 … seconds, at most 15 minutes.
pub fn after(times: i64) -> Millis {
    (SECOND << (times - 1).clamp(0, 20)).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_up_to_a_quarter_of_an_hour() {
        let pauses = [-1, 0, 1, 2, 3, 10, 11, i64::MAX].map(|times| after(times) / SECOND);
        assert_eq!(pauses, [1, 1, 1, 2, 4, 512, 900, 900]);
    }
}
