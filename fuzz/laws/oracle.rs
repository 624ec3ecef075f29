//! Formulas by the book: the grammar as a recursive descent, values as fractions of any size.
//!
//! Written from the grammar and the tables of the language alone, and slow. It knows which texts are formulas and what they are worth,
//! and nothing of diagnoses.

use jeongsan::money::Rounding;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

/// Deeper texts are left to the limits of the language.
const DEPTH_MAX: usize = 90;

/// What names stand for, by exact spelling.
pub(super) type Values<'a> = &'a dyn Fn(&str) -> Option<BigRational>;

/// An expression, with the place of each division.
#[derive(Clone, Debug)]
pub(super) enum Expression {
    Value(BigRational),
    Minus(Box<Expression>),
    Binary(&'static str, usize, Box<Expression>, Box<Expression>),
    Call(String, Vec<Expression>),
}

/// Why there is no value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum NoValue {
    DivisionByZero(usize),
}

/// What a text is.
#[derive(Debug)]
pub(super) enum Reading {
    Formula(Expression),
    NoFormula,
    /// Nested more deeply than is looked into.
    TooDeep,
}

struct Reader<'a> {
    chars: Vec<char>,
    place: usize,
    depth: usize,
    values: Values<'a>,
}

enum Stop {
    NoFormula,
    TooDeep,
}

type Read = Result<Expression, Stop>;

pub(super) fn read(text: &str, values: Values<'_>) -> Reading {
    let mut reader = Reader { chars: text.chars().collect(), place: 0, depth: 0, values };
    match reader.compare() {
        Ok(expression) => {
            reader.skip_blanks();
            if reader.place == reader.chars.len() { Reading::Formula(expression) } else { Reading::NoFormula }
        }
        Err(Stop::NoFormula) => Reading::NoFormula,
        Err(Stop::TooDeep) => Reading::TooDeep,
    }
}

impl Reader<'_> {
    fn skip_blanks(&mut self) {
        while matches!(self.chars.get(self.place), Some(' ' | '\t' | '\n' | '\r')) {
            self.place += 1;
        }
    }

    /// Takes one of the operators, the longer first.
    fn operator(&mut self, operators: &[&'static str]) -> Option<(&'static str, usize)> {
        self.skip_blanks();
        let place = self.place;
        for operator in operators {
            if self.chars[place..].starts_with(&operator.chars().collect::<Vec<_>>()) {
                self.place += operator.len();
                return Some((operator, place));
            }
        }
        None
    }

    fn compare(&mut self) -> Read {
        let left = self.sum()?;
        match self.operator(&["<=", ">=", "==", "!=", "<", ">"]) {
            Some((operator, place)) => Ok(binary(operator, place, left, self.sum()?)),
            None => Ok(left),
        }
    }

    fn sum(&mut self) -> Read {
        let mut left = self.product()?;
        while let Some((operator, place)) = self.operator(&["+", "-"]) {
            left = binary(operator, place, left, self.product()?);
        }
        Ok(left)
    }

    fn product(&mut self) -> Read {
        let mut left = self.unary()?;
        while let Some((operator, place)) = self.operator(&["*", "/"]) {
            left = binary(operator, place, left, self.unary()?);
        }
        Ok(left)
    }

    fn deeper(&mut self, inner: fn(&mut Self) -> Read) -> Read {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(Stop::TooDeep);
        }
        let read = inner(self);
        self.depth -= 1;
        read
    }

    fn unary(&mut self) -> Read {
        match self.operator(&["-"]) {
            Some(_) => Ok(Expression::Minus(Box::new(self.deeper(Self::unary)?))),
            None => self.primary(),
        }
    }

    fn primary(&mut self) -> Read {
        self.skip_blanks();
        match self.chars.get(self.place).copied() {
            Some('(') => {
                self.place += 1;
                let inner = self.deeper(Self::compare)?;
                self.operator(&[")"]).ok_or(Stop::NoFormula)?;
                Ok(inner)
            }
            Some(c) if c.is_ascii_digit() => self.number(),
            Some(c) if is_letter(c) => {
                let name = self.run(|c| is_letter(c) || c.is_ascii_digit());
                match self.operator(&["("]) {
                    Some(_) => self.call(name),
                    None => (self.values)(&name).map(Expression::Value).ok_or(Stop::NoFormula),
                }
            }
            _ => Err(Stop::NoFormula),
        }
    }

    fn run(&mut self, belongs: fn(char) -> bool) -> String {
        let run: String = self.chars[self.place..].iter().copied().take_while(|c| belongs(*c)).collect();
        self.place += run.chars().count();
        run
    }

    fn number(&mut self) -> Read {
        let run = self.run(|c| is_letter(c) || c.is_ascii_digit() || c == '.');
        let parts: Vec<&str> = run.split('.').collect();
        let is_number = parts.len() <= 2
            && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
        if !is_number {
            return Err(Stop::NoFormula);
        }
        let decimals = parts.get(1).map_or(0, |part| part.len());
        let digits: BigInt = parts.concat().parse().map_err(|_| Stop::NoFormula)?;
        let scale = num_traits::pow(BigInt::from(10), decimals);
        Ok(Expression::Value(BigRational::new(digits, scale)))
    }

    fn call(&mut self, name: String) -> Read {
        let name = name.to_ascii_lowercase();
        let mut arguments = Vec::new();
        if self.operator(&[")"]).is_none() {
            loop {
                arguments.push(self.deeper(Self::compare)?);
                if self.operator(&[","]).is_some() {
                    continue;
                }
                self.operator(&[")"]).ok_or(Stop::NoFormula)?;
                break;
            }
        }
        let fits = match name.as_str() {
            "round" | "round_up" | "round_down" | "반올림" | "올림" | "내림" => arguments.len() == 1,
            "min" | "max" => arguments.len() >= 2,
            "if" => arguments.len() == 3,
            _ => false,
        };
        if fits { Ok(Expression::Call(name, arguments)) } else { Err(Stop::NoFormula) }
    }
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || ('가'..='힣').contains(&c)
}

