/// A moment as ZIP keeps it: civil date and time without a zone, in steps of
/// two seconds, from 1980 to 2107 (MS-DOS).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    date: u16,
    time: u16,
}

impl Timestamp {
    /// The earliest that ZIP can hold, for what has no date.
    pub const EARLIEST: Timestamp = Timestamp { date: (1 << 5) | 1, time: 0 };
    /// The latest that ZIP can hold.
    pub const LATEST: Timestamp =
        Timestamp { date: (127 << 9) | (12 << 5) | 31, time: (23 << 11) | (59 << 5) | 29 };

    /// The moment of these civil fields; an odd second is rounded down. None
    /// where there is no such day or time, or ZIP cannot hold the year.
    pub fn new(year: i32, month: u8, day: u8, hour: u8, minute: u8, second: u8) -> Option<Timestamp> {
        let in_range = (1980..=2107).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60;
        in_range.then(|| Timestamp {
            date: ((year - 1980) as u16) << 9 | u16::from(month) << 5 | u16::from(day),
            time: u16::from(hour) << 11 | u16::from(minute) << 5 | u16::from(second / 2),
        })
    }

    /// The moment of two fields of a header, if there is such a moment.
    pub(crate) fn from_dos(date: u16, time: u16) -> Option<Timestamp> {
        let part = |field: u16, shift: u16, bits: u16| ((field >> shift) & ((1 << bits) - 1)) as u8;
        let year = 1980 + i32::from(date >> 9);
        let (hour, minute, second) = (part(time, 11, 5), part(time, 5, 6), 2 * part(time, 0, 5));
        Timestamp::new(year, part(date, 5, 4), part(date, 0, 5), hour, minute, second)
    }

    pub(crate) fn dos_date(self) -> u16 {
        self.date
    }

    pub(crate) fn dos_time(self) -> u16 {
        self.time
    }
}

fn days_in(year: i32, month: u8) -> u8 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leap_day_is_a_day_only_in_a_leap_year() {
        assert!(Timestamp::new(2008, 2, 29, 0, 0, 0).is_some());
        assert!(Timestamp::new(2009, 2, 29, 0, 0, 0).is_none());
        assert!(Timestamp::new(2100, 2, 29, 0, 0, 0).is_none());
    }

    #[test]
    fn a_moment_is_read_back_from_its_fields() {
        for moment in [Timestamp::EARLIEST, Timestamp::LATEST] {
            assert_eq!(Timestamp::from_dos(moment.dos_date(), moment.dos_time()), Some(moment));
        }
        assert_eq!(Timestamp::from_dos(0, 0), None);
        assert_eq!(Timestamp::from_dos(Timestamp::EARLIEST.dos_date(), 30), None);
    }

    #[test]
    fn years_that_zip_cannot_hold_are_refused() {
        assert!(Timestamp::new(1979, 12, 31, 0, 0, 0).is_none());
        assert!(Timestamp::new(2108, 1, 1, 0, 0, 0).is_none());
        assert_eq!(Timestamp::new(1980, 1, 1, 0, 0, 0), Some(Timestamp::EARLIEST));
        assert_eq!(Timestamp::new(2107, 12, 31, 23, 59, 59), Some(Timestamp::LATEST));
    }
}
