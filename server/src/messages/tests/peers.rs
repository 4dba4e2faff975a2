//! A gateway and a mail server that misbehave when told to.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::Notify,
};

/// What the gateway does with the next message. Without a word it takes it.
#[derive(Clone, Debug)]
pub enum Act {
    Take,
    /// Takes it and closes the line without an answer.
    TakeAndHangUp,
    /// Takes it and answers with this status.
    TakeAndSay(u16),
    /// Takes it and answers once it is called.
    TakeAndWait(Arc<Notify>),
    /// Does not take it: status, a header line or nothing, body.
    Refuse(u16, &'static str, String),
}

/// A text message that the gateway has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    pub to: String,
    pub from: String,
    pub body: String,
    pub report_to: String,
}

#[derive(Default)]
struct Gateway {
    acts: VecDeque<Act>,
    taken: Vec<Taken>,
    asked: usize,
}

/// A server in the shape of Twilio's, on loopback.
#[derive(Clone)]
pub struct FakeGateway {
    pub address: SocketAddr,
    inner: Arc<Mutex<Gateway>>,
}

/// How long ago 20 October 2009, 12:00 UTC was does not matter: every message was made then.
const CREATED: &str = "Tue, 20 Oct 2009 12:00:00 +0000";

impl FakeGateway {
    pub async fn start(acts: impl IntoIterator<Item = Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let gateway = Gateway { acts: acts.into_iter().collect(), ..Gateway::default() };
        let fake =
            FakeGateway { address: listener.local_addr().unwrap(), inner: Arc::new(Mutex::new(gateway)) };
        let serving = fake.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let fake = serving.clone();
                tokio::spawn(async move { fake.serve(stream).await });
            }
        });
        fake
    }

    /// The setting that leads here.
    pub fn setting(&self) -> String {
        format!("twilio+http://AC1:secret@{}?from=+15550100", self.address)
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.inner.lock().unwrap().taken.clone()
    }

    pub fn asked(&self) -> usize {
        self.inner.lock().unwrap().asked
    }

    async fn serve(&self, stream: TcpStream) {
        let mut stream = BufReader::new(stream);
        let Some((line, headers, body)) = request(&mut stream).await else { return };
        // AC1:secret
        assert!(
            headers.iter().any(|header| header == "authorization: Basic QUMxOnNlY3JldA=="),
            "{headers:?}"
        );
        if let Some(query) = line.strip_prefix("GET /2010-04-01/Accounts/AC1/Messages.json?") {
            let found = self.find(query.split(' ').next().unwrap());
            return answer(&mut stream, 200, "", &found).await;
        }
        assert!(line.starts_with("POST /2010-04-01/Accounts/AC1/Messages.json "), "{line}");
        let fields: std::collections::HashMap<String, String> =
            url::form_urlencoded::parse(&body).into_owned().collect();
        let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
        let message = Taken {
            to: field("To"),
            from: field("From"),
            body: field("Body"),
            report_to: field("StatusCallback"),
        };
        let act = self.inner.lock().unwrap().acts.pop_front().unwrap_or(Act::Take);
        let sid = {
            let mut inner = self.inner.lock().unwrap();
            if !matches!(act, Act::Refuse(..)) {
                inner.taken.push(message);
            }
            format!("SM{}", inner.taken.len())
        };
        let created = format!("{{\"sid\":\"{sid}\",\"status\":\"queued\"}}");
        match act {
            Act::Take => answer(&mut stream, 201, "", &created).await,
            Act::TakeAndHangUp => {}
            Act::TakeAndSay(status) => answer(&mut stream, status, "", "{}").await,
            Act::TakeAndWait(call) => {
                call.notified().await;
                answer(&mut stream, 201, "", &created).await;
            }
            Act::Refuse(status, header, body) => answer(&mut stream, status, header, &body).await,
        }
    }

    fn find(&self, query: &str) -> String {
        let mut inner = self.inner.lock().unwrap();
        inner.asked += 1;
        let asked: Vec<(String, String)> =
            url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        assert_eq!(asked[1], ("DateSent>".to_owned(), "2009-10-20".to_owned()));
        let known =
            inner.taken.iter().enumerate().filter(|(_, taken)| taken.to == asked[0].1).map(|(n, taken)| {
                serde_json::json!({
                    "sid": format!("SM{}", n + 1), "to": taken.to, "body": taken.body,
                    "date_created": CREATED, "status": "sent",
                })
            });
        serde_json::json!({ "messages": known.collect::<Vec<_>>() }).to_string()
    }
}

