pub(super) const SOI: u8 = 0xd8;
pub(super) const EOI: u8 = 0xd9;
pub(super) const SOS: u8 = 0xda;

/// The position of the next marker. Any number of `FF` bytes may precede a marker.
pub(super) fn next_marker(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == 0xff)?;
        match *bytes.get(at + 1)? {
            0x00 => at += 2,
            0xff => at += 1,
            _ => return Some(at),
        }
    }
}

/// Whether a length follows a marker (ITU T.81, table B.1).
pub(super) fn has_length(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf | 0xda..=0xef | 0xfe) && marker != 0xc8
}

/// The content of the segment with its length at this position.
pub(super) fn segment(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let length = u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?);
    bytes.get(at + 2..at + usize::from(length))
}

/// The end of a scan: the next segment that may follow it, or the end of the file. Other markers count as data of the
/// scan.
pub(super) fn end_of_scan(bytes: &[u8], mut at: usize) -> usize {
    while let Some(marker) = next_marker(bytes, at) {
        match bytes[marker + 1] {
            SOI | EOI => return marker,
            other if has_length(other) => return marker,
            _ => at = marker + 2,
        }
    }
    bytes.len()
}
