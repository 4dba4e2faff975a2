use std::{fmt, io};

/// Why a member's bytes could not be had, for a person.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    #[error("the file is cut short; get the container again, whole, and import it again")]
    Truncated,
    #[error("the file is damaged: {0}; get the container again and import it again")]
    Damaged(String),
    #[error("the file is larger than {limit} bytes, the most that is read of one file")]
    TooLarge { limit: u64 },
    #[error(
        "the file unpacks to more than {ratio} times its size, as a zip bomb does; if it is honest, import it unpacked"
    )]
    Bomb { ratio: u64 },
    #[error("the container unpacks to more than {limit} bytes; import it in parts")]
    TotalReached { limit: u64 },
    #[error("the file cannot be read: {0}")]
    Io(io::Error),
}

impl Unread {
    /// The same once more: one for the visitor, one for the walk.
    pub(super) fn again(&self) -> Unread {
        match self {
            Unread::Truncated => Unread::Truncated,
            Unread::Damaged(what) => Unread::Damaged(what.clone()),
            Unread::TooLarge { limit } => Unread::TooLarge { limit: *limit },
            Unread::Bomb { ratio } => Unread::Bomb { ratio: *ratio },
            Unread::TotalReached { limit } => Unread::TotalReached { limit: *limit },
            Unread::Io(error) => Unread::Io(io::Error::new(error.kind(), error.to_string())),
        }
    }
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Unread {
        match error.downcast::<Unread>() {
            Ok(unread) => unread,
            Err(error) => match error.kind() {
                io::ErrorKind::UnexpectedEof => Unread::Truncated,
                io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
                    Unread::Damaged(error.to_string())
                }
                _ => Unread::Io(error),
            },
        }
    }
}

impl From<Unread> for io::Error {
    fn from(unread: Unread) -> io::Error {
        let kind = match &unread {
            Unread::Truncated => io::ErrorKind::UnexpectedEof,
            Unread::Io(error) => error.kind(),
            _ => io::ErrorKind::InvalidData,
        };
        io::Error::new(kind, unread)
    }
}

/// Why a container could not be read, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    #[error("{container} cannot be opened: {error}; check the path and who may read it")]
    Open { container: String, error: io::Error },
    #[error("{container} is no directory, zip, tar or tar.gz: {what}")]
    NotAContainer { container: String, what: String },
    #[error(
        "{container} ends too early, {place}: what came before was read; get it again, whole, and import it again, nothing counts twice"
    )]
    Truncated { container: String, place: Place },
    #[error(
        "{container} is damaged, {place}: {what}; what came before was read; get it again and import it again, nothing counts twice"
    )]
    Damaged { container: String, place: Place, what: String },
    #[error(
        "{container} is more than is read of one container, {place}: {what}; what came before was read; import the rest in parts"
    )]
    Limit { container: String, place: Place, what: String },
    #[error(
        "{container} cannot be read on, {place}: {error}; what came before was read; mend that and import it again, nothing counts twice"
    )]
    Io { container: String, place: Place, error: io::Error },
}

/// The last entry that a walk came by, as a place in the container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place(pub String);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_str() {
            "" => f.write_str("before its first file"),
            path => write!(f, "in or after {path}"),
        }
    }
}

/// Why a walk ended early.
#[derive(Debug, thiserror::Error)]
pub enum WalkError<E> {
    #[error(transparent)]
    Source(SourceError),
    /// What the visitor said.
    #[error("{0}")]
    Visit(E),
}

impl<E> WalkError<E> {
    pub(super) fn explain(stop: Stop<E>, container: String, place: String) -> WalkError<E> {
        let place = Place(place);
        WalkError::Source(match stop {
            Stop::Visit(error) => return WalkError::Visit(error),
            Stop::Truncated => SourceError::Truncated { container, place },
            Stop::Damaged(what) => SourceError::Damaged { container, place, what },
            Stop::Limit(what) => SourceError::Limit { container, place, what },
            Stop::Io(error) => SourceError::Io { container, place, error },
        })
    }
}

/// The same inside, before it is known which container and where.
pub(super) enum Stop<E> {
    Visit(E),
    Truncated,
    Damaged(String),
    Limit(String),
    Io(io::Error),
}

impl<E> From<Unread> for Stop<E> {
    fn from(unread: Unread) -> Stop<E> {
        match unread {
            Unread::Truncated => Stop::Truncated,
            Unread::Damaged(what) => Stop::Damaged(what),
            Unread::Io(error) => Stop::Io(error),
            Unread::TooLarge { limit } => Stop::Limit(format!("a file of more than {limit} bytes")),
            Unread::Bomb { ratio } => {
                Stop::Limit(format!("it unpacks to more than {ratio} times its size, as a zip bomb does"))
            }
            Unread::TotalReached { limit } => Stop::Limit(format!("it unpacks to more than {limit} bytes")),
        }
    }
}

impl<E> From<io::Error> for Stop<E> {
    fn from(error: io::Error) -> Stop<E> {
        Unread::from(error).into()
    }
}
