//! A code that a caller reads back to a support agent. It signs nobody in.

use super::{
    Profile,
    codes::{self, Asked, Entered, Hashes, Owner, Pool, Purpose, Refusal, Stage, Wish},
    phone::Phone,
};
use crate::{messages::templates, portal::Portal, store::Result, transaction};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    OnItsWay,
    /// Nobody can be called by this account: it has no phone.
    NoPhone,
    /// Another may be sent then.
    Wait {
        seconds: i64,
    },
    /// Too many wrong ones were read back.
    Stopped,
}

/// Sends a code to the subscriber's phone, for this member to hear. It replaces any before it.
pub async fn send(portal: &Portal, member_id: &str, profile: &Profile) -> Result<Sent> {
    let Some(phone) = profile.phone.as_deref().and_then(|phone| phone.parse::<Phone>().ok()) else {
        return Ok(Sent::NoPhone);
    };
    let owner = Owner { id: profile.id.clone(), account: profile.account.clone() };
    let holder = Hashes::new(portal.master()).caller(member_id, &profile.id);
    let asked = transaction!(portal.db()?, bulk |tx| -> Result<Asked> {
        let wish = Wish {
            purpose: Purpose::Caller,
            holder,
            phone: &phone,
            typed: phone.as_str(),
            owner: Some(&owner),
            pool: Pool::Others { beside_known: false },
            words: templates::caller_code,
        };
        codes::ask(tx, portal, wish).await
    })?;
    Ok(match asked {
        Asked::Sent => {
            portal.outbox.notify_one();
            Sent::OnItsWay
        }
        Asked::Wait { seconds } => Sent::Wait { seconds },
        Asked::Stopped => Sent::Stopped,
    })
}

/// Whether `typed` is the code that this member had sent to this subscriber. A right one is used up.
pub async fn verify(
    portal: &Portal,
    member_id: &str,
    profile: &Profile,
    typed: &str,
) -> Result<std::result::Result<(), Refusal>> {
    let hashes = Hashes::new(portal.master());
    let holder = hashes.caller(member_id, &profile.id);
    let Some(open) = codes::of_holder(portal.db()?, Purpose::Caller, &holder).await? else {
        return Ok(Err(Refusal::Ended));
    };
    let Some(typed) = codes::six_digits(typed) else { return Ok(Err(Refusal::Wrong)) };
    transaction!(portal.db()?, bulk |tx| -> Result<std::result::Result<(), Refusal>> {
        let pool = Pool::Others { beside_known: false };
        let is_code = |open: &codes::Open| hashes.is_code(open, &typed);
        match codes::enter(tx, portal, &open, Stage::Code, pool, is_code).await? {
            Entered::Right { .. } => codes::succeed(tx, portal, &open).await.map(Ok),
            Entered::Refused(refusal) => Ok(Err(refusal)),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{on_both, web::testing::TestPortal};

    const PHONE: &str = "+12125550123";

    on_both!(a_caller_reads_their_code_back_once_to_the_member_who_asked, |db| {
        let test = TestPortal::new(db);
        let profile = test.subscriber("a-1", PHONE, "data-20").await;
        assert_eq!(send(&test.portal, "m-1", &profile).await.unwrap(), Sent::OnItsWay);
        assert!(test.last_message(PHONE).await.contains("support agent"));
        let code = test.last_code(PHONE).await;
        let verify =
            async |member: &str, typed: &str| verify(&test.portal, member, &profile, typed).await.unwrap();
        assert_eq!(verify("m-2", &code).await, Err(Refusal::Ended));
        let wrong = if code == "000000" { "000001" } else { "000000" };
        assert_eq!(verify("m-1", wrong).await, Err(Refusal::Wrong));
        assert_eq!(verify("m-1", &code).await, Ok(()));
        assert_eq!(verify("m-1", &code).await, Err(Refusal::Ended));
    });

    on_both!(a_callers_code_signs_nobody_in, |db| {
        let test = TestPortal::new(db);
        let profile = test.subscriber("a-1", PHONE, "data-20").await;
        let mut browser = test.browser();
        assert_eq!(browser.post("/sign-in", &[("phone", PHONE)]).await.status, 303);
        let to_sign_in = test.last_code(PHONE).await;
        send(&test.portal, "m-1", &profile).await.unwrap();
        let to_read = test.last_code(PHONE).await;
        assert_ne!(to_sign_in, to_read);
        assert_eq!(browser.post("/sign-in/code", &[("code", &to_read)]).await.status, 422);
        assert_eq!(verify(&test.portal, "m-1", &profile, &to_sign_in).await.unwrap(), Err(Refusal::Wrong));
        assert_eq!(browser.post("/sign-in/code", &[("code", &to_sign_in)]).await.location(), "/recovery");
    });

    on_both!(calls_wait_too_but_not_for_sign_ins, |db| {
        let test = TestPortal::new(db);
        let profile = test.subscriber("a-1", PHONE, "data-20").await;
        for sent in [Sent::OnItsWay, Sent::OnItsWay, Sent::Wait { seconds: 30 }] {
            assert_eq!(send(&test.portal, "m-1", &profile).await.unwrap(), sent);
        }
        assert_eq!(test.browser().post("/sign-in", &[("phone", PHONE)]).await.status, 303);
        let unreachable = Profile { phone: None, ..profile };
        assert_eq!(send(&test.portal, "m-1", &unreachable).await.unwrap(), Sent::NoPhone);
    });
}
