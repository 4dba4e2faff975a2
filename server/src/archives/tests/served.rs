//! Whole, in part, under conditions: what RFC 9110 asks of a download.

use axum::body::Body;
use base64::{Engine, engine::general_purpose::STANDARD};
use http::Request;

use super::*;
use crate::web::testing::Browser;

const ZIP: &str = "/recovery/archive.zip";

/// A browser of somebody with everything open, and the whole ZIP.
async fn downloaded(test: &TestDb) -> (TestPortal, Browser, Answer) {
    let (portal, profile) = scene(test).await;
    import(&portal, &[("photos/large.bin", &vec![7; 700_000])]).await;
    for category in Category::ALL {
        open(&portal, category).await;
    }
    let mut browser = portal.signed_in(&profile).await;
    let whole = browser.get(ZIP).await;
    (portal, browser, whole)
}

async fn ask(browser: &mut Browser, headers: &[(&str, &str)]) -> Answer {
    let request =
        headers.iter().fold(Request::get(ZIP), |request, (name, value)| request.header(*name, *value));
    browser.send(request, Body::empty()).await
}

on_both!(an_answer_says_all_that_a_client_needs_to_resume, |test| {
    let (_portal, mut browser, whole) = downloaded(test).await;
    assert_eq!(header(&whole, "accept-ranges"), "bytes");
    assert_eq!(header(&whole, "content-type"), "application/zip");
    assert_eq!(header(&whole, "cache-control"), "private, no-store, no-transform");
    assert_eq!(
        header(&whole, "content-disposition"),
        "attachment; filename=\"recovered-data.zip\"; filename*=UTF-8''recovered-data.zip"
    );
    assert!(header(&whole, "etag").starts_with('"') && header(&whole, "last-modified").ends_with("GMT"));
    let head = browser.send(Request::head(ZIP).header("range", "bytes=0-1"), Body::empty()).await;
    assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0));
    for name in ["content-length", "etag", "last-modified", "accept-ranges", "content-disposition"] {
        assert_eq!(header(&head, name), header(&whole, name), "{name}");
    }
});

on_both!(any_range_is_the_same_bytes_as_in_the_whole, |test| {
    let (_portal, mut browser, whole) = downloaded(test).await;
    let length = whole.body.len();
    let cuts = [0, 1, 29, 30, 4_000, length / 3, length / 2, length - 23, length - 22, length - 1, length];
    for pair in cuts.windows(2) {
        for (from, to) in [(pair[0], pair[1]), (0, pair[1]), (pair[0], length)] {
            let answer = ask(&mut browser, &[("range", &format!("bytes={from}-{}", to - 1))]).await;
            assert_eq!(answer.status, StatusCode::PARTIAL_CONTENT);
            assert_eq!(header(&answer, "content-range"), format!("bytes {from}-{}/{length}", to - 1));
            assert_eq!(header(&answer, "content-length"), (to - from).to_string());
            assert!(answer.body == whole.body[from..to], "{from}..{to}");
        }
    }
    let suffix = ask(&mut browser, &[("range", "bytes=-100")]).await;
    assert!(suffix.body == whole.body[length - 100..]);
});

on_both!(several_ranges_come_as_parts, |test| {
    let (_portal, mut browser, whole) = downloaded(test).await;
    let length = whole.body.len();
    let answer = ask(&mut browser, &[("range", "bytes=5000-5009,0-3,-2")]).await;
    assert_eq!(answer.status, StatusCode::PARTIAL_CONTENT);
    assert!(!answer.headers.contains_key("content-range"));
    assert_eq!(header(&answer, "content-length"), answer.body.len().to_string());
    let boundary = header(&answer, "content-type").strip_prefix("multipart/byteranges; boundary=").unwrap();
    let mut expected = Vec::new();
    for (from, to) in [(5000, 5010), (0, 4), (length - 2, length)] {
        let head = format!(
            "\r\n--{boundary}\r\nContent-Type: application/zip\r\nContent-Range: bytes {from}-{}/{length}\r\n\r\n",
            to - 1
        );
        expected.extend([head.as_bytes(), &whole.body[from..to]].concat());
    }
    expected.extend(format!("\r\n--{boundary}--\r\n").as_bytes());
    assert!(answer.body == expected);
    // What touches is one range, and no multipart.
    let answer = ask(&mut browser, &[("range", "bytes=0-9,10-19")]).await;
    assert_eq!(header(&answer, "content-range"), format!("bytes 0-19/{length}"));
});

