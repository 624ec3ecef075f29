//! The test kit checked against the golden cases, and its laws.

#[cfg(test)]
mod golden;
#[cfg(test)]
mod month;
#[cfg(test)]
mod strategies;
