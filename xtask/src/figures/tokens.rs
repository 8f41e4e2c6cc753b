//! Tokens of production code: comments and test items are dropped.

/// A token and the line it begins on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind<'a>,
    pub(super) line: usize,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// An identifier or keyword.
    Word(&'a str),
    /// `::`.
    Path,
    /// Any other character.
    Sign(char),
    /// A string with its quotes. Characters, numbers and lifetimes are dropped.
    Text(&'a str),
}

impl<'a> Token<'a> {
    /// The identifier or keyword, if it is one.
    pub(super) fn word(&self) -> Option<&'a str> {
        if let Kind::Word(word) = self.kind { Some(word) } else { None }
    }

    /// Whether it is this sign.
    pub(super) fn is(&self, sign: char) -> bool {
        self.kind == Kind::Sign(sign)
    }
}

/// Tokens of production code.
pub(super) fn production(text: &str) -> Vec<Token<'_>> {
    without_tests(&all(text))
}

/// Every token of a text.
fn all(text: &str) -> Vec<Token<'_>> {
    let bytes = text.as_bytes();
    let (mut tokens, mut at, mut line) = (Vec::new(), 0, 1);
    while at < bytes.len() {
        let (kind, end) = next(text, at);
        if let Some(kind) = kind {
            tokens.push(Token { kind, line });
        }
        line += bytes[at..end].iter().filter(|byte| **byte == b'\n').count();
        at = end;
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The token that begins at a position, if any, and its end.
fn next(text: &str, at: usize) -> (Option<Kind<'_>>, usize) {
    let rest = &text[at..];
    let first = rest.chars().next().unwrap_or(' ');
    let to_line_end = || at + rest.find('\n').unwrap_or(rest.len());
    match first {
        '/' if rest.starts_with("//") => (None, to_line_end()),
        '/' if rest.starts_with("/*") => (None, at + comment(rest)),
        '"' => string(text, at, at),
        '\'' => (None, at + quote(rest)),
        ':' if rest.starts_with("::") => (Some(Kind::Path), at + 2),
        c if c.is_ascii_digit() => {
            let number = |(n, c): &(usize, char)| {
                is_word(*c) || *c == '.' && rest[n + 1..].starts_with(|c: char| c.is_ascii_digit())
            };
            (None, at + rest.char_indices().take_while(number).last().map_or(1, |(n, _)| n + 1))
        }
        c if is_word(c) => {
            let end = at + rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            let word = &text[at..end];
            // b"", r"", r#""#, br"", c"" …: a string with a prefix. r#name is a word, but ours has none.
            let prefixed =
                matches!(word, "b" | "r" | "br" | "c" | "cr") && text[end..].trim_start_matches('#').starts_with('"');
            // b'x': a character with one.
            let is_byte = word == "b" && text[end..].starts_with('\'');
            match (prefixed, is_byte) {
                (true, _) => string(text, at, end),
                (false, true) => (None, end),
                (false, false) => (Some(Kind::Word(word)), end),
            }
        }
        c if c.is_whitespace() => (None, at + c.len_utf8()),
        c => (Some(Kind::Sign(c)), at + c.len_utf8()),
    }
}

/// Length of a block comment with nested ones.
fn comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        let step = if rest[at..].starts_with("/*") {
            depth += 1;
            2
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            2
        } else {
            rest[at..].chars().next().map_or(1, char::len_utf8)
        };
        at += step;
        if depth == 0 {
            break;
        }
    }
    at
}

/// Length of a character literal or a lifetime.
fn quote(rest: &str) -> usize {
    let mut chars = rest[1..].chars();
    match (chars.next(), chars.next()) {
        // The character after a backslash may be a quote itself.
        (Some('\\'), Some(escaped)) => {
            let from = 2 + escaped.len_utf8();
            rest[from..].find('\'').map_or(rest.len(), |n| from + n + 1)
        }
        (Some(c), Some('\'')) => 2 + c.len_utf8(),
        _ => 1 + rest[1..].find(|c| !is_word(c)).unwrap_or(rest.len() - 1),
    }
}

