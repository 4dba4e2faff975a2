//! What decoding a HEIC picture takes, by what its decoder goes by: the sizes in the sequence parameter sets (ITU-T
//! H.265, 7.3.2.2) of all its tiles. The container's own sizes may say less, and are believed by nobody.

use heic_rs::context::Context;

/// Bytes a pixel: of pictures whose colours are stored at a quarter of the pixels, as cameras do it, and of others.
const A_PIXEL: u64 = 12;
const A_FULL_PIXEL: u64 = 20;
/// The kind of NAL unit that is a sequence parameter set.
const SPS: u8 = 33;

/// Bytes that decoding takes at the most; none where the file does not say so much of itself as a decoder needs.
pub fn takes(bytes: &[u8]) -> Option<u64> {
    let file = Context::open(bytes).ok()?;
    let primary = file.meta.primary;
    let coded = match file.grid(primary).ok()? {
        Some((_, tiles)) => tiles,
        None => vec![primary],
    };
    coded.into_iter().try_fold(0_u64, |sum, item| {
        let config = file.props(item).ok()?.hvcc?;
        let sets = config.parameter_sets();
        let sequences = sets.iter().filter(|unit| unit.first().is_some_and(|head| head >> 1 & 0x3F == SPS));
        Some(sum.saturating_add(sequences.filter_map(|unit| of_sequence(unit)).max()?))
    })
}

fn of_sequence(unit: &[u8]) -> Option<u64> {
    let mut bits = Bits { bytes: unescaped(unit.get(2..)?), at: 0 };
    bits.skip(4)?;
    let layers = bits.take(3)?;
    bits.skip(1)?;
    skip_profile(&mut bits, layers)?;
    let _id = bits.number()?;
    let chroma = bits.number()?;
    if chroma == 3 {
        bits.skip(1)?;
    }
    let (width, height) = (bits.number()?, bits.number()?);
    Some(width.saturating_mul(height).saturating_mul(if chroma > 1 { A_FULL_PIXEL } else { A_PIXEL }))
}

/// `profile_tier_level` (7.3.3), of as many temporal layers beyond the first.
fn skip_profile(bits: &mut Bits, layers: u64) -> Option<()> {
    bits.skip(88 + 8)?;
    let mut more = 0;
    for _ in 0..layers {
        more += 88 * bits.take(1)? + 8 * bits.take(1)?;
    }
    let aligned = if layers > 0 { 2 * (8 - layers) } else { 0 };
    bits.skip(aligned + more)
}

/// Without the bytes that keep a start code from appearing (7.4.2).
fn unescaped(unit: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(unit.len());
    let mut zeros = 0;
    for byte in unit {
        if zeros >= 2 && *byte == 3 {
            zeros = 0;
            continue;
        }
        zeros = if *byte == 0 { zeros + 1 } else { 0 };
        bytes.push(*byte);
    }
    bytes
}

struct Bits {
    bytes: Vec<u8>,
    at: u64,
}

impl Bits {
    fn skip(&mut self, count: u64) -> Option<()> {
        self.at += count;
        (self.at <= self.bytes.len() as u64 * 8).then_some(())
    }

    fn take(&mut self, count: u32) -> Option<u64> {
        (0..count).try_fold(0, |number, _| {
            let byte = self.bytes.get((self.at / 8) as usize)?;
            let bit = byte >> (7 - self.at % 8) & 1;
            self.at += 1;
            Some(number << 1 | u64::from(bit))
        })
    }

    /// An Exp-Golomb code (9.2).
    fn number(&mut self) -> Option<u64> {
        let mut zeros = 0;
        while self.take(1)? == 0 {
            zeros += 1;
        }
        (zeros <= 32).then_some(())?;
        Some((1 << zeros) - 1 + self.take(zeros)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sequence parameter set of that size, as far as it is looked at.
    fn sequence(layers: u64, chroma: u64, width: u64, height: u64) -> Vec<u8> {
        let mut bits = format!("0000{layers:03b}1{}", "10".repeat(48));
        if layers > 0 {
            // Of each layer its level alone.
            bits += &"01".repeat(layers as usize);
            bits += &"00".repeat(8 - layers as usize);
            bits += &"00000001".repeat(layers as usize);
        }
        let mut number = |number: u64| {
            let code = format!("{:b}", number + 1);
            bits += &"0".repeat(code.len() - 1);
            bits += &code;
        };
        [0, chroma, width, height].into_iter().for_each(&mut number);
        bits += &"0".repeat(8);
        let bytes = bits.as_bytes().chunks_exact(8);
        let byte = |bits: &[u8]| bits.iter().fold(0, |byte, bit| byte << 1 | (bit - b'0'));
        [0x42, 1].into_iter().chain(bytes.map(byte)).collect()
    }

    #[test]
    fn a_picture_takes_what_its_decoder_is_told() {
        assert_eq!(of_sequence(&sequence(0, 1, 4032, 3024)), Some(4032 * 3024 * 12));
        assert_eq!(of_sequence(&sequence(0, 2, 512, 512)), Some(512 * 512 * 20));
        assert_eq!(of_sequence(&sequence(2, 1, 65_535, 65_535)), Some(65_535 * 65_535 * 12));
        assert_eq!(of_sequence(&sequence(0, 1, 4032, 3024)[..12]), None);
        assert_eq!(of_sequence(&[0x42, 1].into_iter().chain([0; 400]).collect::<Vec<u8>>()), None);
        assert_eq!(unescaped(&[0, 0, 3, 1, 0, 0, 0, 3, 3]), [0, 0, 1, 0, 0, 0, 3]);
        assert_eq!((takes(b""), takes(b"....ftypheic....")), (None, None));
    }
}
