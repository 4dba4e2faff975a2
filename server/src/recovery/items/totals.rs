//! What was paid in all, by currency. Nothing is made up: a price without a currency, or one that two countries read
//! differently, is counted and not added.

use std::collections::BTreeMap;

use app::{Category, models::Details, say, say_many};

use super::store;
use crate::store::{Db, Result};

/// Beyond this many purchases no total is worked out for each look at the page.
const MOST: i64 = 5_000;

/// The sentences above a list of purchases.
pub async fn remarks(db: &Db, subscriber: &str, found: i64) -> Result<Vec<String>> {
    if found > MOST {
        return Ok(Vec::new());
    }
    let rows = store::details(db, subscriber, Category::Purchases, MOST).await?;
    let prices = rows.iter().filter_map(|details| match serde_json::from_str(details).ok()? {
        Details::Purchase(purchase) => Some(purchase.price),
        _ => None,
    });
    Ok(sentences(prices))
}

fn sentences(prices: impl Iterator<Item = String>) -> Vec<String> {
    let (mut totals, mut left_out) = (BTreeMap::<String, i64>::new(), 0);
    for price in prices {
        match amount(&price) {
            Some((hundredths, currency)) => {
                let total = totals.entry(currency).or_default();
                *total = total.saturating_add(hundredths);
            }
            None => left_out += 1,
        }
    }
    if totals.is_empty() {
        return Vec::new();
    }
    let sums: Vec<String> = totals
        .iter()
        .map(|(currency, total)| {
            let sign = if *total < 0 { "-" } else { "" };
            format!("{sign}{}.{:02} {currency}", total.unsigned_abs() / 100, total.unsigned_abs() % 100)
        })
        .collect();
    let mut sentences = vec![say!("In all: {sums}.", sums = sums.join(", "))];
    if left_out > 0 {
        sentences.push(say_many!(
            left_out,
            "{n} purchase is not in this sum: its price or its currency is not clear.",
            "{n} purchases are not in this sum: their price or their currency is not clear."
        ));
    }
    sentences
}

/// Hundredths and the currency of `4.99 USD`, `USD 4.99`, `1,234.50 USD` or `4,99 EUR`. None without a currency of
/// three letters, and for `1,234 USD`, which is either.
fn amount(price: &str) -> Option<(i64, String)> {
    let mut words: Vec<&str> = price.split_whitespace().collect();
    let is_currency = |word: &&str| word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let place = words.iter().position(is_currency)?;
    let currency = words.remove(place).to_ascii_uppercase();
    let [number] = words[..] else { return None };
    let (sign, number) = number.strip_prefix('-').map_or((1, number), |rest| (-1, rest));
    let (whole, cents) = match number.rfind(['.', ',']) {
        Some(at) if (1..=2).contains(&(number.len() - at - 1)) => (&number[..at], &number[at + 1..]),
        Some(_) => return None,
        None => (number, ""),
    };
    let groups: Vec<&str> = whole.split(['.', ',', '\'']).collect();
    let well_grouped = groups[1..].iter().all(|group| group.len() == 3) && groups[0].len() <= 12;
    let whole: String = groups.concat();
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !well_grouped || whole.is_empty() || !digits(&whole) || !digits(cents) {
        return None;
    }
    let cents: i64 = format!("{cents:0<2}").parse().ok()?;
    let whole: i64 = whole.parse().ok()?;
    Some((sign * whole.checked_mul(100)?.checked_add(cents)?, currency))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_price_is_an_amount() {
        for (price, hundredths) in [
            ("4.99 USD", 499),
            ("USD 4.9", 490),
            ("1,234.50 USD", 123_450),
            ("4,99 usd", 499),
            ("1.234,50 USD", 123_450),
            ("0 USD", 0),
            ("-2.00 USD", -200),
        ] {
            assert_eq!(amount(price), Some((hundredths, "USD".to_owned())), "{price}");
        }
        for unclear in
            ["4.99", "$4.99", "1,234 USD", "free USD", "4.99 USD EUR", "USD", "", "12,34,50 USD", "4.999 USD"]
        {
            assert_eq!(amount(unclear), None, "{unclear}");
        }
    }

    #[test]
    fn currencies_are_never_added_to_each_other() {
        let prices = ["4.99 USD", "0.99 USD", "3 EUR", "2.50"].map(String::from);
        assert_eq!(
            sentences(prices.into_iter()),
            [
                "In all: 3.00 EUR, 5.98 USD.",
                "1 purchase is not in this sum: its price or its currency is not clear."
            ]
        );
        assert_eq!(sentences(["2.50".to_owned()].into_iter()), [""; 0]);
    }
}
