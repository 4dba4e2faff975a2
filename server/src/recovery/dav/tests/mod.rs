//! The protocol over the whole portal, on both engines.

mod changes;
mod discovery;
mod reading;
mod refusals;

use app::Category;
use axum::body::Body;
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{Method, Request, header};

use super::xml::{self, DAV, Element};
use crate::{
    accounts::{Profile, app_passwords},
    intake::Intake,
    recovery::{Cohort, release},
    store::{keyring::Keyring, keys::MasterKey, testing::TestDb},
    web::testing::{Answer, Browser, TestPortal},
};

const CARDS: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:ann\r\nFN:Ann Example\r\nTEL;TYPE=CELL:+12125550123\r\nEND:VCARD\r\n\
    BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg\r\nEND:VCARD\r\n";

const CALENDAR: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n\
    BEGIN:VTIMEZONE\r\nTZID:America/Los_Angeles\r\nBEGIN:STANDARD\r\nDTSTART:20071104T020000\r\nTZOFFSETFROM:-0700\r\nTZOFFSETTO:-0800\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n\
    BEGIN:VEVENT\r\nUID:weekly\r\nDTSTAMP:20090901T000000Z\r\nDTSTART;TZID=America/Los_Angeles:20090907T100000\r\nRRULE:FREQ=WEEKLY;COUNT=9\r\nSUMMARY:Class\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:weekly\r\nDTSTAMP:20090901T000000Z\r\nRECURRENCE-ID;TZID=America/Los_Angeles:20090914T100000\r\nDTSTART;TZID=America/Los_Angeles:20090914T120000\r\nSUMMARY:Class\\, later\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:dentist\r\nDTSTAMP:20090901T000000Z\r\nDTSTART:20091015T100000Z\r\nSUMMARY:Dentist\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

/// A subscriber with contacts, a calendar, a task and a note, and a phone that has their app password.
struct Scene {
    test: TestPortal,
    owner: Profile,
    phone: Phone,
}

async fn scene(db: &TestDb) -> Scene {
    let test = TestPortal::new(db);
    let owner = test.subscriber("a-1", "+12125550101", "data-20").await;
    let phone = Phone::of(&test, &owner).await;
    let scene = Scene { test, owner, phone };
    scene.import("contacts/all.vcf", CARDS).await;
    scene.import("calendar/all.ics", CALENDAR).await;
    scene
        .import(
            "tasks/one.ics",
            "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:t\r\nSUMMARY:Call\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
        )
        .await;
    scene.import("notes/list.txt", "Groceries\nmilk").await;
    scene
}

impl Scene {
    /// Imports one more file of the subscriber's.
    async fn import(&self, path: &str, text: &str) {
        let root = self.test.folder.path().join(self.test.portal.ambient.id());
        let file = root.join("data/a-1").join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
        let p = &self.test.portal;
        let keyring = Keyring::new(MasterKey::from_bytes([7; 32]));
        let intake = Intake::new(p.db().unwrap().clone(), p.blobs.clone(), keyring, p.ambient.clone());
        let (_, outcome) = intake.import(&root, &mut |_| {}).await;
        outcome.unwrap();
    }

    async fn open(&self, categories: &[Category]) {
        let p = &self.test.portal;
        for category in categories {
            release(p.db().unwrap(), &p.ambient, *category, Cohort::Everyone, "test").await.unwrap();
        }
    }

    async fn open_all(&self) {
        self.open(&[Category::Contacts, Category::Calendar, Category::Tasks, Category::Notes]).await;
    }
}

/// A client with a user name and a password.
struct Phone {
    browser: Browser,
    authorization: String,
}

impl Phone {
    async fn of(test: &TestPortal, owner: &Profile) -> Self {
        let made = app_passwords::made_for_test(&test.portal, owner).await;
        Self::with(test, &made.user_name, &made.password)
    }

    fn with(test: &TestPortal, user_name: &str, password: &str) -> Self {
        let authorization = format!("Basic {}", STANDARD.encode(format!("{user_name}:{password}")));
        Self { browser: test.browser(), authorization }
    }

    async fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = Request::builder().method(Method::from_bytes(method.as_bytes()).unwrap()).uri(path);
        request = request.header(header::AUTHORIZATION, &self.authorization);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.browser.send(request, Body::from(body.to_owned())).await
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, &[], "").await
    }

    /// The responses of a PROPFIND for these properties: `d:`, `card:`, `cal:` and `cs:` are known.
    async fn find(&mut self, path: &str, depth: &str, properties: &str) -> Vec<Element> {
        let body = format!("<d:propfind {SPACES}><d:prop>{properties}</d:prop></d:propfind>");
        let answer = self.send("PROPFIND", path, &[("depth", depth)], &body).await;
        assert_eq!(answer.status, 207, "{path}: {}", answer.text());
        responses(&answer)
    }

    /// The whole answer to a REPORT.
    async fn report(&mut self, path: &str, root: &str, inside: &str) -> Answer {
        let body = format!("<{root} {SPACES}>{inside}</{root}>");
        self.send("REPORT", path, &[("depth", "1")], &body).await
    }
}

const SPACES: &str = "xmlns:d='DAV:' xmlns:card='urn:ietf:params:xml:ns:carddav' \
    xmlns:cal='urn:ietf:params:xml:ns:caldav' xmlns:cs='http://calendarserver.org/ns/'";

fn responses(answer: &Answer) -> Vec<Element> {
    let root = xml::read(&answer.body).unwrap();
    root.children.into_iter().filter(|child| child.is(DAV, "response")).collect()
}

fn href_of(response: &Element) -> &str {
    &response.child(DAV, "href").unwrap().text
}

/// A property that was found.
fn found<'a>(response: &'a Element, space: &str, local: &str) -> Option<&'a Element> {
    let sets = response.children.iter().filter(|child| child.is(DAV, "propstat"));
    let good = sets.filter(|set| set.child(DAV, "status").unwrap().text == "HTTP/1.1 200 OK");
    good.filter_map(|set| set.child(DAV, "prop")?.child(space, local)).next()
}

fn token_of(answer: &Answer) -> String {
    xml::read(&answer.body).unwrap().child(DAV, "sync-token").unwrap().text.clone()
}

const CONTACTS: &str = "/dav/addressbooks/contacts/";
const EVENTS: &str = "/dav/calendars/calendar/";
