//! A zip's records (APPNOTE 4.3), as far as an import needs them.

pub const LOCAL: &[u8; 4] = b"PK\x03\x04";
pub const CENTRAL: &[u8; 4] = b"PK\x01\x02";
pub const END64: &[u8; 4] = b"PK\x06\x06";
pub const END: &[u8; 4] = b"PK\x05\x06";
pub const LOCAL_LEN: usize = 30;
pub const CENTRAL_LEN: usize = 46;
const MARK32: u64 = 0xFFFF_FFFF;

/// What is known of one file of the zip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub name: Vec<u8>,
    pub flags: u16,
    pub method: u16,
    pub crc32: u32,
    /// Bytes as they lie in the zip.
    pub packed: u64,
    pub size: u64,
    /// Of the local header, as the directory says it.
    pub offset: u64,
    pub modified_at: Option<i64>,
    /// Unix type and permissions; 0 where it was packed elsewhere.
    pub unix_mode: u32,
}

/// The fixed part of a header, and how much follows it.
pub struct Fixed<'a> {
    bytes: &'a [u8],
    central: bool,
}

impl<'a> Fixed<'a> {
    /// `bytes` are [`CENTRAL_LEN`] or [`LOCAL_LEN`] long.
    pub fn new(bytes: &'a [u8], central: bool) -> Fixed<'a> {
        Fixed { bytes, central }
    }

    pub fn name_len(&self) -> usize {
        self.u16(if self.central { 28 } else { 26 }) as usize
    }

    pub fn extra_len(&self) -> usize {
        self.u16(if self.central { 30 } else { 28 }) as usize
    }

    pub fn comment_len(&self) -> usize {
        if self.central { self.u16(32) as usize } else { 0 }
    }

    /// The record, with what its extra fields say.
    pub fn record(&self, name: &[u8], extra: &[u8]) -> Record {
        // From the flags on, both headers have the same fields.
        let shared = if self.central { 8 } else { 6 };
        let mut record = Record {
            name: name.to_vec(),
            flags: self.u16(shared),
            method: self.u16(shared + 2),
            crc32: self.u32(shared + 8),
            packed: self.u32(shared + 12).into(),
            size: self.u32(shared + 16).into(),
            offset: if self.central { self.u32(42).into() } else { 0 },
            modified_at: dos_time(self.u16(shared + 6), self.u16(shared + 4)),
            unix_mode: if self.central && self.bytes[5] == 3 { self.u32(38) >> 16 } else { 0 },
        };
        record.take_extra(extra);
        record
    }

    fn u16(&self, at: usize) -> u16 {
        u16_at(self.bytes, at).unwrap_or(0)
    }

    fn u32(&self, at: usize) -> u32 {
        u32_at(self.bytes, at).unwrap_or(0)
    }
}

impl Record {
    pub fn is_encrypted(&self) -> bool {
        self.flags & 1 != 0
    }

    /// Its lengths stand after its bytes, not before.
    pub fn has_descriptor(&self) -> bool {
        self.flags & 8 != 0
    }

    /// Fields that are broken off say nothing.
    fn take_extra(&mut self, mut extra: &[u8]) {
        while let (Some(id), Some(len)) = (u16_at(extra, 0), u16_at(extra, 2)) {
            let Some(field) = extra.get(4..4 + usize::from(len)) else { return };
            match id {
                0x0001 => self.take_zip64(field),
                // Info-ZIP's Unix time: flags, then seconds since 1970.
                0x5455 if field.first().is_some_and(|flags| flags & 1 != 0) => {
                    let seconds = u32_at(field, 1).map(|seconds| i64::from(seconds as i32));
                    self.modified_at = seconds.map(|seconds| seconds * 1000).or(self.modified_at);
                }
                _ => {}
            }
            extra = &extra[4 + usize::from(len)..];
        }
    }

    /// Only values that did not fit stand in the field, in this order.
    fn take_zip64(&mut self, mut field: &[u8]) {
        for value in [&mut self.size, &mut self.packed, &mut self.offset] {
            if *value == MARK32
                && let Some(full) = u64_at(field, 0)
            {
                *value = full;
                field = &field[8..];
            }
        }
    }
}

pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

pub fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

/// MS-DOS date and time, which name no zone, taken as UTC.
fn dos_time(date: u16, time: u16) -> Option<i64> {
    let year = 1980 + i16::try_from(date >> 9).ok()?;
    let (month, day) = (((date >> 5) & 15) as i8, (date & 31) as i8);
    let (hour, minute, second) = ((time >> 11) as i8, ((time >> 5) & 63) as i8, ((time & 31) * 2) as i8);
    let civil = jiff::civil::DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
    Some(civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond())
}
