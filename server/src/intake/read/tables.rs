//! High scores and purchases: `.csv` with a header line, or `.json`.
//!
//! Each service names its columns its own way; [`Column::names`] says what is
//! understood. A row is one item. It has no identifier of its own, as an order
//! number can stand on several rows: equal rows are one item. Columns that are
//! not understood stay in the item's body under their own name.

use std::collections::BTreeMap;

use app::Category;
use app::models::{Details, Purchase, Score};
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use super::columns::Column;
use super::when::When;
use super::{Found, Problem, Reading, Unreadable, digest, fold, order, text, value};

/// A row by the names of its columns, trimmed, without empty cells.
type Row = BTreeMap<String, String>;

pub fn read(category: Category, bytes: &[u8]) -> Result<Reading, Unreadable> {
    let text = text::whole(bytes);
    let text = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
    let (rows, problems) = match text.chars().next() {
        None => return Err(Unreadable::new("the file holds nothing but blanks")),
        Some('{' | '[') => json_rows(text)?,
        Some(_) => csv_rows(category, text)?,
    };
    let mut table = Table { category, items: Vec::new(), problems };
    rows.into_iter().for_each(|(line, row)| table.row(line, row));
    Reading::of(table.items, table.problems)
}

type Rows = (Vec<(Option<u64>, Row)>, Vec<Problem>);

struct Table {
    category: Category,
    items: Vec<Found>,
    problems: Vec<Problem>,
}

impl Table {
    fn row(&mut self, line: Option<u64>, row: Row) {
        if row.is_empty() {
            return;
        }
        let columns = Column::of(self.category);
        let known = columns.iter().filter_map(|column| Some((column, column.find(&row)?)));
        let known: BTreeMap<&str, String> =
            known.map(|(column, key)| (column.slug, key.to_owned())).collect();
        match columns.iter().filter(|column| column.names_item).any(|column| known.contains_key(column.slug))
        {
            true => self.items.push(found(self.category, row, &known)),
            false => {
                let reason = format!("the row has no {}", wanted(self.category));
                self.problems.push(Problem { line, reason });
            }
        }
    }
}

fn csv_rows(category: Category, text: &str) -> Result<Rows, Unreadable> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let headers =
        reader.headers().map_err(|error| Unreadable::new(&format!("not a table: {error}")))?.clone();
    check_header(category, &cells(headers.iter().map(|header| (header, header))))?;
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let line = record.as_ref().ok().and_then(|record| record.position().map(csv::Position::line));
        match record {
            Ok(record) if record.len() > headers.len() => {
                let reason = format!("the row has {} cells and the header {}", record.len(), headers.len());
                problems.push(Problem { line, reason });
            }
            Ok(record) => rows.push((line, cells(headers.iter().zip(record.iter())))),
            Err(error) => problems.push(Problem { line, reason: format!("the row cannot be read: {error}") }),
        }
    }
    Ok((rows, problems))
}

/// A first line that names no item's column is a row or another table altogether.
fn check_header(category: Category, header: &Row) -> Result<(), Unreadable> {
    let mut naming = Column::of(category).iter().filter(|column| column.names_item);
    if naming.any(|column| column.find(header).is_some()) {
        return Ok(());
    }
    let found: Vec<&str> = header.keys().map(String::as_str).take(10).collect();
    Err(Unreadable::new(&format!(
        "no column for {}; its columns are: {}",
        wanted(category),
        found.join(", ")
    )))
}

fn wanted(category: Category) -> String {
    let naming = Column::of(category).iter().filter(|column| column.names_item);
    naming.map(|column| column.slug).collect::<Vec<_>>().join(" or ")
}

/// The separator that the header line has most of.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |separator: &u8| header.bytes().filter(|byte| byte == separator).count();
    let most = [b',', b';', b'\t', b'|'].into_iter().rev().max_by_key(count);
    most.unwrap_or(b',')
}

