//! `bin/bench claims` drives the engines with the statements of a claim: that list is to be the code's.

#[test]
fn the_statements_that_are_measured_are_those_of_the_code() {
    let code = [
        include_str!("store.rs"),
        include_str!("ledger/store.rs"),
        include_str!("payouts/budget.rs"),
        include_str!("payouts/store.rs"),
        include_str!("../messages/store/mod.rs"),
        include_str!("../messages/store/people.rs"),
    ];
    // A statement that is put together has its parts in quotes.
    let code = plain(&code.concat().replace("FROM \",", "FROM").replace("$from,", "subscribers s"));
    let list = include_str!("../../../bin/lib/claims/claim.sql");
    let blocks: Vec<&str> = list.split("\n\n").skip(1).collect();
    assert!(blocks.len() > 10);
    for block in blocks {
        for line in block.lines().skip(1) {
            assert!(code.contains(&plain(line)), "not in the code any more, so not a claim's: {line}");
        }
    }
}

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
