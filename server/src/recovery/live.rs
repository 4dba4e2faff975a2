//! Live counts: one reader for each process, any number of listeners.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use app::{
    models::CountsUpdate,
    words::{InEach, Language, spoken},
};
use axum::response::sse::Event;
use futures::{Stream, StreamExt, stream};
use tokio::sync::watch;

use super::{model, store};
use crate::{
    accounts::{Access, session},
    portal::Portal,
    store::{Db, Result},
};

/// Streams that one process keeps open; beyond it browsers ask now and then instead.
const MOST_STREAMS: usize = 2_000;
/// Streams of one subscriber.
const MOST_EACH: usize = 4;
/// A stream ends after this long, and the browser comes again.
const LONGEST: Duration = Duration::from_secs(600);
/// How often the `changes` counters are read.
const TICK: Duration = Duration::from_secs(1);

/// Who listens in this process.
#[derive(Default)]
pub struct Live {
    listeners: Mutex<HashMap<u64, Listener>>,
    next: AtomicU64,
}

struct Listener {
    subscriber: String,
    session: [u8; 32],
    language: Language,
    /// The counts as JSON; none ends the stream.
    counts: watch::Sender<Option<Arc<str>>>,
}

/// Takes a listener off the list when its stream is dropped.
struct Place {
    portal: Portal,
    number: u64,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.portal.live.lock().remove(&self.number);
    }
}

impl Live {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Listener>> {
        self.listeners.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// How many streams are open.
    pub fn open(&self) -> usize {
        self.lock().len()
    }

