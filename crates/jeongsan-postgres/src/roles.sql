create role settler login;
grant usage on schema jeongsan to settler;
grant select on all tables in schema jeongsan to settler;
grant insert on jeongsan.unit, jeongsan.settlement, jeongsan.record, jeongsan.head, jeongsan.outbox,
    jeongsan.lease to settler;
grant update on jeongsan.counter, jeongsan.head, jeongsan.lease to settler;
grant update (is_sent) on jeongsan.outbox to settler;