async fn request(stream: &mut BufReader<TcpStream>) -> Option<(String, Vec<String>, Vec<u8>)> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let length =
        lines.iter().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    let first = lines.remove(0);
    Some((first, lines, body))
}

async fn answer(stream: &mut BufReader<TcpStream>, status: u16, header: &str, body: &str) {
    let header = if header.is_empty() { String::new() } else { format!("{header}\r\n") };
    let text = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n{header}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let _ = stream.write_all(text.as_bytes()).await;
}

/// What the mail server says where; a 250 where nothing is set.
#[derive(Clone, Debug, Default)]
pub struct Manners {
    pub greets: Option<&'static str>,
    pub to_recipient: Option<&'static str>,
    pub to_message: Option<&'static str>,
    /// Takes the message and closes the line without an answer.
    pub hangs_up: bool,
}

#[derive(Clone)]
pub struct FakeMailServer {
    pub address: SocketAddr,
    manners: Arc<Mutex<VecDeque<Manners>>>,
    taken: Arc<Mutex<Vec<String>>>,
}

impl FakeMailServer {
    /// One connection after another behaves as told, and then well.
    pub async fn start(manners: impl IntoIterator<Item = Manners>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let fake = FakeMailServer {
            address: listener.local_addr().unwrap(),
            manners: Arc::new(Mutex::new(manners.into_iter().collect())),
            taken: Arc::default(),
        };
        let serving = fake.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let fake = serving.clone();
                tokio::spawn(async move { fake.serve(stream).await });
            }
        });
        fake
    }

    pub fn setting(&self) -> String {
        format!("smtp://{}", self.address)
    }

    pub fn taken(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }

    async fn serve(&self, stream: TcpStream) -> Option<()> {
        let manners = self.manners.lock().unwrap().pop_front().unwrap_or_default();
        let mut stream = BufReader::new(stream);
        say(&mut stream, manners.greets.unwrap_or("220 mail.example.com ESMTP")).await?;
        loop {
            let line = line(&mut stream).await?;
            let command = line.trim_end().split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            match command.as_str() {
                "EHLO" => say(&mut stream, "250-mail.example.com\r\n250 8BITMIME").await?,
                "RCPT" => say(&mut stream, manners.to_recipient.unwrap_or("250 ok")).await?,
                "DATA" => {
                    say(&mut stream, "354 go on").await?;
                    let message = data(&mut stream).await?;
                    if manners.to_message.is_none() {
                        self.taken.lock().unwrap().push(message);
                    }
                    if manners.hangs_up {
                        return None;
                    }
                    say(&mut stream, manners.to_message.unwrap_or("250 taken")).await?;
                }
                "QUIT" => return say(&mut stream, "221 bye").await,
                _ => say(&mut stream, "250 ok").await?,
            }
        }
    }
}

async fn line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    stream.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
    Some(line)
}

async fn data(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut message = String::new();
    loop {
        match line(stream).await? {
            end if end == ".\r\n" => return Some(message),
            line => message.push_str(line.strip_prefix('.').unwrap_or(&line)),
        }
    }
}

async fn say(stream: &mut BufReader<TcpStream>, words: &str) -> Option<()> {
    stream.write_all(format!("{words}\r\n").as_bytes()).await.ok()
}