    /// Ends the streams of one session, at its sign-out.
    pub fn end_session(&self, session: &[u8; 32]) {
        for listener in self.lock().values().filter(|listener| &listener.session == session) {
            listener.counts.send_replace(None);
        }
    }
}

/// The counts as the island reads them.
pub fn to_json(lines: &[app::models::CategoryLine]) -> String {
    let counts: Vec<CountsUpdate> = lines.iter().map(app::models::CategoryLine::counts).collect();
    serde_json::to_string(&counts).unwrap_or_else(|_| "[]".to_owned())
}

/// A stream of counts for one subscriber, the present ones first. None when too many are open.
pub async fn listen(
    portal: &Portal,
    access: Access<'_>,
    session: [u8; 32],
) -> Result<Option<impl Stream<Item = std::result::Result<Event, Infallible>> + use<>>> {
    let subscriber = access.id();
    let lines = model::lines(portal.db()?, &portal.incident, access, portal.ambient.now()).await?;
    let (counts, receiver) = watch::channel(Some(Arc::from(to_json(&lines))));
    let number = portal.live.next.fetch_add(1, Ordering::Relaxed);
    {
        let mut listeners = portal.live.lock();
        let own = listeners.values().filter(|listener| listener.subscriber == subscriber).count();
        if listeners.len() >= MOST_STREAMS || own >= MOST_EACH {
            return Ok(None);
        }
        listeners.insert(
            number,
            Listener { subscriber: subscriber.to_owned(), session, language: spoken(), counts },
        );
    }
    let place = Place { portal: portal.clone(), number };
    let stopping = portal.stopping.clone();
    let ends = async move {
        tokio::select! {
            () = stopping.cancelled() => {}
            () = tokio::time::sleep(LONGEST) => {}
        }
    };
    let updates = stream::unfold((receiver, true, place), async |(mut receiver, first, place)| {
        if !first {
            receiver.changed().await.ok()?;
        }
        let counts = receiver.borrow_and_update().clone()?;
        Some((Ok(Event::default().data(&*counts)), (receiver, false, place)))
    });
    Ok(Some(updates.take_until(Box::pin(ends))))
}

/// Reads the counters once a second and tells whoever listens, until the process stops.
pub async fn run(portal: Portal) {
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut last = (0, 0);
    loop {
        tokio::select! {
            () = portal.stopping.cancelled() => return,
            _ = ticks.tick() => {}
        }
        if portal.live.lock().is_empty() {
            continue;
        }
        if let Err(error) = tick(&portal, &mut last).await {
            tracing::warn!(%error, "live counts could not be read");
        }
    }
}

async fn tick(portal: &Portal, last: &mut (i64, i64)) -> Result<()> {
    let db = portal.db()?;
    let now = (store::changes(db).await?, session::ended(db).await?);
    if now.1 != last.1 {
        end_gone_sessions(portal, db).await?;
    }
    if now.0 != last.0 {
        tell(portal, db).await?;
    }
    *last = now;
    Ok(())
}

/// Sessions can end in another process.
async fn end_gone_sessions(portal: &Portal, db: &Db) -> Result<()> {
    let sessions: Vec<[u8; 32]> = portal.live.lock().values().map(|listener| listener.session).collect();
    for key in sessions {
        if !session::exists(db, &key).await? {
            portal.live.end_session(&key);
        }
    }
    Ok(())
}

/// Reads each listening subscriber's counts once, however many streams they have open.
async fn tell(portal: &Portal, db: &Db) -> Result<()> {
    let mut subscribers: Vec<String> =
        portal.live.lock().values().map(|listener| listener.subscriber.clone()).collect();
    subscribers.sort_unstable();
    subscribers.dedup();
    for subscriber in subscribers {
        let lines = model::lines_of(db, &portal.incident, &subscriber, portal.ambient.now()).await?;
        let told = InEach::make(|_| Arc::<str>::from(to_json(&lines)));
        for listener in portal.live.lock().values().filter(|listener| listener.subscriber == subscriber) {
            let counts = told.of(listener.language);
            listener.counts.send_if_modified(|shown| {
                let changed = shown.as_ref().is_some_and(|shown| shown != counts);
                if changed {
                    *shown = Some(counts.clone());
                }
                changed
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use app::Category;

    use super::*;
    use crate::{accounts::Subscriber, on_both, transaction, web::testing::TestPortal};

    async fn next(
        stream: &mut (impl Stream<Item = std::result::Result<Event, Infallible>> + Unpin),
    ) -> Option<String> {
        // An event's text is only to be had from its debug form.
        stream.next().await.map(|event| format!("{:?}", event.unwrap()))
    }

    on_both!(a_stream_tells_what_changes_and_ends_with_the_session, |test| {
        let test = TestPortal::new(test);
        let (portal, key) = (&test.portal, [1; 32]);
        let profile = Subscriber::for_test(test.subscriber("a-1", "+12125550101", "data-20").await);
        test.holding(&profile, Category::Contacts, 3, Some(10)).await;
        let stream = listen(portal, profile.own(), key).await.unwrap().unwrap();
        let mut stream = Box::pin(stream);
        assert!(next(&mut stream).await.unwrap().contains("3 of 10 recovered"));
        transaction!(portal.db().unwrap(), |tx| -> Result<()> {
            crate::store::sql("UPDATE holdings SET items = 4").execute(&mut *tx).await?;
            store::raise(tx).await
        })
        .unwrap();
        let mut last = (0, 0);
        tick(portal, &mut last).await.unwrap();
        assert!(next(&mut stream).await.unwrap().contains("4 of 10 recovered"));
        portal.live.end_session(&key);
        assert_eq!(next(&mut stream).await, None);
    });

    on_both!(beyond_the_limit_browsers_are_told_to_ask_instead, |test| {
        let test = TestPortal::new(test);
        let profile = Subscriber::for_test(test.subscriber("a-1", "+12125550101", "data-20").await);
        let mut open = Vec::new();
        for _ in 0..MOST_EACH {
            open.push(Box::pin(listen(&test.portal, profile.own(), [1; 32]).await.unwrap().unwrap()));
        }
        assert!(listen(&test.portal, profile.own(), [1; 32]).await.unwrap().is_none());
        open.pop();
        assert!(
            listen(&test.portal, profile.own(), [1; 32]).await.unwrap().is_some(),
            "a closed stream makes room"
        );
    });

    on_both!(streams_end_when_the_process_stops, |test| {
        let test = TestPortal::new(test);
        let profile = Subscriber::for_test(test.subscriber("a-1", "+12125550101", "data-20").await);
        let mut stream = Box::pin(listen(&test.portal, profile.own(), [1; 32]).await.unwrap().unwrap());
        next(&mut stream).await.unwrap();
        test.portal.stopping.cancel();
        assert_eq!(next(&mut stream).await, None);
    });
}
