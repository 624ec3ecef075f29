//! Lines in, settlements and steps out: what a run remembers between them.

use chrono::NaiveDate;
use jeongsan::book::Book;
use jeongsan::document::{EventDocument, EventError, FactDocument, Refusal};
use jeongsan::due::Incoming;
use jeongsan::id::EventId;
use jeongsan::journal::Entry;
use jeongsan::ledger::{Applied, Closing, Fact, Ledger};
use jeongsan::partner::PayableTermsError;
use jeongsan::payable::PayableError;
use jeongsan::settle::{Engine, History, Settled, Settlement};

use super::refused::Refused;
use crate::input::{Input, Item, read_fact};

/// A line of an event file: an event that settles, or a fact for the ledger.
#[derive(Debug)]
pub(crate) struct Line {
    /// Its number in the file, from 1.
    pub(crate) number: u64,
    /// Its id, if that much could be read.
    pub(crate) id: Option<EventId>,
    /// What it says, or why it says nothing.
    pub(crate) body: Result<Body, Refusal>,
}

/// What a line says.
#[derive(Debug)]
pub(crate) enum Body {
    Event(Box<EventDocument>),
    Fact(Box<FactDocument>),
}

impl Line {
    /// Tells an event from a fact; a row of CSV is a fact if its type is one of theirs.
    pub(crate) fn of(item: Item, input: &Input) -> Self {
        let is_fact = match &item.event {
            Ok(event) => event.kind.as_deref().is_some_and(FactDocument::is_fact),
            Err(refusal) => matches!(refusal, Refusal::Event(EventError::NotSettled { .. })),
        };
        let text = if is_fact { input.text(&item) } else { None };
        let body = match text {
            Some(text) => read_fact(&text).map(|fact| Body::Fact(Box::new(fact))),
            None => item.event.map(|event| Body::Event(Box::new(event))),
        };
        Self { number: item.line, id: item.id, body }
    }
}

/// What became of a line that was taken in.
#[derive(Debug)]
pub(crate) enum Taken {
    /// An event was settled.
    Settled(Box<Settled>),
    /// A fact was applied.
    Applied(Vec<Entry>),
    /// A fact of this date comes after the day of the run: it isn't applied.
    Later(NaiveDate),
}

/// Takes lines in, one after the other, and closes the day.
#[derive(Debug)]
pub(crate) struct Intake<'b> {
    book: &'b Book,
    engine: &'b Engine,
    as_of: NaiveDate,
    history: History,
    ledger: Ledger,
}

impl<'b> Intake<'b> {
    pub(crate) fn new(
        book: &'b Book,
        engine: &'b Engine,
        as_of: NaiveDate,
    ) -> Result<Self, PayableTermsError> {
        Ok(Self { book, engine, as_of, history: History::new(), ledger: Ledger::of_book(book, as_of)? })
    }

    /// Takes a line in. A refused one changes nothing, but uses its id up.
    pub(crate) fn take(&mut self, line: &Line) -> Result<Taken, Refused> {
        match &line.body {
            Ok(Body::Event(event)) => {
                let settled = event.settle(self.engine, &mut self.history)?;
                Ok(Taken::Settled(Box::new(settled)))
            }
            Ok(Body::Fact(fact)) => self.take_fact(fact),
            Err(refusal) => {
                self.use_up(line.id.as_ref())?;
                Err(refusal.clone().into())
            }
        }
    }

    fn take_fact(&mut self, document: &FactDocument) -> Result<Taken, Refused> {
        self.use_up(document.id.as_ref())?;
        let fact = document.to_fact(self.book.currency()).map_err(Refusal::from)?;
        if fact.date() > self.as_of {
            return Ok(Taken::Later(fact.date()));
        }
        if let Fact::Close { date, .. } = &fact {
            self.keep_to(*date);
        }
        Ok(Taken::Applied(match self.ledger.apply(fact)? {
            Applied::Step(step) => step.entries,
            Applied::Closing(closing) => closing.entries,
        }))
    }

    /// Takes a settlement into the ledger.
    pub(crate) fn owe(&mut self, settlement: &Settlement) -> Result<(), Refused> {
        let parts = self.engine.due_parts(settlement)?;
        self.ledger.settle(Incoming { parts: &parts, ..settlement.into() })?;
        Ok(())
    }

    /// Closes the day of the run.
    pub(crate) fn close(mut self) -> Result<(Ledger, Closing), PayableError> {
        self.keep_to(self.as_of);
        let closing = self.ledger.close(self.as_of)?;
        Ok((self.ledger, closing))
    }

    /// Facts and events share their space of ids.
    fn use_up(&mut self, id: Option<&EventId>) -> Result<(), Refusal> {
        id.map_or(Ok(()), |id| self.history.use_up(id)).map_err(Refusal::from)
    }

    /// A day is closed under the terms of that day.
    fn keep_to(&mut self, day: NaiveDate) {
        // Terms that can't be meant are problems of the book, which was read before.
        let _ = self.ledger.keep_to(self.book, day);
    }
}
