//! One kind of line end, whatever a file has, so that lines can be counted.

use std::io::{BufRead, Read};

/// Hands a text on with `\n` for `\r\n`, and a line end behind the last line.
#[derive(Debug)]
pub(super) struct LineEnds<R> {
    reader: R,
    /// A `\r` that was taken and not handed on.
    holds_return: bool,
    last: u8,
}

impl<R: BufRead> LineEnds<R> {
    pub(super) const fn new(reader: R) -> Self {
        Self { reader, holds_return: false, last: b'\n' }
    }
}

impl<R: BufRead> Read for LineEnds<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let Some(first) = buffer.first_mut() else { return Ok(0) };
        loop {
            let ready = self.reader.fill_buf()?;
            let next = ready.first().copied();
            if std::mem::take(&mut self.holds_return) && next != Some(b'\n') {
                (*first, self.last) = (b'\r', b'\r');
                return Ok(1);
            }
            if next.is_none() {
                if self.last == b'\n' {
                    return Ok(0);
                }
                (*first, self.last) = (b'\n', b'\n');
                return Ok(1);
            }
            if next == Some(b'\r') {
                self.holds_return = true;
                self.reader.consume(1);
                continue;
            }
            break;
        }
        let ready = self.reader.fill_buf()?;
        let end = ready.iter().position(|&byte| byte == b'\r').unwrap_or(ready.len()).min(buffer.len());
        for (place, &byte) in buffer.iter_mut().zip(ready.iter().take(end)) {
            *place = byte;
            self.last = byte;
        }
        self.reader.consume(end);
        Ok(end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_alike_however_the_text_comes() {
        for (text, expected) in [
            ("", ""),
            ("a", "a\n"),
            ("a\r\nb", "a\nb\n"),
            ("a\r\n\r\nb\r\n", "a\n\nb\n"),
            ("a\rb\r", "a\rb\r\n"),
            ("\r\r\n\n", "\r\n\n"),
        ] {
            for size in 1..4 {
                let mut read = String::new();
                let reader = std::io::BufReader::with_capacity(size, text.as_bytes());
                LineEnds::new(reader).read_to_string(&mut read).unwrap_or_default();
                assert_eq!(read, expected, "{text:?} by {size}");
            }
        }
    }
}
