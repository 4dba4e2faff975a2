//! How often one address may ask for codes. Carriers put thousands of phones behind one, so the
//! limit is wide; it is kept in memory, for each process.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, Reference},
    middleware::NoOpMiddleware,
    state::keyed::DefaultKeyedStateStore,
};

use crate::ambient::Ambient;

/// Requests for a code in a minute.
const A_MINUTE: NonZeroU32 = NonZeroU32::new(120).unwrap();

type Limiter = RateLimiter<IpAddr, DefaultKeyedStateStore<IpAddr>, Time, NoOpMiddleware<Duration>>;

pub struct CodeRequests(Limiter, Time);

/// Our clock, as the limiter wants it.
#[derive(Clone)]
struct Time(Ambient);

impl Clock for Time {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_millis(self.0.now().try_into().unwrap_or_default())
    }
}

impl CodeRequests {
    pub fn new(ambient: &Ambient) -> Self {
        let time = Time(ambient.clone());
        let quota = Quota::per_minute(A_MINUTE);
        Self(RateLimiter::new(quota, DefaultKeyedStateStore::default(), time.clone()), time)
    }

    /// Counts a request; the error is the seconds until the next may come.
    pub fn check(&self, address: IpAddr) -> Result<(), i64> {
        self.0.check_key(&network(address)).map_err(|not_until| {
            let wait = not_until.earliest_possible().duration_since(self.1.now());
            i64::try_from(Duration::from(wait).as_millis().div_ceil(1000)).unwrap_or(60).max(1)
        })
    }

    /// Forgets those who have not asked for a while.
    pub fn clean(&self) {
        self.0.retain_recent();
    }
}

/// One line of IPv6 is a /64.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ambient::{MINUTE, SECOND};

    #[test]
    fn an_address_is_slowed_past_120_requests_a_minute() {
        let (ambient, clock) = Ambient::fixed(1_256_040_000_000, 1);
        let limit = CodeRequests::new(&ambient);
        let (here, there): (IpAddr, IpAddr) = ([192, 0, 2, 1].into(), [192, 0, 2, 2].into());
        for _ in 0..120 {
            assert_eq!(limit.check(here), Ok(()));
        }
        assert_eq!(limit.check(here), Err(1));
        assert_eq!(limit.check(there), Ok(()));
        clock.advance(SECOND);
        assert_eq!(limit.check(here), Ok(()));
        clock.advance(MINUTE);
        limit.clean();
        assert_eq!((0..120).filter(|_| limit.check(here).is_ok()).count(), 120);
    }

    #[test]
    fn a_line_of_ipv6_is_one_address() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }
}