/// A string whose prefix begins at `at` and whose hashes or quote begin at `quotes`.
fn string(text: &str, at: usize, quotes: usize) -> (Option<Kind<'_>>, usize) {
    let hashes = text[quotes..].bytes().take_while(|byte| *byte == b'#').count();
    let from = quotes + hashes + 1;
    let end = if text[at..quotes].contains('r') {
        let close = format!("\"{}", "#".repeat(hashes));
        text[from..].find(&close).map_or(text.len(), |n| from + n + close.len())
    } else {
        let mut escaped = false;
        let mut open = |byte: &u8| {
            let closes = *byte == b'"' && !escaped;
            escaped = *byte == b'\\' && !escaped;
            !closes
        };
        (from + text[from..].bytes().take_while(|byte| open(byte)).count() + 1).min(text.len())
    };
    (Some(Kind::Text(&text[at..end])), end)
}

/// Drops every item with a `cfg` attribute that requires `test`.
fn without_tests<'a>(tokens: &[Token<'a>]) -> Vec<Token<'a>> {
    let (mut kept, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        let attribute = attribute(tokens, at);
        if attribute.is_some_and(|end| asks_for_test(&tokens[at..end])) {
            at = item(tokens, at);
        } else {
            let end = attribute.unwrap_or(at + 1);
            kept.extend(&tokens[at..end]);
            at = end;
        }
    }
    kept
}

fn asks_for_test(attribute: &[Token<'_>]) -> bool {
    let has = |word| attribute.iter().any(|token| token.word() == Some(word));
    has("cfg") && has("test") && !has("not")
}

/// The end of the attribute that begins at a token, if one does.
fn attribute(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let is_one = tokens[at].is('#') && tokens.get(at + 1).is_some_and(|token| token.is('['));
    is_one.then(|| closed(tokens, at + 1))
}

/// The end of the brackets that open at a token.
pub(super) fn closed(tokens: &[Token<'_>], at: usize) -> usize {
    let mut depth = 0;
    for (n, token) in tokens.iter().enumerate().skip(at) {
        match token.kind {
            Kind::Sign('(' | '[' | '{') => depth += 1,
            Kind::Sign(')' | ']' | '}') => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return n + 1;
        }
    }
    tokens.len()
}

/// The end of the item that begins at a token, including its attributes.
fn item(tokens: &[Token<'_>], mut at: usize) -> usize {
    while let Some(end) = (at < tokens.len()).then(|| attribute(tokens, at)).flatten() {
        at = end;
    }
    let mut ends_with_block = true;
    while at < tokens.len() {
        match tokens[at].kind {
            Kind::Sign(';') => return at + 1,
            Kind::Sign('{') if ends_with_block => return closed(tokens, at),
            Kind::Sign('(' | '[' | '{') => at = closed(tokens, at),
            Kind::Word("use" | "static" | "let" | "type") => {
                ends_with_block = false;
                at += 1;
            }
            Kind::Word("const") => {
                ends_with_block = tokens.get(at + 1).and_then(Token::word) == Some("fn");
                at += 1;
            }
            _ => at += 1,
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        production(text).iter().filter_map(Token::word).collect()
    }

    #[test]
    fn comments_strings_characters_and_lifetimes_hold_no_words() {
        let text = "a /* x /* y */ z */ \"q \\\" x\" r#\"x \" y\"# b'x' '\\'' '\"' 1.5e3 0x_ff c<'long> // end\nd";
        assert_eq!(words(text), ["a", "c", "d"]);
        assert_eq!(production(text).last().map(|token| token.line), Some(2));
    }

    #[test]
    fn test_items_are_left_out_whole() {
        let text = "use a; #[cfg(test)] use b::{c, d}; fn e() {} #[cfg(test)] #[allow(x)] mod f { g } #[cfg(any(test, x))] \
                    mod h; #[cfg(not(test))] fn i() {} #[cfg(test)] const J: K = K { l }; m";
        assert_eq!(words(text), ["use", "a", "fn", "e", "cfg", "not", "test", "fn", "i", "m"]);
    }
}
