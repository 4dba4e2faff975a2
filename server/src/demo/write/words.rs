//! Words to write invented files with. No company and no product here exists.

pub const COMPANIES: &[&str] = &[
    "Alder & Finch Books",
    "Blue Kettle Café",
    "Cascade Dental",
    "Dunmore Elementary School",
    "Evergreen Plumbing",
    "Foxglove Florists",
    "Harbor Credit Union",
    "Ironwood Gym",
    "Juniper Legal",
    "Kestrel Couriers",
    "Lakeview Clinic",
    "Marigold Catering",
    "North Pier Realty",
    "Orchard Pediatrics",
    "Pinecrest Auto",
    "Quill Print Shop",
    "Río Verde Construcción",
    "Saltbox Architects",
    "Tamarack Theatre",
    "Willow Veterinary",
];

pub const TITLES: &[&str] = &[
    "Accountant",
    "Baker",
    "Coach",
    "Dentist",
    "Electrician",
    "Head teacher",
    "Manager",
    "Nurse",
    "Owner",
    "Piano teacher",
    "Realtor",
    "Sales",
    "Technician",
    "Veterinarian",
];

pub const CARD_NOTES: &[&str] = &[
    "Met at the reunion",
    "Call after 6",
    "Has the spare key",
    "Allergic to nuts, ask first",
    "Splits the carpool",
    "Prefers a text message",
    "Gate code: ask at the desk",
    "Sister of the neighbor; feeds the cat",
];

pub const STREETS: &[&str] = &[
    "Alder St",
    "Birch Ave",
    "Cedar Ln",
    "Dogwood Dr",
    "Elm St",
    "Fir Ct",
    "Harbor Rd",
    "Juniper Way",
    "Maple Ave",
];

/// City, state, ZIP code.
pub const CITIES: &[(&str, &str, &str)] = &[
    ("Seattle", "WA", "98101"),
    ("New York", "NY", "10001"),
    ("Denver", "CO", "80202"),
    ("Miami", "FL", "33101"),
    ("Chicago", "IL", "60601"),
    ("San Francisco", "CA", "94102"),
    ("Austin", "TX", "78701"),
    ("Phoenix", "AZ", "85003"),
];

pub const APPOINTMENTS: &[&str] = &[
    "Lunch",
    "Coffee",
    "Dentist",
    "Parent evening",
    "Car inspection",
    "Haircut",
    "Budget meeting",
    "Movie night",
    "Doctor's appointment",
    "Dinner",
    "Hike",
    "Flight to Denver",
    "Band practice",
    "Job interview",
    "Vet: Biscuit's shots",
    "Picnic at the lake",
    "Call the landlord",
    "Garage sale",
    "Swim meet",
    "Rehearsal",
];

/// What repeats, and its rule; the day is that of the first time.
pub const REPEATING: &[(&str, &str)] = &[
    ("Team meeting", "FREQ=WEEKLY"),
    ("Soccer practice", "FREQ=WEEKLY"),
    ("Pay the rent", "FREQ=MONTHLY"),
    ("Call Mom", "FREQ=WEEKLY"),
    ("Night class", "FREQ=WEEKLY;INTERVAL=2;COUNT=12"),
    ("Recycling", "FREQ=WEEKLY;INTERVAL=2"),
];

pub const PLACES: &[&str] = &[
    "Blue Kettle Café",
    "Room 214",
    "Lakeview Clinic, 2nd floor",
    "Harbor Park, north entrance",
    "At home",
    "Tamarack Theatre",
    "Gate B7",
    "Dunmore Elementary School",
    "Main Library",
    "Pier 9",
];

pub const REMARKS: &[&str] = &[
    "Bring the papers from the drawer",
    "Park behind the building",
    "Ask about the invoice; take the photos along",
    "Her number is in my contacts",
    "Remember the cake",
];

