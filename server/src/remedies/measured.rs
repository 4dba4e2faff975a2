//! `bin/bench claims` drives the engines with the statements of a claim: that list is to be the code's.

#[test]
fn the_statements_that_are_measured_are_those_of_the_code() {
    let code = [
        include_str!("store.rs"),
        include_str!("ledger/store.rs"),
        include_str!("payouts/budget.rs"),
        include_str!("payouts/store.rs"),
        include_str!("../messages/reader.rs"),
        include_str!("../messages/store.rs"),
    ];
    let code = plain(&code.concat());
    let list = include_str!("../../../bin/lib/claims/claim.sql");
    let blocks: Vec<&str> = list.split("\n\n").skip(1).collect();
    assert!(blocks.len() > 10);
    for block in blocks {
        let (_, statement) = block.split_once('\n').unwrap();
        assert!(code.contains(&plain(statement)), "not in the code any more, so not a claim's: {statement}");
    }
}

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
