//! The browser that asks: a secret in a cookie of its own. It signs nobody in; a code works only
//! beside it, and a browser that has signed in before has its own allowance of wrong entries.

use axum_extra::extract::{
    CookieJar,
    cookie::{Cookie, SameSite},
};

use crate::{
    accounts::codes::Hashes,
    ambient::parse_id,
    portal::Portal,
    store::{Result, Tx, sql},
};

/// How long a browser is known after a sign-in, in days; browsers keep no cookie longer.
const KEPT_DAYS: i64 = 400;

/// A browser by its secret.
pub struct Browser(String);

impl Browser {
    /// The browser that sent these cookies, if it has a secret.
    pub fn of(jar: &CookieJar, portal: &Portal) -> Option<Self> {
        let value = jar.get(name(portal))?.value();
        parse_id(value).map(|id| Browser(id.to_string()))
    }

    /// The same, or a new one with its cookie in the jar.
    pub fn of_or_new(jar: CookieJar, portal: &Portal) -> (Self, CookieJar) {
        match Self::of(&jar, portal) {
            Some(browser) => (browser, jar),
            None => {
                let browser = Browser(portal.ambient.secret_id());
                let jar = jar.add(browser.cookie(portal));
                (browser, jar)
            }
        }
    }

    pub fn secret(&self) -> &str {
        &self.0
    }

    /// Gone when the browser closes.
    fn cookie(&self, portal: &Portal) -> Cookie<'static> {
        Cookie::build((name(portal), self.0.clone()))
            .path("/")
            .http_only(true)
            .secure(portal.settings.is_https())
            .same_site(SameSite::Lax)
            .build()
    }

    /// Kept, after a sign-in.
    pub fn lasting_cookie(&self, portal: &Portal) -> Cookie<'static> {
        let mut cookie = self.cookie(portal);
        cookie.set_max_age(time::Duration::days(KEPT_DAYS));
        cookie
    }
}

fn name(portal: &Portal) -> &'static str {
    if portal.settings.is_https() { "__Host-browser" } else { "browser" }
}

/// The browser has signed in to the account.
pub async fn remember(tx: &mut Tx, portal: &Portal, browser: &Browser, subscriber_id: &str) -> Result<()> {
    sql("INSERT INTO known_browsers (subscriber_id, browser, seen_at) VALUES ($1, $2, $3)
         ON CONFLICT (subscriber_id, browser) DO UPDATE SET seen_at = excluded.seen_at")
    .bind(subscriber_id)
    .bind(&Hashes::new(portal.master()).browser(browser.secret()))
    .bind(portal.ambient.now())
    .execute(tx)
    .await?;
    Ok(())
}
