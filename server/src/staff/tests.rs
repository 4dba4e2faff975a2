//! Enrolling and signing in, as a browser sees it.

use http::StatusCode;

use super::{AddError, Role, add, totp::TotpKey};
use crate::{
    accounts::session::Who,
    ambient::{DAY, MINUTE, SECOND},
    on_both,
    store::{self, sql},
    transaction,
    web::testing::{Answer, Browser, TestPortal},
};

pub const PASSWORD: &str = "four quiet herons wade";
const EMAIL: &str = "grace@example.com";

/// Adds Grace; returns the enrolment address's path and her TOTP key.
async fn invite(portal: &TestPortal, role: Role) -> (String, TotpKey) {
    let (db, ambient) = (portal.portal.db().unwrap(), &portal.portal.ambient);
    let base_url = "http://127.0.0.1:3000";
    let invitation = add(db, ambient, base_url, EMAIL, "Grace Example", role).await.unwrap();
    let path = invitation.enrol_url.strip_prefix(base_url).unwrap().to_owned();
    let key = TotpKey::of_enrolment(portal.portal.master(), path.rsplit('/').next().unwrap());
    (path, key)
}

async fn enrol(portal: &TestPortal, path: &str, password: &str, code: &str) -> Answer {
    let fields = [("password", password), ("password_again", password), ("code", code)];
    portal.browser().post(path, &fields).await
}

async fn sign_in(browser: &mut Browser, email: &str, password: &str, code: &str) -> Answer {
    browser.post("/staff/sign-in", &[("email", email), ("password", password), ("code", code)]).await
}

/// A browser in which a new member of this role is signed in.
pub async fn member(portal: &TestPortal, role: Role) -> Browser {
    let (path, key) = invite(portal, role).await;
    let code = key.code(portal.portal.ambient.now());
    assert_eq!(enrol(portal, &path, PASSWORD, &code).await.status, StatusCode::SEE_OTHER);
    let mut browser = portal.browser();
    assert_eq!(sign_in(&mut browser, EMAIL, PASSWORD, &code).await.location(), "/staff");
    browser
}

/// A browser in which another member of this role is signed in; their id is their name.
pub async fn another(portal: &TestPortal, name: &str, role: Role) -> Browser {
    transaction!(portal.portal.db().unwrap(), |tx| -> store::Result<()> {
        sql("INSERT INTO staff (id, email, name, role, password_hash, created_at) VALUES ($1, $2, $1, $3, 'set', 0)")
            .bind(name)
            .bind(format!("{}@example.com", name.to_lowercase()))
            .bind(role.slug())
            .execute(tx)
            .await?;
        Ok(())
    })
    .unwrap();
    portal.session(Who::Staff(name.to_owned())).await
}