fn binary(operator: &'static str, place: usize, left: Expression, right: Expression) -> Expression {
    Expression::Binary(operator, place, Box::new(left), Box::new(right))
}

impl Expression {
    /// The value; `seen` is shown every value on the way.
    pub(super) fn value(&self, seen: &mut dyn FnMut(&BigRational)) -> Result<BigRational, NoValue> {
        let value = match self {
            Self::Value(value) => value.clone(),
            Self::Minus(operand) => -operand.value(seen)?,
            Self::Binary(operator, place, left, right) => {
                let (left, right) = (left.value(seen)?, right.value(seen)?);
                let condition = |holds: bool| BigRational::from(BigInt::from(u8::from(holds)));
                match *operator {
                    "+" => left + right,
                    "-" => left - right,
                    "*" => left * right,
                    "/" if right.is_zero() => return Err(NoValue::DivisionByZero(*place)),
                    "/" => left / right,
                    "<" => condition(left < right),
                    "<=" => condition(left <= right),
                    ">" => condition(left > right),
                    ">=" => condition(left >= right),
                    "==" => condition(left == right),
                    _ => condition(left != right),
                }
            }
            Self::Call(name, arguments) if name == "if" => {
                let chosen = if arguments[0].value(seen)?.is_zero() { &arguments[2] } else { &arguments[1] };
                chosen.value(seen)?
            }
            Self::Call(name, arguments) => {
                let mut values = Vec::new();
                for argument in arguments {
                    values.push(argument.value(seen)?);
                }
                let first = values[0].clone();
                match name.as_str() {
                    "round" | "반올림" => rounded(&first, Rounding::HalfUp).into(),
                    "round_up" | "올림" => rounded(&first, Rounding::Up).into(),
                    "round_down" | "내림" => rounded(&first, Rounding::Down).into(),
                    "min" => values.into_iter().fold(first, |a, b| if b < a { b } else { a }),
                    _ => values.into_iter().fold(first, |a, b| if b > a { b } else { a }),
                }
            }
        };
        seen(&value);
        Ok(value)
    }
}

/// By definition: the integer towards zero, or the next one away from it.
pub(super) fn rounded(value: &BigRational, rounding: Rounding) -> BigInt {
    let size = value.abs();
    let whole = size.floor().to_integer();
    let rest = &size - BigRational::from(whole.clone());
    let half = BigRational::new(BigInt::one(), BigInt::from(2));
    let up = match rounding {
        Rounding::Down => false,
        Rounding::Up => !rest.is_zero(),
        Rounding::HalfUp => rest >= half,
        Rounding::HalfEven => rest > half || (rest == half && &whole % 2 == BigInt::one()),
    };
    let size = if up { whole + 1 } else { whole };
    if value.is_negative() { -size } else { size }
}
