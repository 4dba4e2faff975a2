//! People who press the button many times at once, and again until they are answered.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures::{StreamExt, future::join_all, stream};
use reqwest::{Client, redirect::Policy};

use super::{
    fleet::Fleet,
    provider::Activity,
    stage::{FREE_MONTH, GIFT_CARD, Person, Stage},
};

/// How often everyone claims the gift card at once …
const AT_ONCE: usize = 8;
/// … and the month.
const MONTHS: usize = 2;
/// People who claim at the same time.
const PEOPLE: usize = 8;

/// What people were told.
#[derive(Default)]
pub struct Acknowledged {
    pub numbers: Vec<Told>,
    /// Answers that nobody should get, and claims that were never answered.
    pub strange: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Told {
    pub account: String,
    pub remedy: &'static str,
    pub number: String,
}

pub async fn claim(stage: Arc<Stage>, fleet: Arc<Fleet>, activity: Arc<Activity>) -> Acknowledged {
    let client = Client::builder().redirect(Policy::none()).no_proxy().timeout(Duration::from_secs(20));
    let crowd =
        Arc::new(Crowd { client: client.build().unwrap(), stage, fleet, activity, terms: Vec::new() });
    let mut terms = Vec::new();
    for (remedy, _) in [GIFT_CARD, FREE_MONTH] {
        terms.push((remedy, crowd.terms(remedy).await));
    }
    let crowd = Arc::new(Crowd { terms, ..Arc::into_inner(crowd).unwrap() });
    let people = crowd.stage.people.clone();
    let everyone = people.into_iter().map(|person| tokio::spawn(all_at_once(crowd.clone(), person)));
    let mut all = Acknowledged::default();
    let mut answers = stream::iter(everyone).buffer_unordered(PEOPLE);
    while let Some(of_one) = answers.next().await {
        for answer in of_one.unwrap() {
            match answer {
                Ok(told) => all.numbers.push(told),
                Err(strange) => all.strange.push(strange),
            }
        }
    }
    all
}

struct Crowd {
    client: Client,
    stage: Arc<Stage>,
    fleet: Arc<Fleet>,
    activity: Arc<Activity>,
    /// What was read, by remedy.
    terms: Vec<(&'static str, String)>,
}

async fn all_at_once(crowd: Arc<Crowd>, person: Person) -> Vec<Result<Told, String>> {
    let wishes = [(GIFT_CARD.0, AT_ONCE), (FREE_MONTH.0, MONTHS)];
    let wishes = wishes.iter().flat_map(|(remedy, times)| std::iter::repeat_n(*remedy, *times));
    join_all(wishes.enumerate().map(|(n, remedy)| crowd.insist(&person, remedy, n))).await
}

impl Crowd {
    /// Posts the claim until it is answered: a person who sees no answer presses the button again.
    async fn insist(&self, person: &Person, remedy: &'static str, n: usize) -> Result<Told, String> {
        let began = Instant::now();
        let mut last = String::new();
        for attempt in n.. {
            if began.elapsed() > self.stage.plan.patience {
                return Err(format!("{} was never answered when claiming {remedy}: {last}", person.account));
            }
            match self.post(person, remedy, attempt).await {
                Ok(Some(number)) => {
                    self.activity.happened();
                    return Ok(Told { account: person.account.clone(), remedy, number });
                }
                Ok(None) => return Err(format!("{} was not taken to a claim of {remedy}", person.account)),
                Err(error) => last = error,
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        unreachable!()
    }

    /// The number that the answer leads to; an error says why there was none, and that it is worth trying again.
    async fn post(&self, person: &Person, remedy: &str, server: usize) -> Result<Option<String>, String> {
        let address = self.fleet.address(server);
        let terms = &self.terms.iter().find(|(id, _)| *id == remedy).unwrap().1;
        let way = if remedy == GIFT_CARD.0 { person.way } else { "bill" };
        let answer = self
            .client
            .post(format!("{address}/remedies/{remedy}/claim"))
            .header("origin", &address)
            .header("cookie", format!("id={}", person.session))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("delivery-{remedy}={way}&terms={terms}"))
            .send()
            .await
            .map_err(|error| format!("no answer ({error})"))?;
        let status = answer.status().as_u16();
        let location =
            answer.headers().get("location").and_then(|value| value.to_str().ok()).map(str::to_owned);
        match (status, location.as_deref().and_then(|path| path.strip_prefix("/claims/"))) {
            (303, Some(number)) => Ok(Some(number.to_owned())),
            (500..=599, _) => Err(format!("{status}")),
            _ => {
                println!("{} got {status} {location:?}", person.account);
                Ok(None)
            }
        }
    }

    /// The version of the terms that the page before the button names.
    async fn terms(&self, remedy: &str) -> String {
        for _ in 0..600 {
            if let Some(terms) = self.read_terms(remedy).await {
                return terms;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("within a minute no page told the terms of {remedy}")
    }

    async fn read_terms(&self, remedy: &str) -> Option<String> {
        let (person, address) = (&self.stage.people[0], self.fleet.address(0));
        let page = format!("{address}/remedies/{remedy}/check?delivery-{remedy}={}", person.way);
        let answer =
            self.client.get(page).header("cookie", format!("id={}", person.session)).send().await.ok()?;
        let (text, field) = (answer.text().await.ok()?, "name=\"terms\" value=\"");
        let from = text.find(field)? + field.len();
        Some(text[from..].chars().take_while(|c| *c != '"').collect())
    }
}
