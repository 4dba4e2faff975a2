-- What providers call the parts of an order, where they tell of a part without naming the order.
CREATE TABLE payout_parts (
    provider TEXT NOT NULL,
    reference TEXT NOT NULL,
    order_id TEXT NOT NULL REFERENCES payout_orders (id),
    PRIMARY KEY (provider, reference)
);
