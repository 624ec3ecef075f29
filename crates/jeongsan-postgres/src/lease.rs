//! Leases, taken and given back.

use chrono::{DateTime, Utc};
use jeongsan_store::{FencingToken, Lease, LeaseRequest, StoreError};

use crate::fault::commit_fault;
use crate::link::Link;
use crate::value::{instant, microseconds, parsed, signed, unsigned};

/// How often a lease that is free when it was held a moment before is asked for.
const ATTEMPTS: u32 = 5;

/// One statement, so that of two who ask one waits for the other; no row comes back while another holds the lease.
const TAKE: &str = "
    insert into lease as last values ($1, $2, 1, $4)
    on conflict (name) do update set holder = $2, until_microseconds = $4, token =
        case when last.until_microseconds > $3 then last.token else last.token + 1 end
    where last.until_microseconds <= $3 or last.holder = $2
    returning token";

pub(crate) async fn acquire(link: &mut Link, request: &LeaseRequest) -> Result<Lease, StoreError> {
    let (name, holder) = (request.name.as_str(), request.holder.as_str());
    let (now, until) = (microseconds(request.now), microseconds(request.until()));
    for _ in 0..ATTEMPTS {
        let take = link.prepare(TAKE).await?;
        let taken =
            link.client.query_opt(&take, &[&name, &holder, &now, &until]).await.map_err(commit_fault)?;
        if let Some(row) = taken {
            let token = FencingToken::new(unsigned(Link::get(&row, 0)?)?);
            let (name, holder) = (request.name.clone(), request.holder.clone());
            return Ok(Lease { name, holder, token, until: instant(until) });
        }
        let held = "select holder, until_microseconds from lease where name = $1 and until_microseconds > $2";
        if let Some(row) = link.optional(held, &[&name, &now]).await? {
            let by = parsed(Link::get(&row, 0)?)?;
            let until = instant(Link::get(&row, 1)?);
            return Err(StoreError::LeaseHeld { name: request.name.clone(), by, until });
        }
    }
    Err(StoreError::Unavailable { reason: format!("lease `{}` goes from hand to hand", request.name) })
}

pub(crate) async fn release(link: &mut Link, lease: &Lease) -> Result<(), StoreError> {
    let token = signed(lease.token.number(), "a lease's token")?;
    let long_ago = microseconds(DateTime::<Utc>::MIN_UTC);
    let sql = "update lease set until_microseconds = $3, token = token + 1 where name = $1 and token = $2";
    let give_back = link.prepare(sql).await?;
    let released = link
        .client
        .execute(&give_back, &[&lease.name.as_str(), &token, &long_ago])
        .await
        .map_err(commit_fault)?;
    if released == 0 { Err(StoreError::StaleLease { name: lease.name.clone() }) } else { Ok(()) }
}
