//! People who press the button many times at once, and again until they are answered.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, Instant},
};

use futures::{StreamExt, future::join_all, stream};
use reqwest::{Client, redirect::Policy};

use super::{
    fleet::Fleet,
    provider::Activity,
    second_thoughts::{self, Changed},
    stage::{FREE_MONTH, GIFT_CARD, Month, Person, Stage},
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
    pub changes: Vec<Changed>,
    /// Answers that nobody should get, and claims that were never answered.
    pub strange: Vec<String>,
}

impl Acknowledged {
    pub fn add(&mut self, more: Self) {
        self.numbers.extend(more.numbers);
        self.changes.extend(more.changes);
        self.strange.extend(more.strange);
    }
}

impl fmt::Display for Acknowledged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let done = self.changes.iter().filter(|changed| changed.done).count();
        let (claims, late) = (self.numbers.len(), self.changes.len() - done);
        write!(f, "{claims} claims acknowledged, {done} changed or taken back and {late} too late for that")
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Told {
    pub account: String,
    pub remedy: &'static str,
    pub number: String,
}

/// Everyone with a browser.
pub struct Crowd {
    client: Client,
    pub stage: Arc<Stage>,
    fleet: Arc<Fleet>,
    activity: Arc<Activity>,
    /// What was read, by remedy.
    terms: Vec<(&'static str, String)>,
}

impl Crowd {
    pub async fn gather(stage: &Arc<Stage>, fleet: &Arc<Fleet>, activity: &Arc<Activity>) -> Arc<Self> {
        let client = Client::builder().redirect(Policy::none()).no_proxy().timeout(Duration::from_secs(20));
        let mut crowd = Self {
            client: client.build().unwrap(),
            stage: stage.clone(),
            fleet: fleet.clone(),
            activity: activity.clone(),
            terms: Vec::new(),
        };
        for (remedy, _) in [GIFT_CARD, FREE_MONTH] {
            let terms = crowd.terms(remedy).await;
            crowd.terms.push((remedy, terms));
        }
        Arc::new(crowd)
    }
}

/// Everyone claims the gift card, and whoever does not wait for it the month; then some think again.
pub async fn claim(crowd: Arc<Crowd>) -> Acknowledged {
    let everyone = crowd.stage.people.clone();
    at_the_same_time(&crowd, everyone, |crowd, person| async move {
        let mut wishes = vec![GIFT_CARD.0; AT_ONCE];
        if person.month == Month::Soon {
            wishes.extend([FREE_MONTH.0; MONTHS]);
        }
        let answers = all_at_once(&crowd, &person, &wishes).await;
        let changes = second_thoughts::of(&crowd, &person, &answers).await;
        (answers, changes)
    })
    .await
}

/// Those claim the month who left it until now.
pub async fn claim_during_the_run(crowd: Arc<Crowd>) -> Acknowledged {
    let late = crowd.stage.people.iter().filter(|person| person.month == Month::DuringTheRun);
    at_the_same_time(&crowd, late.cloned().collect(), |crowd, person| async move {
        (all_at_once(&crowd, &person, &[FREE_MONTH.0; MONTHS]).await, Vec::new())
    })
    .await
}

type Answers = Vec<Result<Told, String>>;
type Changes = Vec<Result<Changed, String>>;

async fn at_the_same_time<F: Future<Output = (Answers, Changes)> + Send + 'static>(
    crowd: &Arc<Crowd>,
    people: Vec<Person>,
    act: impl Fn(Arc<Crowd>, Person) -> F,
) -> Acknowledged {
    let acting = people.into_iter().map(|person| tokio::spawn(act(crowd.clone(), person)));
    let mut all = Acknowledged::default();
    let mut done = stream::iter(acting).buffer_unordered(PEOPLE);
    while let Some(of_one) = done.next().await {
        let (answers, changes) = of_one.unwrap();
        answers.into_iter().for_each(|answer| keep(answer, &mut all.numbers, &mut all.strange));
        changes.into_iter().for_each(|change| keep(change, &mut all.changes, &mut all.strange));
    }
    all
}

fn keep<T>(answer: Result<T, String>, told: &mut Vec<T>, strange: &mut Vec<String>) {
    match answer {
        Ok(one) => told.push(one),
        Err(why) => strange.push(why),
    }
}

async fn all_at_once(crowd: &Crowd, person: &Person, wishes: &[&'static str]) -> Answers {
    join_all(wishes.iter().enumerate().map(|(n, remedy)| crowd.claims(person, remedy, n))).await
}

/// How a server answered: its status, and where it led.
pub type Answer = (u16, String);

impl Crowd {
    /// Posts until there is an answer: a person who sees none presses the button again, which leads to the other server.
    pub async fn insist(
        &self,
        session: &str,
        path: &str,
        form: &str,
        first: usize,
    ) -> Result<Answer, String> {
        let began = Instant::now();
        let mut last = String::new();
        for server in first.. {
            if began.elapsed() > self.stage.plan.patience {
                return Err(format!("{path} was never answered: {last}"));
            }
            match self.post(session, path, form, server).await {
                Ok(answer) => {
                    self.activity.happened();
                    return Ok(answer);
                }
                Err(error) => last = error,
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        unreachable!()
    }

    async fn claims(&self, person: &Person, remedy: &'static str, n: usize) -> Result<Told, String> {
        let terms = &self.terms.iter().find(|(id, _)| *id == remedy).unwrap().1;
        let way = if remedy == GIFT_CARD.0 { person.way } else { "bill" };
        let (path, form) =
            (format!("/remedies/{remedy}/claim"), format!("delivery-{remedy}={way}&terms={terms}"));
        let (status, location) = self.insist(&person.session, &path, &form, n).await?;
        match location.strip_prefix("/claims/") {
            Some(number) if status == 303 => {
                Ok(Told { account: person.account.clone(), remedy, number: number.to_owned() })
            }
            _ => Err(format!("{} claimed {remedy} and got {status} {location:?}", person.account)),
        }
    }

    /// An error says why there was no answer, and that it is worth trying again.
    async fn post(&self, session: &str, path: &str, form: &str, server: usize) -> Result<Answer, String> {
        let address = self.fleet.address(server);
        let answer = self
            .client
            .post(format!("{address}{path}"))
            .header("origin", &address)
            .header("cookie", format!("id={session}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.to_owned())
            .send()
            .await
            .map_err(|error| format!("no answer ({error})"))?;
        let status = answer.status().as_u16();
        if status >= 500 {
            return Err(format!("{status}"));
        }
        let location = answer.headers().get("location").and_then(|value| value.to_str().ok());
        Ok((status, location.unwrap_or_default().to_owned()))
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