on_both!(a_member_enrols_once_and_signs_in_with_a_code_that_works_once, |test| {
    let portal = TestPortal::new(test);
    let (path, key) = invite(&portal, Role::Support).await;
    let page = portal.browser().get(&path).await;
    assert!(page.text().contains("<svg") && page.text().contains("Grace Example"));
    let code = key.code(portal.portal.ambient.now());
    assert_eq!(enrol(&portal, &path, PASSWORD, &code).await.location(), "/staff/sign-in?enrolled=yes");
    assert_eq!(portal.browser().get(&path).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(enrol(&portal, &path, "another long password", &code).await.status, StatusCode::BAD_REQUEST);

    let mut browser = portal.browser();
    let answer = sign_in(&mut browser, " Grace@Example.com", PASSWORD, &code).await;
    assert_eq!(answer.location(), "/staff");
    let mut second = portal.browser();
    assert_eq!(sign_in(&mut second, EMAIL, PASSWORD, &code).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    portal.clock.advance(MINUTE);
    let code = key.code(portal.portal.ambient.now());
    assert_eq!(sign_in(&mut second, EMAIL, PASSWORD, &code).await.location(), "/staff");
    assert_eq!(second.post("/staff/sign-out", &[]).await.location(), "/staff/sign-in");
    let acts: Vec<(String,)> =
        sql("SELECT action FROM audit ORDER BY action").all(portal.portal.db().unwrap()).await.unwrap();
    let acts: Vec<_> = acts.iter().map(|(action,)| action.as_str()).collect();
    assert_eq!(acts, ["enrolled", "signed-in", "signed-in"]);
});

on_both!(an_address_ends_after_a_day_and_when_a_newer_one_is_given, |test| {
    let portal = TestPortal::new(test);
    let (old, _) = invite(&portal, Role::Support).await;
    let (path, key) = invite(&portal, Role::Support).await;
    assert_eq!(portal.browser().get(&old).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(portal.browser().get(&path).await.status, StatusCode::OK);
    portal.clock.advance(DAY);
    let code = key.code(portal.portal.ambient.now());
    assert_eq!(enrol(&portal, &path, PASSWORD, &code).await.status, StatusCode::BAD_REQUEST);
});

on_both!(a_weak_password_or_a_wrong_code_enrols_nobody, |test| {
    let portal = TestPortal::new(test);
    let (path, key) = invite(&portal, Role::Support).await;
    let code = key.code(portal.portal.ambient.now());
    for (password, code) in [("herons", code.as_str()), ("password1234", &code), (PASSWORD, "000000")] {
        let answer = enrol(&portal, &path, password, code).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text().contains("There is a problem"));
        assert!(!answer.text().contains(password));
    }
    assert_eq!(enrol(&portal, &path, PASSWORD, &code).await.status, StatusCode::SEE_OTHER);
    let (db, ambient) = (portal.portal.db().unwrap(), &portal.portal.ambient);
    let again = add(db, ambient, "http://127.0.0.1:3000", EMAIL, "Grace", Role::Admin).await;
    assert!(matches!(again, Err(AddError::Enrolled(_))));
});

on_both!(wrong_tries_look_alike_and_lock_for_longer_and_longer, |test| {
    let portal = TestPortal::new(test);
    let (path, key) = invite(&portal, Role::Support).await;
    let code = key.code(portal.portal.ambient.now());
    enrol(&portal, &path, PASSWORD, &code).await;
    let mut browser = portal.browser();
    let unknown = sign_in(&mut browser, "nobody@example.com", PASSWORD, &code).await;
    let mistyped = sign_in(&mut browser, EMAIL, "not the password", &code).await;
    let stale = sign_in(&mut browser, EMAIL, PASSWORD, "000000").await;
    for answer in [&unknown, &mistyped, &stale] {
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(answer.text().replace("nobody@", "grace@"), stale.text());
    }
    for _ in 0..3 {
        sign_in(&mut browser, EMAIL, "not the password", &code).await;
    }
    let locked = sign_in(&mut browser, EMAIL, PASSWORD, &code).await;
    assert_eq!(locked.status, StatusCode::UNPROCESSABLE_ENTITY);
    portal.clock.advance(31 * SECOND);
    let code = key.code(portal.portal.ambient.now());
    assert_eq!(sign_in(&mut browser, EMAIL, PASSWORD, &code).await.location(), "/staff");
});

on_both!(what_is_in_the_audit_stays_there, |test| {
    let portal = TestPortal::new(test);
    member(&portal, Role::Support).await;
    let db = portal.portal.db().unwrap();
    let changed = transaction!(db, |tx| -> store::Result<u64> {
        sql("UPDATE audit SET reason = 'none'").execute(tx).await
    });
    let removed = transaction!(db, |tx| -> store::Result<u64> { sql("DELETE FROM audit").execute(tx).await });
    for outcome in [changed, removed] {
        assert!(outcome.unwrap_err().to_string().contains("the audit is append-only"));
    }
    let (count,): (i64,) = sql("SELECT COUNT(*) FROM audit").one(db).await.unwrap();
    assert_eq!(count, 2);
});
