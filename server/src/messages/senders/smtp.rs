//! E-mail by SMTP (RFC 5321), one step at a time, so that each failure says whether the message can have gone.

use std::{future::Future, time::Duration};

use lettre::{
    message::Mailbox,
    transport::smtp::{
        Error,
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::ClientId,
    },
};
use tokio::sync::Mutex;

use super::{
    Outcome, Outgoing,
    address::{SmtpServer, Tls},
    letter::{self, Built},
};
use crate::ambient::{MINUTE, Millis};

/// How long a server may take over one answer (RFC 5321 would allow minutes).
const PATIENCE: Duration = Duration::from_secs(30);
/// After the message itself: it may be looked at for viruses meanwhile.
const LAST_PATIENCE: Duration = Duration::from_secs(120);
/// What is wrong with the server or our login is left alone for so long.
const REST: Millis = MINUTE;

pub struct SmtpClient {
    server: SmtpServer,
    from: Mailbox,
    host: String,
    /// Connections that wait for the next message.
    idle: Mutex<Vec<AsyncSmtpConnection>>,
}

impl SmtpClient {
    /// `host` is the portal's, as the base URL has it.
    pub fn new(server: SmtpServer, from: Mailbox, host: &str) -> Self {
        SmtpClient { server, from, host: host.to_owned(), idle: Mutex::default() }
    }

    pub async fn send(&self, outgoing: &Outgoing<'_>) -> Outcome {
        let built = match letter::build(outgoing, &self.from, &self.host) {
            Ok(built) => built,
            Err(why) => return Outcome::Refused { why, address: true },
        };
        let mut connection = match self.connection().await {
            Ok(connection) => connection,
            Err(why) => return Outcome::NotYet { why, after: Some(REST) },
        };
        match self.hand_over(&mut connection, &built).await {
            Ok(()) => {
                self.idle.lock().await.push(connection);
                Outcome::Sent { provider_id: None }
            }
            Err(outcome) => {
                let _ = tokio::time::timeout(PATIENCE, connection.abort()).await;
                outcome
            }
        }
    }

    async fn hand_over(&self, connection: &mut AsyncSmtpConnection, built: &Built) -> Result<(), Outcome> {
        let (from, to) = (built.envelope.from().cloned(), built.envelope.to().first().cloned());
        let Some(to) = to else {
            return Err(Outcome::Refused { why: "it has no recipient".to_owned(), address: true });
        };
        // That our own address is refused is for the operator to mend, not the end of the message.
        let mail = step(connection.command(Mail::new(from, vec![])), PATIENCE).await;
        mail.map_err(|error| Outcome::not_yet(error.to_string()))?;
        let rcpt = step(connection.command(Rcpt::new(to, vec![])), PATIENCE).await;
        rcpt.map_err(|error| error.outcome(true))?;
        let data = step(connection.command(Data), PATIENCE).await;
        data.map_err(|error| error.outcome(false))?;
        // From here on a lost answer says nothing of whether the server has it.
        match step(connection.message(&built.bytes), LAST_PATIENCE).await {
            Ok(()) => Ok(()),
            Err(error) if error.is_an_answer() => Err(error.outcome(false)),
            Err(error) => Err(Outcome::doubtful(error)),
        }
    }

    /// One that is open still, or a new one.
    async fn connection(&self) -> Result<AsyncSmtpConnection, String> {
        while let Some(mut connection) = self.take_idle().await {
            if tokio::time::timeout(PATIENCE, connection.test_connected()).await == Ok(true) {
                return Ok(connection);
            }
        }
        tokio::time::timeout(PATIENCE, self.connect())
            .await
            .map_err(|_| "the mail server took too long to greet".to_owned())?
            .map_err(|error| Failure::of(error).to_string())
    }

    async fn take_idle(&self) -> Option<AsyncSmtpConnection> {
        self.idle.lock().await.pop()
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let SmtpServer { host, port, tls, login } = &self.server;
        let parameters = || TlsParameters::new_rustls(host.clone());
        let whole = (*tls == Tls::Whole).then(parameters).transpose()?;
        let hello = self.hello();
        let address = (host.as_str(), *port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(address, Some(PATIENCE), &hello, whole, None).await?;
        if *tls == Tls::Required {
            connection.starttls(parameters()?, &hello).await?;
        }
        if let Some((name, password)) = login {
            let credentials = Credentials::new(name.clone(), password.0.clone());
            connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await?;
        }
        Ok(connection)
    }

    fn hello(&self) -> ClientId {
        let id = letter::message_id("", &self.host);
        ClientId::Domain(id.trim_start_matches("<@").trim_end_matches('>').to_owned())
    }
}

/// Why a step failed.
enum Failure {
    /// The server said no for now, or for good, with its words.
    Now(String),
    Never(String),
    /// The line broke, or nothing came.
    Line(String),
}

impl Failure {
    fn of(error: Error) -> Self {
        let told = told(&error);
        match (error.is_transient(), error.is_permanent()) {
            (true, _) => Failure::Now(told),
            (_, true) => Failure::Never(told),
            _ => Failure::Line(told),
        }
    }

    fn is_an_answer(&self) -> bool {
        !matches!(self, Failure::Line(_))
    }

    /// What it means for a message whose content was not handed over; `of_recipient` when it answers RCPT.
    fn outcome(self, of_recipient: bool) -> Outcome {
        match self {
            Failure::Never(why) => {
                let address = of_recipient && is_of_mailbox(&why);
                Outcome::Refused { why, address }
            }
            Failure::Now(why) | Failure::Line(why) => Outcome::not_yet(why),
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Failure::Now(why) | Failure::Never(why) | Failure::Line(why)) = self;
        f.write_str(why)
    }
}

/// The error with what caused it, without addresses, which servers like to repeat.
fn told(error: &Error) -> String {
    let mut told = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        told = format!("{told}: {cause}");
        source = cause.source();
    }
    let words = told.split_whitespace().map(|word| if word.contains('@') { "…" } else { word });
    words.collect::<Vec<_>>().join(" ").chars().take(200).collect()
}

/// Whether a final no to a recipient is about the mailbox, by its enhanced code (RFC 3463) where it has one: a server
/// that relays for others only, or dislikes ours (5.7.…), says nothing of the address.
fn is_of_mailbox(why: &str) -> bool {
    let codes = ["5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.0", "5.2.1", "5.0.0"];
    let enhanced = why.split_whitespace().find(|word| {
        word.starts_with("5.")
            && word.split('.').count() == 3
            && word.chars().all(|c| c.is_ascii_digit() || c == '.')
    });
    match enhanced {
        Some(code) => codes.contains(&code),
        None => ["550", "551", "553"].iter().any(|code| why.contains(&format!("({code})"))),
    }
}

async fn step<T>(run: impl Future<Output = Result<T, Error>>, patience: Duration) -> Result<(), Failure> {
    match tokio::time::timeout(patience, run).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(Failure::of(error)),
        Err(_) => Err(Failure::Line("the mail server took too long to answer".to_owned())),
    }
}
