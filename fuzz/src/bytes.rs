//! An input taken apart from its front; what is missing reads as zero, so that every input means something.

/// What is left of it.
pub(crate) struct Bytes<'a>(pub(crate) &'a [u8]);

impl<'a> Bytes<'a> {
    /// The next byte.
    pub(crate) fn byte(&mut self) -> u8 {
        let [byte] = self.array();
        byte
    }

    /// The next two, least significant first.
    pub(crate) fn pair(&mut self) -> u16 {
        u16::from_le_bytes(self.array())
    }

    /// A number that is often small, or as large as there are.
    pub(crate) fn number(&mut self) -> u64 {
        match self.byte() {
            255 => u64::MAX - u64::from(self.byte()),
            254 => u64::from_le_bytes(self.array()),
            small => u64::from(small),
        }
    }

    /// The next few, with their length before them.
    pub(crate) fn chunk(&mut self) -> &'a [u8] {
        let len = usize::from(self.byte()).min(self.0.len());
        let (chunk, rest) = self.0.split_at(len);
        self.0 = rest;
        chunk
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        let mut array = [0; N];
        let len = N.min(self.0.len());
        let (head, rest) = self.0.split_at(len);
        array[..len].copy_from_slice(head);
        self.0 = rest;
        array
    }
}
