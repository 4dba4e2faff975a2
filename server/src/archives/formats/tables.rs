//! High scores and purchases as tables.

use std::collections::{BTreeMap, BTreeSet};

use app::Category;

use super::csv;
use crate::intake::read::columns::Column;

/// The bodies of scores or purchases as CSV: the columns that are understood in
/// their own order, then every other one that some row has.
pub fn table_csv<'a>(category: Category, bodies: impl IntoIterator<Item = &'a str>) -> String {
    let rows: Vec<BTreeMap<String, String>> =
        bodies.into_iter().filter_map(|body| serde_json::from_str(body).ok()).collect();
    let known: Vec<String> = Column::of(category).iter().map(|column| column.slug.to_owned()).collect();
    let others: BTreeSet<&String> =
        rows.iter().flat_map(BTreeMap::keys).filter(|key| !known.contains(key)).collect();
    let header: Vec<String> = known.iter().chain(others).cloned().collect();
    let cells =
        rows.iter().map(|row| header.iter().map(|name| row.get(name).cloned().unwrap_or_default()).collect());
    csv::table(std::iter::once(header.clone()).chain(cells))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::read::read;

    #[test]
    fn a_table_reads_back_as_the_same_items() {
        for (category, text) in [
            (Category::HighScores, "title,points,when,medal\nTetris,\"12,300\",2009-10-15,gold\nPong,3,,\n"),
            (Category::Purchases, "id,item,amount,currency,date\n7,\"Song, live\",0.99,USD,2009-01-02\n"),
        ] {
            let from = read(category, "x.csv", text.as_bytes()).unwrap();
            let table = table_csv(category, from.items.iter().map(|item| item.body.as_str()));
            assert_eq!(read(category, "x.csv", table.as_bytes()).unwrap(), from, "{table}");
        }
    }
}
