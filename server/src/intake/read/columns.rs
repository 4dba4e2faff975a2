//! The columns of high scores and purchases, and what services call them.

use std::collections::BTreeMap;

use app::Category;

/// One column that is understood.
pub struct Column {
    /// Its name in an item's body and in exports.
    pub slug: &'static str,
    /// What it is called elsewhere, letters and digits only; earlier ones win.
    names: &'static [&'static str],
    /// Whether a row without any such column is no item.
    pub names_item: bool,
}

impl Column {
    /// The columns of a category, in the order that exports write them.
    pub fn of(category: Category) -> &'static [Column] {
        match category {
            Category::HighScores => SCORES,
            _ => PURCHASES,
        }
    }

    /// The row's own name for this column.
    pub fn find<'a>(&self, row: &'a BTreeMap<String, String>) -> Option<&'a str> {
        let rank = |key: &&String| {
            let plain: String =
                key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
            self.names.iter().position(|name| *name == plain)
        };
        let ranked = row.keys().filter_map(|key| Some((rank(&key)?, key.as_str())));
        ranked.min().map(|(_, key)| key)
    }
}

const fn column(slug: &'static str, names: &'static [&'static str], names_item: bool) -> Column {
    Column { slug, names, names_item }
}

const SCORES: &[Column] = &[
    column("game", &["game", "gametitle", "gamename", "title", "name", "app", "application"], true),
    column("score", &["score", "highscore", "points", "bestscore", "best", "result"], true),
    column("level", &["level", "stage", "round", "world", "difficulty"], false),
    column(
        "achieved",
        &[
            "achieved",
            "achievedat",
            "achievedon",
            "dateachieved",
            "date",
            "datetime",
            "when",
            "timestamp",
            "time",
            "playedat",
            "played",
            "createdat",
            "created",
        ],
        false,
    ),
];

const PURCHASES: &[Column] = &[
    column(
        "product",
        &["product", "productname", "item", "itemname", "name", "title", "content", "app", "description"],
        true,
    ),
    column(
        "vendor",
        &["vendor", "publisher", "seller", "store", "developer", "merchant", "provider", "artist"],
        false,
    ),
    column("price", &["price", "amount", "cost", "total", "paid", "pricepaid"], false),
    column("currency", &["currency", "currencycode"], false),
    column(
        "bought",
        &[
            "bought",
            "boughtat",
            "boughton",
            "purchased",
            "purchasedat",
            "purchasedon",
            "purchasedate",
            "datepurchased",
            "orderdate",
            "date",
            "datetime",
            "when",
            "timestamp",
            "time",
            "createdat",
            "created",
        ],
        false,
    ),
    column(
        "order",
        &[
            "order",
            "orderid",
            "ordernumber",
            "orderno",
            "transaction",
            "transactionid",
            "receipt",
            "reference",
            "purchaseid",
            "id",
        ],
        false,
    ),
];