pub const TASKS: &[&str] = &[
    "Renew the library books",
    "Buy cat food",
    "File the tax papers",
    "Book the flights",
    "Fix the back door",
    "Return the drill to the neighbor",
    "Send the birthday card",
    "Change the oil",
    "Order new glasses",
    "Write to the landlord about the heating",
    "Sign the school form",
    "Plan the reunion",
    "Water the tomatoes",
    "Get the bike repaired",
    "Clean out the garage",
    "Print the vacation photos",
    "Cancel the gym",
    "Back up the address book",
];

/// Titles and texts; `{name}` and `{n}` are filled in.
pub const NOTES: &[(&str, &str)] = &[
    ("Shopping", "Milk\r\nEggs, {n}\r\nBread\r\nApples\r\nBatteries\r\nSomething nice for {name}"),
    ("Books to read", "The one {name} talked about\r\nThat thing on lighthouses\r\nChapter {n} again"),
    (
        "Abuela's empanadas",
        "{n} small ones. Flour, butter, a little vinegar. Filling: onion, beef, olives, egg.\r\nBake until they are golden.",
    ),
    (
        "Wi-Fi at the cabin",
        "Ask {name} for the password. The box is behind the shelf, restart it when it blinks.",
    ),
    ("Locker", "Row {n}, third from the left. {name} has the other key."),
    (
        "Ideas for the reunion",
        "Picnic at the lake, {n} people.\r\n{name} brings the grill.\r\nWho has the old pictures?",
    ),
    (
        "Song",
        "The light comes slow on Harbor Road,\r\nthe gulls are up before the town,\r\nand you said wait, and so I waited.\r\n(verse {n} is still missing)",
    ),
    ("Measurements", "Window: {n} inches wide. Curtain rod a little longer.\r\nAsk {name} about the paint."),
    (
        "Doctor's questions",
        "1. The knee, since week {n}\r\n2. Can I run again?\r\n3. The pills {name} mentioned",
    ),
    ("Car", "Oil at {n} thousand miles. Tires next spring. {name}'s cousin does brakes."),
    ("Gift list", "{name}: a scarf, green\r\nMom: the photo book\r\nUnder {n} dollars each"),
    (
        "Meeting notes",
        "Present: all but {name}.\r\nWe move to the second floor in week {n}. Nobody was asked.",
    ),
    ("Garden", "Tomatoes in, {n} plants. Beans next. {name} says wait until May."),
    ("Things the kids said", "\"Is the moon following us or the other way round?\" ({n} times today)"),
    ("Hike", "Trail {n}, start early. Water at the second bridge. {name} knows the shortcut."),
    ("To tell them", "{name} was right about the boat, {n} times over."),
    ("Résumé draft", "{n} years of teaching, two schools. References: {name}."),
    ("Lottery numbers", "7, 12, {n}, 91. Never once."),
    ("Moving", "Boxes: {n}. Truck from {name} on Saturday. Piano LAST."),
    (
        "Poem by Dad",
        "He kept it in his wallet for {n} years.\r\nThe river knows the way, it said,\r\nand does not hurry.",
    ),
];

/// A game and how large its scores are.
pub const GAMES: &[(&str, usize)] = &[
    ("Meteor Garden", 1000),
    ("Block Party", 100),
    ("Snail Derby", 10),
    ("Night Bus", 50),
    ("Word Harbor", 10),
    ("Pinball Attic", 10_000),
    ("Frog & Ladder", 5),
];

/// A product and who sold it.
pub const PRODUCTS: &[(&str, &str)] = &[
    ("Meteor Garden (game)", "Lantern Games"),
    ("Block Party (game)", "Lantern Games"),
    ("Snail Derby (game)", "Tin Robot"),
    ("Ring tone: Marimba Sunrise", "Tonework"),
    ("Ring tone: Old Bell", "Tonework"),
    ("Ring tone: Salsa, Lucía", "Tonework"),
    ("Theme: Autumn Leaves", "Paperkite"),
    ("Theme: Midnight Blue", "Paperkite"),
    ("City Maps, Seattle", "Wayfinder Apps"),
    ("Spanish Phrase Book", "Wayfinder Apps"),
    ("Tip Calculator", "Small Change"),
    ("Expense Diary", "Small Change"),
];
