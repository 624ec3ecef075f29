//! The test kit checked against the golden cases, and its laws.

#[cfg(test)]
mod golden;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod month;
#[cfg(test)]
mod naive_ways;
#[cfg(test)]
mod strategies;
