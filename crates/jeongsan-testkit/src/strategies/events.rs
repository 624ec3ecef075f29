//! Lists of events: orders, cancels of them, manual entries.

use proptest::prelude::*;
use serde_json::Value;

use super::book::BookPlan;
use super::cancel::{CancelPlan, cancel};
use super::fault::{Fault, fault};
use super::order::{ManualPlan, OrderPlan, manual, order};
use super::{Cancels, Scope};
use crate::model::{Content, after_cancel, content_of};

#[derive(Clone, Debug)]
pub(super) struct EventPlan {
    kind: KindPlan,
    fault: Option<Fault>,
}

#[derive(Clone, Debug)]
enum KindPlan {
    Order(Box<OrderPlan>),
    Cancel(CancelPlan),
    Manual(ManualPlan),
}

pub(super) fn plans(scope: Scope) -> impl Strategy<Value = Vec<EventPlan>> {
    let orders = order(scope).prop_map(|plan| KindPlan::Order(Box::new(plan))).boxed();
    let cancels = if scope.cancels == Cancels::None {
        orders.clone()
    } else {
        cancel(scope).prop_map(KindPlan::Cancel).boxed()
    };
    let manuals = if scope.manual { manual().prop_map(KindPlan::Manual).boxed() } else { orders.clone() };
    let kinds = prop_oneof![5 => orders.clone(), 8 => cancels, 1 => manuals];
    let faults = if scope.bad_events { fault() } else { Just(None).boxed() };
    // Where the first is an order, cancels have something to cancel.
    let first = (orders, faults.clone());
    (first, proptest::collection::vec((kinds, faults), 0..=11)).prop_map(|(first, further)| {
        let event = |(kind, fault)| EventPlan { kind, fault };
        [first].into_iter().chain(further).map(event).collect()
    })
}

/// The documents of events. Cancels are shaped by what the earlier ones left.
pub(super) fn documents(plans: &[EventPlan], book: &BookPlan) -> Vec<Value> {
    let mut orders: Vec<(String, Option<Content>)> = Vec::new();
    let mut documents: Vec<Value> = Vec::new();
    for (plan, number) in plans.iter().zip(1..) {
        let previous = documents.last().and_then(|event| event["id"].as_str()).map(str::to_owned);
        let mut document = match &plan.kind {
            KindPlan::Order(order) => order.document(&format!("o-{number}"), book),
            KindPlan::Manual(manual) => manual.document(&format!("m-{number}")),
            KindPlan::Cancel(cancel) => {
                let id = format!("c-{number}");
                let open = orders.iter().filter(|(_, left)| left.is_some() || cancel.takes_any_order);
                let open: Vec<_> = open.collect();
                match open.get(usize::from(cancel.order) % open.len().max(1)) {
                    Some((order, left)) => cancel.document(&id, order, left.as_ref()),
                    None => cancel.document(&id, "o-1", None),
                }
            }
        };
        if let Some(fault) = plan.fault {
            fault.spoil(&mut document, previous.as_deref());
        }
        if let KindPlan::Order(_) = plan.kind {
            orders.push((format!("o-{number}"), content_of(&document)));
        } else if let Some((_, left)) = orders.iter_mut().find(|(id, _)| document["order"] == **id)
            && let Some(content) = left
            && let Some(after) = after_cancel(content, &document)
        {
            *left = after;
        }
        documents.push(document);
    }
    documents
}