/// A list of objects, an object that holds one list, one object, or one on each line.
fn json_rows(text: &str) -> Result<Rows, Unreadable> {
    let whole = match serde_json::from_str::<Value>(text) {
        Ok(Value::Array(list)) => list,
        Ok(Value::Object(object)) => list_inside(object),
        Ok(_) => return Err(Unreadable::new("not a table: the JSON is no list of objects")),
        Err(error) => return json_lines(text, &error),
    };
    let mut rows = (Vec::new(), Vec::new());
    whole.into_iter().for_each(|value| push(&mut rows, None, value));
    Ok(rows)
}

/// The one list of objects that an object holds, else the object as the only row.
fn list_inside(mut object: serde_json::Map<String, Value>) -> Vec<Value> {
    let is_list = |value: &Value| value.as_array().is_some_and(|list| list.iter().all(Value::is_object));
    if object.values().filter(|value| is_list(value)).count() == 1
        && let Some(Value::Array(list)) = object.values_mut().find(|value| is_list(value)).map(Value::take)
    {
        return list;
    }
    vec![Value::Object(object)]
}

fn json_lines(text: &str, whole: &serde_json::Error) -> Result<Rows, Unreadable> {
    let mut rows = (Vec::new(), Vec::new());
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let number = Some(index as u64 + 1);
        match serde_json::from_str(line.trim().trim_end_matches(',')) {
            Ok(value) => push(&mut rows, number, value),
            Err(error) => rows.1.push(Problem { line: number, reason: format!("not JSON: {error}") }),
        }
    }
    if rows.0.is_empty() { Err(Unreadable::new(&format!("not JSON: {whole}"))) } else { Ok(rows) }
}

fn push(rows: &mut Rows, line: Option<u64>, value: Value) {
    match value {
        Value::Object(object) => {
            let texts: Vec<(String, String)> =
                object.into_iter().map(|(key, value)| (key, shown(value))).collect();
            rows.0.push((line, cells(texts.iter().map(|(key, text)| (key.as_str(), text.as_str())))));
        }
        _ => rows.1.push(Problem { line, reason: "an entry of the list is no object".into() }),
    }
}

fn shown(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        other => other.to_string(),
    }
}

fn cells<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Row {
    let pairs = pairs.map(|(key, text)| (key.trim().nfc().collect(), text.trim().nfc().collect()));
    pairs.filter(|(_, text): &(String, String)| !text.is_empty()).collect()
}

/// The row as an item; `known` gives the row's own name for each column understood.
fn found(category: Category, mut row: Row, known: &BTreeMap<&str, String>) -> Found {
    let mut body = Row::new();
    for (slug, key) in known {
        body.insert((*slug).to_owned(), row.remove(key).unwrap_or_default());
    }
    let search = fold::search(body.values().chain(row.values()).map(String::as_str), []);
    let (details, when) = details(category, &body);
    let title = match &details {
        Details::Score(score) => value::one_line(&score.game),
        Details::Purchase(purchase) => value::one_line(&purchase.product),
        _ => String::new(),
    };
    let title = if title.is_empty() { "(no name)".to_owned() } else { title };
    for (key, text) in row {
        body.entry(key).or_insert(text);
    }
    let body = serde_json::to_string(&body).unwrap_or_default();
    Found {
        uid: None,
        digest: digest::of_bytes(body.as_bytes()),
        revised_at: None,
        sort: match &details {
            Details::Score(score) => order::score(&title, &score.score),
            _ => order::newest_first(when.as_ref(), &title),
        },
        search,
        title,
        at: when.and_then(|when| when.millis(None)),
        body,
        details,
        thumbnail: None,
    }
}

/// What a page shows of the row, and when it was.
fn details(category: Category, body: &Row) -> (Details, Option<When>) {
    let get = |slug: &str| body.get(slug).cloned().unwrap_or_default();
    let date = get(if category == Category::HighScores { "achieved" } else { "bought" });
    let when = When::generous(&date);
    let date = when.map_or(date, |when| when.in_words(None));
    let details = match category {
        Category::HighScores => Details::Score(Score {
            game: get("game"),
            score: get("score"),
            level: get("level"),
            achieved: date,
        }),
        _ => Details::Purchase(Purchase {
            product: get("product"),
            vendor: get("vendor"),
            price: price(&get("price"), &get("currency")),
            bought: date,
            order: get("order"),
        }),
    };
    (details, when)
}

