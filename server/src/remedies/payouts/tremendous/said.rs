//! What Tremendous says of an order, and what that means here.

use app::models::Money;
use serde::Deserialize;

use super::super::{Answer, Parcel};

/// Its answer to an order.
#[derive(Deserialize)]
pub struct Placed {
    pub order: Order,
}

/// Its list of orders.
#[derive(Deserialize)]
pub struct Listed {
    pub orders: Vec<Order>,
}

#[derive(Deserialize)]
pub struct Order {
    pub id: String,
    pub external_id: Option<String>,
    status: String,
    #[serde(default)]
    pub rewards: Vec<Reward>,
}

/// What a person gets by an order; ours have one each.
#[derive(Deserialize)]
pub struct Reward {
    pub id: Option<String>,
    value: Option<Value>,
    delivery: Option<Delivery>,
}

#[derive(Deserialize)]
struct Value {
    denomination: f64,
    currency_code: Option<String>,
}

#[derive(Deserialize)]
struct Delivery {
    status: Option<String>,
}

impl Order {
    pub fn is_of(&self, parcel: &Parcel) -> bool {
        self.external_id.as_deref() == Some(parcel.order.id.as_str())
    }

    /// Paid is what reached the person; until then it is under way.
    pub fn says(&self, parcel: &Parcel) -> Answer {
        if !self.is_worth(parcel) {
            return Answer::Unknown { why: format!("order {} has our id and another amount", self.id) };
        }
        let reference = self.id.clone();
        match self.status.as_str() {
            "CANCELED" => Answer::Refused { why: "the order was cancelled at Tremendous".to_owned() },
            "FAILED" => Answer::Refused { why: "the order failed at Tremendous".to_owned() },
            "EXECUTED" => match self.delivery() {
                Some("SUCCEEDED") => Answer::Paid { reference },
                // It holds the money until somebody cancels the reward there.
                Some("FAILED") => Answer::Returned {
                    why: format!(
                        "the reward could not be delivered: cancel order {reference} at Tremendous before another"
                    ),
                    reference,
                },
                _ => Answer::Placed { reference },
            },
            // Open, waiting for an approval or for its settlement; or a word of a later version.
            _ => Answer::Placed { reference },
        }
    }

    fn delivery(&self) -> Option<&str> {
        self.rewards.first()?.delivery.as_ref()?.status.as_deref()
    }

    /// Whatever it says of its value is what we ordered.
    fn is_worth(&self, parcel: &Parcel) -> bool {
        let order = &parcel.order;
        let ordered = Money::new(order.amount, &order.currency).decimal().parse::<f64>();
        self.rewards.iter().filter_map(|reward| reward.value.as_ref()).all(|value| {
            let currency = value.currency_code.as_deref().is_none_or(|code| code == order.currency);
            currency && ordered == Ok(value.denomination)
        })
    }
}

/// Whom a refusal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// This order's person: an address that cannot be, for example.
    Person,
    /// Our account: every order would be refused.
    Us,
    Unclear,
}

/// Reads `errors.payload`, which mirrors the request and names what is wrong in it.
pub fn about(answer: &serde_json::Value) -> About {
    let payload = &answer["errors"]["payload"];
    let of_reward = |key: &str| {
        ["reward", "rewards"].iter().any(|reward| match &payload[reward] {
            serde_json::Value::Array(list) => list.iter().any(|one| !one[key].is_null()),
            one => !one[key].is_null(),
        })
    };
    if ["recipient", "delivery"].iter().any(|key| of_reward(key)) {
        About::Person
    } else if !payload["payment"].is_null()
        || ["campaign_id", "products", "value"].iter().any(|key| of_reward(key))
    {
        About::Us
    } else {
        About::Unclear
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_refusal_names_whose_matter_it_is() {
        let wrong = |payload| about(&json!({ "errors": { "message": "no", "payload": payload } }));
        assert_eq!(wrong(json!({ "reward": { "recipient": { "email": "is no address" } } })), About::Person);
        assert_eq!(wrong(json!({ "rewards": [{ "recipient": { "email": "no" } }] })), About::Person);
        assert_eq!(wrong(json!({ "payment": { "funding_source_id": "is missing" } })), About::Us);
        assert_eq!(wrong(json!({ "reward": { "campaign_id": "is not yours" } })), About::Us);
        assert_eq!(wrong(json!({})), About::Unclear);
        assert_eq!(about(&json!("<html>")), About::Unclear);
    }
}
