//! Where in a JSON text a path leads.

/// The byte at which what a path such as `contracts[0].platform_fee` leads to begins, or the nearest thing around it. The text is one that
/// a parser has taken.
pub(crate) fn find(text: &str, path: &str) -> usize {
    let mut cursor = Cursor { bytes: text.as_bytes(), place: 0 };
    cursor.skip_blanks();
    let mut place = cursor.place;
    for step in path.split(['.', '[']).map(|step| step.trim_end_matches(']')) {
        if cursor.enter(step).is_none() {
            break;
        }
        place = cursor.place;
    }
    place
}

struct Cursor<'t> {
    bytes: &'t [u8],
    place: usize,
}

impl Cursor<'_> {
    fn byte(&self) -> Option<u8> {
        self.bytes.get(self.place).copied()
    }

    fn step(&mut self) {
        self.place = self.place.saturating_add(1);
    }

    fn skip_blanks(&mut self) {
        while self.byte().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.step();
        }
    }

    /// Goes to the value of a key or at an index within the value here.
    fn enter(&mut self, step: &str) -> Option<()> {
        let is_object = match self.byte()? {
            b'{' => true,
            b'[' => false,
            _ => return None,
        };
        self.step();
        let mut index = 0_usize;
        loop {
            self.skip_blanks();
            if matches!(self.byte()?, b'}' | b']') {
                return None;
            }
            let is_wanted = if is_object {
                let key = self.text()?;
                self.skip_blanks();
                self.step();
                self.skip_blanks();
                key == step
            } else {
                step.parse() == Ok(index)
            };
            if is_wanted {
                return Some(());
            }
            self.skip_value()?;
            self.skip_blanks();
            if self.byte()? != b',' {
                return None;
            }
            self.step();
            index = index.saturating_add(1);
        }
    }

    /// The text here, behind which the cursor goes.
    fn text(&mut self) -> Option<String> {
        let start = self.place;
        self.skip_text()?;
        serde_json::from_slice(self.bytes.get(start..self.place)?).ok()
    }

    fn skip_text(&mut self) -> Option<()> {
        if self.byte()? != b'"' {
            return None;
        }
        self.step();
        loop {
            match self.byte()? {
                b'"' => break,
                b'\\' => self.step(),
                _ => {}
            }
            self.step();
        }
        self.step();
        Some(())
    }

    fn skip_value(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match self.byte()? {
                b'"' => {
                    self.skip_text()?;
                    if depth == 0 {
                        return Some(());
                    }
                    continue;
                }
                b'{' | b'[' => depth = depth.saturating_add(1),
                b'}' | b']' if depth == 0 => return Some(()),
                b',' if depth == 0 => return Some(()),
                b'}' | b']' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        self.step();
                        return Some(());
                    }
                }
                _ => {}
            }
            self.step();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_values() {
        let text = r#" {"a": [1, {"b\"": "]", "c": {"d": -1.5}}], "e": null} "#;
        let at = |path: &str| text.get(find(text, path)..).unwrap_or_default();
        assert!(at("a[0]").starts_with("1, "));
        assert!(at("a[1].c.d").starts_with("-1.5"));
        assert!(at("e").starts_with("null"));
        assert!(at("a[1].c.nowhere").starts_with(r#"{"d""#), "the nearest thing around it");
        assert!(at("a[7]").starts_with("[1"));
        assert!(at("nowhere").starts_with(r#"{"a""#));
    }
}