on_both!(what_cannot_be_had_is_refused_with_the_length, |test| {
    let (_portal, mut browser, whole) = downloaded(test).await;
    let many: Vec<String> = (0..40).map(|n| format!("{}-{}", n * 300, n * 300)).collect();
    let many = format!("bytes={}", many.join(","));
    for range in [&format!("bytes={}-", whole.body.len()), "bytes=9-8", "bytes=x", &many, "bytes=0-,0-,0-"] {
        let answer = ask(&mut browser, &[("range", range)]).await;
        assert_eq!(answer.status, StatusCode::RANGE_NOT_SATISFIABLE, "{range}");
        assert_eq!(header(&answer, "content-range"), format!("bytes */{}", whole.body.len()));
        assert_eq!(header(&answer, "etag"), header(&whole, "etag"));
        assert!(answer.body.is_empty());
        for name in ["content-disposition", "repr-digest"] {
            assert!(!answer.headers.contains_key(name), "{name} is of the ZIP, and this is none");
        }
    }
    assert_eq!(ask(&mut browser, &[("range", "pages=1-2")]).await.status, StatusCode::OK);
});

on_both!(conditions_are_judged_against_the_edition, |test| {
    let (_portal, mut browser, whole) = downloaded(test).await;
    let (tag, date) = (header(&whole, "etag"), header(&whole, "last-modified"));
    let range = ("range", "bytes=0-9");
    for (headers, status) in [
        (vec![("if-none-match", tag)], StatusCode::NOT_MODIFIED),
        (vec![("if-modified-since", date)], StatusCode::NOT_MODIFIED),
        (vec![("if-match", "\"other\""), range], StatusCode::PRECONDITION_FAILED),
        (vec![("if-unmodified-since", "Mon, 19 Oct 2009 12:00:00 GMT")], StatusCode::PRECONDITION_FAILED),
        (vec![("if-range", tag), range], StatusCode::PARTIAL_CONTENT),
        (vec![("if-range", date), range], StatusCode::PARTIAL_CONTENT),
        (vec![("if-range", "\"other\""), range], StatusCode::OK),
        (vec![("if-range", "\"other\""), ("range", "bytes=nonsense")], StatusCode::OK),
        (vec![("if-match", tag), range], StatusCode::PARTIAL_CONTENT),
    ] {
        let answer = ask(&mut browser, &headers).await;
        assert_eq!(answer.status, status, "{headers:?}");
        assert_eq!(header(&answer, "etag"), tag, "{headers:?}");
        assert_eq!(
            answer.headers.contains_key("content-disposition"),
            status != StatusCode::PRECONDITION_FAILED
        );
        if status == StatusCode::OK {
            assert!(answer.body == whole.body);
        }
        if status == StatusCode::NOT_MODIFIED || status == StatusCode::PRECONDITION_FAILED {
            assert!(answer.body.is_empty());
        }
    }
});

on_both!(the_digest_of_the_whole_is_told_once_it_is_known, |test| {
    let (_portal, mut browser, whole) = downloaded(test).await;
    let expected = format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(&whole.body)));
    for _ in 0..2_000 {
        let answer = ask(&mut browser, &[("range", "bytes=0-0")]).await;
        match header(&answer, "repr-digest") {
            "" => tokio::time::sleep(std::time::Duration::from_millis(5)).await,
            digest => return assert_eq!(digest, expected),
        }
    }
    panic!("no digest");
});
