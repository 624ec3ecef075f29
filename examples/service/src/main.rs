//! A service that settles over HTTP and keeps what it settles in a store of its own.
//!
//! `POST /events` takes a JSON line an event and answers with the settlements or the refusal of each; an event sent again is answered as it
//! was the first time. `GET /partners/{id}/settlements?from=&before=&limit=&after=` gives pages.

mod store;

use axum::extract::{self, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use jeongsan::document::{BookDocument, Day, EventDocument, Refusal, RefusalDocument, SettlementDocument};
use jeongsan::{id::PartnerId, settle::Engine, settle::History, settle::Settlement};
use jeongsan_store::{Body, Dates, Expected, Fingerprint, HeadId, HeadWrite, PageLimit, Record};
use jeongsan_store::{RecordQuery, SettlementQuery, Store, StoreError, Unit};
use std::{error::Error, path::Path, sync::Arc};

struct Service {
    engine: Engine,
    /// One event at a time: what is left of an order decides what its next cancellation takes.
    history: tokio::sync::Mutex<History>,
    store: store::LogStore,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [book, log, address] = arguments.as_slice() else { return Err("arguments: BOOK LOG ADDRESS".into()) };
    // Its message alone: the error itself would print the book, and the partners in it.
    let book = toml::from_str::<BookDocument>(&std::fs::read_to_string(book)?);
    let book = book.map_err(|error| error.message().to_owned())?;
    let engine = Engine::resolve(&book.to_book()?, &jeongsan_calendars::calendars(None))?;
    let store = store::LogStore::open(Path::new(log))?;
    tokio::runtime::Builder::new_multi_thread().enable_io().build()?.block_on(async {
        let history = history(&engine, &store).await?.into();
        let router = axum::Router::new()
            .route("/events", post(take_events))
            .route("/partners/{id}/settlements", get(list_settlements))
            .with_state(Arc::new(Service { engine, history, store }));
        let listener = tokio::net::TcpListener::bind(address).await?;
        println!("listening on http://{}", listener.local_addr()?);
        Ok(axum::serve(listener, router).await?)
    })
}

/// What the engine knew when the service stopped: every event again, in the order in which they came.
async fn history(engine: &Engine, store: &store::LogStore) -> Result<History, Box<dyn Error>> {
    let (mut events, mut after, mut history) = (Vec::new(), None, History::new());
    loop {
        let page = store.records(&RecordQuery::default(), after, PageLimit::MAX).await?;
        events.extend(page.rows);
        let Some(next) = page.next else { break };
        after = Some(next);
    }
    events.sort_by_key(|event| event.sequence);
    for event in events {
        let event: EventDocument = serde_json::from_str(event.value.body.as_str())?;
        // A refusal was answered when it came; here it only uses its id up again.
        let _ = event.settle(engine, &mut history);
    }
    Ok(history)
}

async fn take_events(State(service): State<Arc<Service>>, events: String) -> Result<String, Failure> {
    let mut answers = String::new();
    for (line, text) in (1..).zip(events.lines()) {
        let answer = match serde_json::from_str::<EventDocument>(text) {
            Ok(event) => service.take_event(&event, text).await?,
            Err(error) => {
                let refusal = &Refusal::Unreadable { message: error.to_string(), path: None };
                serde_json::to_string(&RefusalDocument { id: None, file: None, line: Some(line), refusal })?
            }
        };
        answers.extend([&answer, "\n"]);
    }
    Ok(answers)
}

impl Service {
    /// The answer to an event: that of the first time, or what it comes to now, which is written with the event before it is given.
    async fn take_event(&self, event: &EventDocument, text: &str) -> Result<String, Failure> {
        let request = Fingerprint::of([text]);
        let name = event.id.as_ref().map_or_else(|| request.to_string(), ToString::to_string);
        let mut unit = Unit::new(name.parse()?, request);
        let head = HeadId { kind: "answer".parse()?, key: name.parse()? };
        let mut history = self.history.lock().await;
        if let Some(answer) = self.store.head(&head).await? {
            // The key is used, so that nothing is written: the store tells whether it was for this event.
            self.store.commit(&unit).await?;
            return Ok(answer.body.as_str().to_owned());
        }
        let answer = match event.settle(&self.engine, &mut history) {
            Ok(settled) => {
                unit.settlements = settled.into_rows().collect();
                documents(unit.settlements.iter(), "\n")?
            }
            Err(refusal) => {
                let (id, refusal) = (event.id.as_ref(), &refusal);
                serde_json::to_string(&RefusalDocument { id, file: None, line: None, refusal })?
            }
        };
        let day = event.start_date.or(event.date).or(event.settlement_date);
        let date = day.map(|day| day.0).unwrap_or_default();
        unit.records = vec![Record::new("event".parse()?, name.parse()?, date, Body::new(text)?)];
        let body = Body::new(answer.as_str())?;
        unit.heads = vec![HeadWrite::new(head, Expected::Absent, "given".parse()?, body)];
        self.store.commit(&unit).await?;
        Ok(answer)
    }
}

fn documents<'s>(rows: impl Iterator<Item = &'s Settlement>, between: &str) -> Result<String, Failure> {
    let texts = rows.map(|row| serde_json::to_string(&SettlementDocument(row)));
    Ok(texts.collect::<Result<Vec<_>, _>>()?.join(between))
}

#[derive(serde::Deserialize)]
struct Span {
    from: Option<Day>,
    before: Option<Day>,
    after: Option<String>,
    limit: Option<u32>,
}

async fn list_settlements(
    State(service): State<Arc<Service>>,
    extract::Path(partner): extract::Path<PartnerId>,
    Query(span): Query<Span>,
) -> Result<String, Failure> {
    let dates = Dates { from: span.from.map(|day| day.0), before: span.before.map(|day| day.0) };
    let query = SettlementQuery { partner: Some(partner), order: None, dates };
    let after = span.after.map(|after| after.parse()).transpose()?;
    let limit = PageLimit::new(span.limit.unwrap_or(100))?;
    let page = service.store.settlements(&query, after, limit).await?;
    let rows = documents(page.rows.iter().map(|row| &row.value), ",")?;
    let next = serde_json::to_string(&page.next.map(|next| next.to_string()))?;
    Ok(format!("{{\"settlements\":[{rows}],\"next\":{next}}}\n"))
}

/// What stopped a request; the store's own errors say whether the same request helps later.
struct Failure(Box<dyn Error>);

impl<E: Error + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = match self.0.downcast_ref() {
            Some(StoreError::KeyReused { .. }) => StatusCode::CONFLICT,
            Some(_) => StatusCode::SERVICE_UNAVAILABLE,
            None => StatusCode::BAD_REQUEST,
        };
        (status, format!("{}\n", self.0)).into_response()
    }
}
