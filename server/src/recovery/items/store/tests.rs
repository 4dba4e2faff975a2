//! That a page of a long list costs a page: ten thousand items, and how each engine means to find its rows.

use super::*;
use crate::{
    on_both,
    store::{Many, Query, next_rows},
    transaction,
    web::testing::TestPortal,
};

const MANY: usize = 10_000;

static ITEMS: Many = Many::new(
    "INSERT INTO items (id, subscriber_id, category, identity, digest, title, sort, search, details, body, file_id,
     created_at) VALUES {rows}",
    12,
);

/// One of many contacts, or of as many calendar entries of which every hundredth repeats and every other hundredth goes
/// on for years.
fn item(query: Query, subscriber: &str, category: Category, n: usize) -> Query {
    let letter = char::from(b'a' + (n % 26) as u8);
    let title = format!("{letter}nn {n:05}");
    let (sort, details) = match category {
        Category::Calendar => {
            let repeats = if n.is_multiple_of(100) { "every week" } else { "" };
            let day = format!("{}-{:02}-{:02}", 2000 + n % 10, n % 12 + 1, n % 28 + 1);
            let ends = if n % 100 == 50 { "3 May 2012" } else { "3 May 2001, 10:00" };
            (
                format!("{day} {title}"),
                format!(
                    r#"{{"kind":"event","summary":"{title}","starts":"3 May 2001, 09:00","ends":"{ends}","repeats":"{repeats}"}}"#
                ),
            )
        }
        _ => (
            title.clone(),
            format!(r#"{{"kind":"contact","name":"{title}","phones":[["cell","+1 212 555 {n:05}"]]}}"#),
        ),
    };
    let number = n.to_be_bytes();
    query
        .bind(format!("{category}-{n:05}"))
        .bind(subscriber)
        .bind(category)
        .bind(&number)
        .bind(&number)
        .bind(&title)
        .bind(sort)
        .bind(format!("{title} 1212555{n:05}"))
        .bind(details)
        .bind("BEGIN:VEVENT\r\nEND:VEVENT\r\n")
        .bind("f")
        .bind(0_i64)
}

async fn filled(test: &TestPortal, count: usize) -> String {
    let profile = test.subscriber("a-1", "+12125550101", "data-20").await;
    for category in [Category::Contacts, Category::Calendar] {
        test.holding(&profile, category, count as i64, None).await;
        let id = profile.id.as_str();
        transaction!(test.portal.db().unwrap(), |tx| -> Result<()> {
            let mut done = 0;
            while done < count {
                let next = next_rows(count - done);
                let rows = done..done + next;
                rows.fold(ITEMS.sql(next), |query, n| item(query, id, category, n)).execute(&mut *tx).await?;
                done += next;
            }
            Ok(())
        })
        .unwrap();
    }
    // As time would do by itself: the engines learn what the tables hold.
    transaction!(test.portal.db().unwrap(), |tx| -> Result<u64> { sql("ANALYZE").execute(tx).await })
        .unwrap();
    profile.id
}

/// How the engine means to run a statement, with the values bound.
async fn plan(db: &Db, text: &str, bind: impl Fn(Query) -> Query) -> String {
    let explain = match db {
        Db::Sqlite(_) => "EXPLAIN QUERY PLAN",
        Db::Postgres(_) => "EXPLAIN",
    };
    let query = bind(sql(Box::leak(format!("{explain} {text}").into_boxed_str())));
    let lines: Vec<String> = match db {
        Db::Sqlite(_) => {
            let rows: Vec<Step> = query.all(db).await.unwrap();
            rows.into_iter().map(|row| row.detail).collect()
        }
        Db::Postgres(_) => {
            let rows: Vec<(String,)> = query.all(db).await.unwrap();
            rows.into_iter().map(|(line,)| line).collect()
        }
    };
    lines.join("\n")
}

#[derive(sqlx::FromRow)]
struct Step {
    detail: String,
}

/// The rows are sought by the keys of the index, and come out of it in their order.
fn is_by_index(db: &Db, plan: &str) -> bool {
    let sought = match db {
        Db::Sqlite(_) => {
            plan.contains("USING INDEX items_sort (subscriber_id=? AND category=? AND ")
                && plan.contains("(sort,id)")
        }
        Db::Postgres(_) => plan.contains("items_sort") && plan.contains("ROW(sort, id)"),
    };
    sought && !plan.contains("TEMP B-TREE") && !plan.contains("Sort ") && !plan.contains("Seq Scan on items")
}

on_both!(a_page_of_ten_thousand_is_found_by_the_index, |test| {
    let test = TestPortal::new(test);
    let id = filled(&test, MANY).await;
    let db = test.portal.db().unwrap();
    for (text, until) in [(UPWARDS, END), (DOWNWARDS, "")] {
        let plan = plan(db, text, |query| {
            let query = query.bind(&id).bind(Category::Contacts).bind("m").bind("").bind(until);
            (0..WORDS).fold(query, |query, _| query.bind("")).bind(51_i64)
        })
        .await;
        assert!(is_by_index(db, &plan), "{plan}");
    }
});

on_both!(the_letters_of_ten_thousand_are_found_by_jumping_from_one_to_the_next, |test| {
    let test = TestPortal::new(test);
    let id = filled(&test, MANY).await;
    let db = test.portal.db().unwrap();
    let stretch =
        Stretch { subscriber: &id, category: Category::Contacts, low: "", high: END, words: [""; WORDS] };
    let letters = beginnings(db, &stretch, 1, 400).await.unwrap();
    assert_eq!(letters.concat(), "abcdefghijklmnopqrstuvwxyz");
    let months = Stretch { category: Category::Calendar, ..stretch.clone() };
    assert_eq!(beginnings(db, &months, 7, 20).await.unwrap().len(), 20);
    let plan = plan(db, BEGINNINGS, |query| {
        query.bind(&id).bind(Category::Contacts).bind("").bind(END).bind(1_i64).bind(END).bind(400_i64)
    })
    .await;
    assert!(plan.contains("items_sort") && !plan.contains("Seq Scan on items"), "{plan}");
});

on_both!(what_repeats_is_found_without_looking_at_the_rest, |test| {
    let test = TestPortal::new(test);
    let id = filled(&test, MANY).await;
    let db = test.portal.db().unwrap();
    assert_eq!(repeating(db, &id, 1_000).await.unwrap().len(), MANY / 100);
    let plan = plan(db, REPEATING, |query| query.bind(&id).bind(1_000_i64)).await;
    assert!(plan.contains("items_repeating"), "{plan}");
});

on_both!(what_goes_on_for_months_is_found_without_looking_at_the_rest, |test| {
    let test = TestPortal::new(test);
    let id = filled(&test, MANY).await;
    let db = test.portal.db().unwrap();
    assert_eq!(of_several_months(db, &id, END, 1_000).await.unwrap().len(), MANY / 100);
    assert_eq!(of_several_days(db, &id, "", END, 1_000).await.unwrap().len(), MANY / 100);
    let plan = plan(db, OF_SEVERAL_MONTHS, |query| query.bind(&id).bind("2009").bind(1_000_i64)).await;
    assert!(plan.contains("items_long") && !plan.contains("TEMP B-TREE"), "{plan}");
});

on_both!(a_thousand_contacts_are_walked_both_ways_without_missing_one, |test| {
    let test = TestPortal::new(test);
    let id = filled(&test, 1_000).await;
    let db = test.portal.db().unwrap();
    let stretch =
        Stretch { subscriber: &id, category: Category::Contacts, low: "", high: END, words: [""; WORDS] };
    let (mut key, mut up) = (Key::default(), Vec::new());
    loop {
        let rows = upwards(db, &stretch, &key, 64).await.unwrap();
        let Some(last) = rows.last() else { break };
        key = Key { sort: last.sort.clone(), id: last.id.clone() };
        up.extend(rows.into_iter().map(|row| row.id));
    }
    let (mut key, mut down) = (Key { sort: END.to_owned(), id: String::new() }, Vec::new());
    loop {
        let rows = downwards(db, &stretch, &key, 64).await.unwrap();
        let Some(last) = rows.last() else { break };
        key = Key { sort: last.sort.clone(), id: last.id.clone() };
        down.extend(rows.into_iter().map(|row| row.id));
    }
    down.reverse();
    assert_eq!((up.len(), up == down), (1_000, true));
});
