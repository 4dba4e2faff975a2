//! A browser of sorts: cookies, our origin, no redirects followed.

use std::time::{Duration, Instant};

use reqwest::{Client, RequestBuilder, Response, redirect::Policy};

use super::World;

#[derive(Clone)]
pub struct Browser {
    address: String,
    client: Client,
}

impl Browser {
    pub fn at(address: &str) -> Self {
        let client = Client::builder().cookie_store(true).redirect(Policy::none()).no_proxy();
        let client = client.timeout(Duration::from_secs(60)).build().unwrap();
        Self { address: address.to_owned(), client }
    }

    pub async fn get(&self, path: &str) -> Response {
        self.client.get(format!("{}{path}", self.address)).send().await.unwrap()
    }

    /// The same with headers.
    pub async fn ask(&self, path: &str, headers: &[(&str, String)]) -> Response {
        let request = self.client.get(format!("{}{path}", self.address));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, value));
        request.send().await.unwrap()
    }

    /// The same browser where the server has another port; cookies know none.
    pub fn moved_to(&self, address: &str) -> Self {
        Self { address: address.to_owned(), client: self.client.clone() }
    }

    /// A page that must be there.
    pub async fn page(&self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), 200, "{path}");
        answer.text().await.unwrap()
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        self.form(path, fields).send().await.unwrap()
    }

    fn form(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let fields: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", value.replace('+', "%2B"))).collect();
        self.client
            .post(format!("{}{path}", self.address))
            .header("origin", &self.address)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(fields.join("&"))
    }

    /// Signs in by phone and code; how long the slower of the two posts took.
    pub async fn sign_in(&self, world: &World, phone: &str) -> Duration {
        let seen = world.texts(phone).len();
        let asked = Instant::now();
        let answer = self.post("/sign-in", &[("phone", phone)]).await;
        assert_eq!((answer.status().as_u16(), to(&answer)), (303, "/sign-in/code"), "{phone}");
        let asking = asked.elapsed();
        let code = world.code(phone, seen).await;
        let entered = Instant::now();
        let answer = self.post("/sign-in/code", &[("code", &code)]).await;
        assert_eq!((answer.status().as_u16(), to(&answer)), (303, "/recovery"), "{phone}");
        asking.max(entered.elapsed())
    }
}

/// Where a redirect leads; empty when it is none.
fn to(answer: &Response) -> &str {
    answer.headers().get("location").and_then(|value| value.to_str().ok()).unwrap_or_default()
}
