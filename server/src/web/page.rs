//! Drawing a page for whoever asks.

use app::{
    Document, Page,
    models::{Frame, Support, Visitor},
    render,
};
use axum::{
    extract::FromRequestParts,
    response::{Html, IntoResponse, Response},
};
use http::{HeaderValue, header, request::Parts};

use crate::{
    accounts::Subscriber,
    portal::Portal,
    staff::{Member, rooms},
    web,
};

/// Who looks on, and from where: turns a model into a response.
pub struct View {
    frame: Frame,
}

impl View {
    /// The view of somebody who is not signed in, whatever the cookies say: no storage is read.
    pub fn public(portal: &Portal, path: &str) -> Self {
        Self { frame: frame(portal, Visitor::Nobody, path) }
    }

    /// The document alone, for a page that is kept and sent many times.
    pub fn draw<P: Page>(&self, page: P) -> Document {
        render(&self.frame, page)
    }

    pub fn page<P: Page>(&self, page: P) -> Response {
        let document = self.draw(page);
        let policy = match (&document.nonce, document.starts_worker) {
            (Some(nonce), true) => worker_policy(nonce),
            (Some(nonce), false) => policy(&format!("'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'")),
            (None, _) => policy("'none'"),
        };
        let mut response = Html(document.html).into_response();
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        response
    }

    pub fn is_signed_in(&self) -> bool {
        matches!(self.frame.visitor, Visitor::Subscriber { .. })
    }
}

/// CSP level 3: nothing inline, nothing from elsewhere, in no frame.
pub fn policy(script: &str) -> String {
    format!(
        "default-src 'none'; script-src {script}; style-src 'self'; img-src 'self'; connect-src 'self'; \
         manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// For a page that works on a file of the reader's: it starts a worker and can send nothing anywhere.
fn worker_policy(nonce: &str) -> String {
    let policy = policy(&format!("'nonce-{nonce}'")).replace("connect-src 'self'", "connect-src 'none'");
    format!("{policy}; worker-src 'self'")
}

/// The operator's first line of support, as pages name it.
pub fn support(portal: &Portal) -> Support {
    crate::web::wording::support(&portal.incident)
}

fn frame(portal: &Portal, visitor: Visitor, path: &str) -> Frame {
    Frame {
        operator: portal.incident.operator.clone(),
        product: portal.incident.product.clone(),
        demo: portal.incident.demo.as_ref().map(|demo| demo.sentence.clone()),
        visitor,
        path: path.to_owned(),
        assets: portal.site.addresses.clone(),
    }
}

impl FromRequestParts<Portal> for View {
    type Rejection = web::Error;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> web::Result<Self> {
        let path = parts.uri.path().to_owned();
        let visitor = if path == "/staff" || path.starts_with("/staff/") {
            match Member::of_request(parts, portal).await? {
                Some(member) => Visitor::Staff { name: member.name().to_owned(), rooms: rooms::of(&member) },
                None => Visitor::Nobody,
            }
        } else {
            match Subscriber::of_request(parts, portal).await? {
                Some(subscriber) => Visitor::Subscriber { phone_end: subscriber.phone_end() },
                None => Visitor::Nobody,
            }
        };
        Ok(Self { frame: frame(portal, visitor, &path) })
    }
}

/// The view of a page that needs no storage: while nobody can be looked up, it is drawn for nobody.
pub struct OpenView(pub View);

impl FromRequestParts<Portal> for OpenView {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Self::Rejection> {
        let view = View::from_request_parts(parts, portal).await;
        Ok(Self(view.unwrap_or_else(|error| {
            tracing::warn!(%error, "drew a page for nobody, since nobody can be looked up");
            View::public(portal, parts.uri.path())
        })))
    }
}
