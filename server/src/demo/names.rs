//! Names to invent people from. Given and family names of one tradition go together.

use super::dice::Dice;

/// Names of one way of naming.
#[derive(Clone, Copy)]
struct Tradition {
    given: &'static [&'static str],
    family: &'static [&'static str],
}

const ENGLISH: Tradition = Tradition {
    given: &[
        "Ava", "Ben", "Carla", "Derek", "Ellen", "Frank", "Grace", "Howard", "Irene", "James", "Keisha",
        "Liam", "Maya", "Nathan", "Olivia", "Patrick", "Quinn", "Rachel", "Samuel", "Tanya", "Ursula",
        "Victor", "Wendy", "Xavier", "Yvonne", "Zachary", "Denise", "Marcus", "Heather", "Terrence",
    ],
    family: &[
        "Abbott",
        "Brooks",
        "Carter",
        "Dawson",
        "Ellis",
        "Foster",
        "Griffin",
        "Hayes",
        "Ingram",
        "Jefferson",
        "Kendrick",
        "Lawson",
        "Mercer",
        "Norwood",
        "O'Connell",
        "Parrish",
        "Quigley",
        "Reeves",
        "Sutton",
        "Thornton",
        "Underhill",
        "Vaughn",
        "Whitaker",
        "Yates",
        "Washington",
        "McBride",
    ],
};

const SPANISH: Tradition = Tradition {
    given: &[
        "Alejandro",
        "Beatriz",
        "Camila",
        "Diego",
        "Elena",
        "Félix",
        "Gabriela",
        "Héctor",
        "Inés",
        "Joaquín",
        "Lucía",
        "Martín",
        "Noemí",
        "Óscar",
        "Paloma",
        "Raúl",
        "Sofía",
        "Tomás",
        "Ximena",
        "Yolanda",
    ],
    family: &[
        "Álvarez",
        "Benítez",
        "Castellanos",
        "Domínguez",
        "Espinoza",
        "Fernández",
        "Gutiérrez",
        "Hernández",
        "Ibáñez",
        "Jiménez",
        "López",
        "Muñoz",
        "Núñez",
        "Ortega",
        "Peña",
        "Quiñones",
        "Ríos",
        "Sáenz",
        "Vásquez",
    ],
};

const EUROPEAN: Tradition = Tradition {
    given: &[
        "Anaïs",
        "Björn",
        "Céline",
        "Dörte",
        "Émile",
        "François",
        "Göran",
        "Håkon",
        "Jürgen",
        "Łukasz",
        "Małgorzata",
        "Nikolaï",
        "Øyvind",
        "Siân",
        "Šárka",
        "Thérèse",
        "Zoë",
        "Đorđe",
        "Gülşen",
        "Ağca",
    ],
    family: &[
        "Åkesson",
        "Böhm",
        "Çelik",
        "Dvořák",
        "Faßbinder",
        "Grünewald",
        "Højgaard",
        "Jørgensen",
        "Kowalczyk",
        "Lefèvre",
        "Müller",
        "Novák",
        "Öztürk",
        "Renée-Dubois",
        "Sørensen",
        "Šimunić",
        "Wiśniewska",
        "Žižka",
    ],
};

const ASIAN_LATIN: Tradition = Tradition {
    given: &[
        "Anh", "Bảo", "Chitra", "Dũng", "Hương", "Kavita", "Lakshmi", "Minh", "Priya", "Rohan", "Thảo", "Wei",
    ],
    family: &[
        "Bùi", "Chandra", "Đặng", "Hoàng", "Iyer", "Lê", "Nguyễn", "Patel", "Phạm", "Trần", "Võ", "Zhang",
    ],
};

const OTHER_SCRIPTS: [Tradition; 8] = [
    Tradition {
        given: &["伟", "芳", "秀英", "敏", "建国", "丽娜"],
        family: &["王", "李", "张", "陈", "刘", "欧阳"],
    },
    Tradition {
        given: &["花子", "健太", "陽菜", "さくら", "大輔"],
        family: &["佐藤", "鈴木", "高橋", "山本", "渡辺"],
    },
    Tradition {
        given: &["민준", "서연", "지훈", "하은", "수진"], family: &["김", "이", "박", "최", "정"]
    },
    Tradition {
        given: &["Анна", "Борис", "Елена", "Михаил", "Ольга", "Юрий"],
        family: &["Белова", "Гончар", "Ковальчук", "Мельник", "Соловьёв", "Шевченко"],
    },
    Tradition {
        given: &["Αλέξανδρος", "Ελένη", "Γιώργος", "Μαρία"],
        family: &["Νικολάου", "Παπαδόπουλος", "Οικονόμου"],
    },
    Tradition {
        given: &["أحمد", "فاطمة", "ليلى", "يوسف"], family: &["الحسن", "حداد", "خليل", "منصور"]
    },
    Tradition {
        given: &["דוד", "רחל", "נועה", "יוסף"], family: &["כהן", "לוי", "מזרחי", "פרידמן"]
    },
    Tradition {
        given: &["अनिल", "प्रिया", "राजेश", "सुनीता"], family: &["शर्मा", "वर्मा", "गुप्ता", "जोशी"]
    },
];

/// A given and a family name. `foreign` is how many in a hundred are not English,
/// `spanish` whether those around are mostly Spanish.
pub fn person(dice: &mut Dice, foreign: u8, spanish: bool) -> (&'static str, &'static str) {
    let tradition = match (dice.chance(foreign), spanish) {
        (false, true) => SPANISH,
        (false, false) => ENGLISH,
        (true, _) => match dice.below(10) {
            0..3 => SPANISH,
            3..5 => EUROPEAN,
            5..7 => ASIAN_LATIN,
            _ => dice.pick(&OTHER_SCRIPTS),
        },
    };
    (dice.pick(tradition.given), dice.pick(tradition.family))
}

/// `First.Last` in plain letters, for an address.
pub fn mailbox(given: &str, family: &str) -> String {
    let plain = |name: &str| -> String {
        deunicode::deunicode(name)
            .chars()
            .filter(char::is_ascii_alphabetic)
            .collect::<String>()
            .to_lowercase()
    };
    format!("{}.{}", plain(given), plain(family))
}
