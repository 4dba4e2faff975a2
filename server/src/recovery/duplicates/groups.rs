//! Which contacts are compared, and how pairs become groups that a person can understand.

use std::collections::{BTreeMap, HashMap, HashSet};

use app::vocabulary::Likeness;

use super::{
    card::{Card, Side},
    name::{self, Relation},
    rules::{self, Link},
};

/// Contacts of a group: more than anybody can look at side by side.
pub const MOST: usize = 24;
/// Contacts that share a number, an address or a name and are all compared with one another.
const ALL_PAIRS: usize = 32;
/// In a larger block each is compared with so many of those next to it by name.
const WINDOW: usize = 8;

/// Contacts that look like one person's.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Indices of the cards, recovered ones first, then by their place in lists.
    pub members: Vec<usize>,
    /// As sure as its weakest link.
    pub strength: Likeness,
    /// The links that hold it together: two cards and what speaks for them.
    pub links: Vec<(usize, usize, Link)>,
}

/// The groups, the surest first, and how many pairs were compared to find them.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub groups: Vec<Group>,
    pub comparisons: usize,
}

/// Finds the groups of `cards`, whatever their order. Cards of the phone's file are compared with recovered
/// ones alone. The number of comparisons grows with the number of cards, not with its square.
pub fn find(cards: &[Card]) -> Found {
    let mut order: Vec<usize> = (0..cards.len()).collect();
    order.sort_by(|one, two| place(&cards[*one]).cmp(&place(&cards[*two])));
    let pairs = candidates(cards, &order);
    let comparisons = pairs.len();
    let mut links: Vec<(usize, usize, Link)> = pairs
        .into_iter()
        .filter_map(|(one, two)| Some((one, two, rules::link(&cards[order[one]], &cards[order[two]])?)))
        .collect();
    links.sort_by(|(a, b, one), (c, d, two)| (one.strength, a, b).cmp(&(two.strength, c, d)));
    let groups = Clusters::join(cards, &order, links).groups(&order);
    Found { groups, comparisons }
}

/// The order in which cards are taken, so that the order in which they came does not matter.
fn place(card: &Card) -> (Side, &str, &str, &str) {
    (card.key.side(), &card.sort, &card.key.version, &card.key.card)
}

/// One name's words in an order of their own.
pub fn name_key(text: &str) -> String {
    let mut words = name::words(text);
    words.sort_unstable();
    words.join(" ")
}

/// Blocking, as in record linkage: only cards that have a number, an address or a name in common are compared.
fn candidates(cards: &[Card], order: &[usize]) -> Vec<(usize, usize)> {
    let mut blocks: BTreeMap<(char, String), Vec<usize>> = BTreeMap::new();
    for (at, index) in order.iter().enumerate() {
        for key in keys(&cards[*index]) {
            let block = blocks.entry(key).or_default();
            if block.last() != Some(&at) {
                block.push(at);
            }
        }
    }
    let mut pairs = HashSet::new();
    for block in blocks.into_values() {
        // Cards stand by their names in it, so the nearest are the likeliest.
        let reach = if block.len() <= ALL_PAIRS { block.len() } else { WINDOW };
        for (from, one) in block.iter().enumerate() {
            let others = block.iter().skip(from + 1).take(reach);
            pairs.extend(
                others.filter(|two| worth_comparing(cards, order, *one, **two)).map(|two| (*one, *two)),
            );
        }
    }
    let mut pairs: Vec<(usize, usize)> = pairs.into_iter().collect();
    pairs.sort_unstable();
    pairs
}

fn worth_comparing(cards: &[Card], order: &[usize], one: usize, two: usize) -> bool {
    let side = |at: usize| cards[order[at]].key.side();
    side(one) == Side::Recovered || side(two) == Side::Recovered
}

fn keys(card: &Card) -> impl Iterator<Item = (char, String)> {
    let numbers = card.numbers.iter().map(|number| ('t', number.key().to_owned()));
    let emails = card.emails.iter().map(|email| ('e', email.plain.clone()));
    let names = card.name.keys().into_iter().map(|key| ('n', key));
    let spelled =
        card.emails.iter().filter(|_| card.name.is_empty()).map(|email| ('n', name_key(email.local())));
    let identity = hex::encode(&card.identity);
    numbers.chain(emails).chain(names).chain(spelled).chain([('i', identity)])
}

/// Cards joined by their links, the surest first.
struct Clusters<'a> {
    cards: &'a [Card],
    order: &'a [usize],
    /// Which cluster each card is in.
    of: Vec<usize>,
    members: HashMap<usize, Vec<usize>>,
    held: Vec<(usize, usize, Link)>,
    linked: HashSet<(usize, usize)>,
}

impl<'a> Clusters<'a> {
    fn join(cards: &'a [Card], order: &'a [usize], links: Vec<(usize, usize, Link)>) -> Self {
        let linked = links.iter().map(|(one, two, _)| (*one, *two)).collect();
        let mut clusters = Self {
            cards,
            order,
            of: (0..order.len()).collect(),
            members: HashMap::new(),
            held: Vec::new(),
            linked,
        };
        for (one, two, link) in links {
            clusters.link(one, two, link);
        }
        clusters
    }

    fn members(&self, cluster: usize) -> Vec<usize> {
        self.members.get(&cluster).cloned().unwrap_or_else(|| vec![cluster])
    }

    /// Joins the clusters of two cards, unless that made one person of two: a chain of "J. Doe" must not tie
    /// John to Jane.
    fn link(&mut self, one: usize, two: usize, link: Link) {
        let (into, from) = (self.of[one].min(self.of[two]), self.of[one].max(self.of[two]));
        if into == from {
            return;
        }
        let (mut here, there) = (self.members(into), self.members(from));
        let fits = here.len() + there.len() <= MOST
            && here.iter().all(|one| there.iter().all(|two| self.may_stand_together(*one, *two)));
        if !fits {
            return;
        }
        for member in &there {
            self.of[*member] = into;
        }
        here.extend(there);
        self.members.remove(&from);
        self.members.insert(into, here);
        self.held.push((one, two, link));
    }

    fn may_stand_together(&self, one: usize, two: usize) -> bool {
        let name = |at: usize| &self.cards[self.order[at]].name;
        self.linked.contains(&(one.min(two), one.max(two)))
            || name(one).relation(name(two)) != Relation::Different
    }

    fn groups(self, order: &[usize]) -> Vec<Group> {
        let mut groups: BTreeMap<usize, Group> = BTreeMap::new();
        for (one, two, link) in &self.held {
            let group = groups.entry(self.of[*one]).or_insert_with(|| Group {
                members: Vec::new(),
                strength: Likeness::Certain,
                links: Vec::new(),
            });
            group.strength = group.strength.max(link.strength);
            group.links.push((order[*one], order[*two], link.clone()));
        }
        for (cluster, group) in &mut groups {
            let mut members = self.members(*cluster);
            members.sort_unstable();
            group.members = members.into_iter().map(|at| order[at]).collect();
        }
        let mut groups: Vec<Group> = groups.into_values().collect();
        // Stable: within a strength by the place of the first.
        groups.sort_by_key(|group| group.strength);
        groups
    }
}