/// `4.99 USD`; an amount that names its currency stays as it is.
fn price(amount: &str, currency: &str) -> String {
    let bare = amount.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | ' '));
    if bare && !amount.is_empty() && !currency.is_empty() {
        format!("{amount} {currency}")
    } else {
        amount.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(text: &str) -> Vec<Score> {
        let items = read(Category::HighScores, text.as_bytes()).unwrap().items;
        let score = |found: Found| match found.details {
            Details::Score(score) => score,
            other => panic!("{other:?}"),
        };
        items.into_iter().map(score).collect()
    }

    #[test]
    fn columns_are_understood_by_many_names() {
        let score = Score {
            game: "Bob's, Journey".into(),
            score: "12,300".into(),
            level: "7".into(),
            achieved: "15 Oct 2009".into(),
        };
        for text in [
            "game,score,level,date\n\"Bob's, Journey\",\"12,300\",7,2009-10-15\n",
            "\u{feff}Game Title;High-Score;Stage;Achieved At\r\nBob's, Journey;12,300;7;20091015\r\n",
            r#"[{"title":"Bob's, Journey","points":"12,300","level":7,"achieved_on":"2009/10/15"}]"#,
            r#"{"scores":[{"game":"Bob's, Journey","score":"12,300","level":"7","when":"2009-10-15"}]}"#,
            "{\"game\":\"Bob's, Journey\",\"score\":\"12,300\",\"level\":7,\"date\":\"2009-10-15\"}\n{\"game\":\"x\"}",
        ] {
            assert_eq!(scores(text)[0], score, "{text}");
        }
    }

    #[test]
    fn the_same_row_as_csv_and_json_is_one_item() {
        let digest = |text: &str| read(Category::HighScores, text.as_bytes()).unwrap().items[0].digest;
        assert_eq!(digest("Game,Points\nTetris,10\n"), digest(r#"[{"score":10,"title":"Tetris"}]"#));
    }

    #[test]
    fn a_purchase_shows_its_price_with_the_currency() {
        let text = "order id,item,publisher,amount,currency,purchase date,colour\nA-1,Song,Acme,4.99,USD,2009-01-02,red\n";
        let found = read(Category::Purchases, text.as_bytes()).unwrap().items.remove(0);
        let Details::Purchase(purchase) = &found.details else { panic!() };
        assert_eq!((purchase.price.as_str(), purchase.order.as_str()), ("4.99 USD", "A-1"));
        assert_eq!((purchase.vendor.as_str(), purchase.bought.as_str()), ("Acme", "2 Jan 2009"));
        assert!(found.body.contains(r#""colour":"red""#));
    }

    #[test]
    fn bad_rows_are_told_and_the_rest_is_read() {
        let reading = read(Category::HighScores, b"game,score\nA,1\nB,2,3\n,\nC,3\n").unwrap();
        assert_eq!(reading.items.len(), 2);
        assert_eq!(reading.problems.iter().map(|p| p.line).collect::<Vec<_>>(), [Some(3)]);
    }

    #[test]
    fn a_table_of_something_else_says_so() {
        let error = read(Category::HighScores, b"colour,shape\nred,round\n").unwrap_err();
        assert_eq!(error.reason, "no column for game or score; its columns are: colour, shape");
        assert!(read(Category::Purchases, b"hello world").is_err());
        assert!(read(Category::Purchases, b"[1,2").unwrap_err().reason.starts_with("not JSON"));
        assert_eq!(read(Category::Purchases, b"[]"), Ok(Reading::default()));
        assert_eq!(read(Category::Purchases, b"product,price\n"), Ok(Reading::default()));
    }
}
