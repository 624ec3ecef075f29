//! The service is started on loopback and driven as a client would.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

const BOOK: &str = r#"
version = 1
currency = "KRW"
calendar = "KR-BANK"
[[contracts]]
id = "standard"
platform_fee = { rate = "10%" }
platform_fee_vat_payer = "partner"
cycle = { lag = { days = 2 }, method = "daily", date_policy = "holiday-after" }
[[partners]]
id = "seller-1"
kind = "business"
default_contract = "standard"
[[partners]]
id = "seller-2"
kind = "business"
default_contract = "standard"
"#;

const ORDER: &str =
    r#"{"type":"order","id":"o-1","partner":"seller-1","start_date":"2026-03-02","order_amount":10000}"#;
const CANCEL: &str = r#"{"type":"cancel","id":"c-1","order":"o-1","date":"2026-03-09","order_amount":4000}"#;

struct Service {
    process: Child,
    address: String,
}

impl Service {
    fn start(folder: &Path) -> Self {
        let book = folder.join("book.toml");
        std::fs::write(&book, BOOK).unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_jeongsan-example-service"))
            .args([book.as_path(), &folder.join("log"), Path::new("127.0.0.1:0")])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on http://").unwrap().to_owned();
        Self { process, address }
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}",
            self.address
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.get(9..12).unwrap().parse().unwrap(), body.to_owned())
    }

    fn post(&self, events: &str) -> String {
        let (status, answer) = self.ask("POST", "/events", events);
        assert_eq!(status, 200, "{answer}");
        answer
    }

    fn settlements(&self, partner: &str, span: &str) -> serde_json::Value {
        let (status, answer) = self.ask("GET", &format!("/partners/{partner}/settlements{span}"), "");
        assert_eq!(status, 200, "{answer}");
        serde_json::from_str(&answer).unwrap()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // Without a word before, as a crash does.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn value(line: &str) -> serde_json::Value {
    serde_json::from_str(line).unwrap()
}

#[test]
fn events_settle_once_and_outlast_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let service = Service::start(folder.path());

    let first = service.post(ORDER);
    assert_eq!(value(&first)["settlement"], 8900);
    assert_eq!(value(&first)["settlement_date"], "2026-03-04");
    assert_eq!(service.post(ORDER), first, "an event sent again is answered as before");
    let (status, text) = service.ask("POST", "/events", &ORDER.replace("10000", "20000"));
    assert_eq!((status, text.as_str()), (409, "unit key `o-1` was used for another request\n"));

    let answers = service
        .post(&format!("{CANCEL}\nno event\n{}\n", CANCEL.replace("c-1", "c-2").replace("4000", "7000")));
    let answers: Vec<_> = answers.lines().map(value).collect();
    assert_eq!(answers.len(), 3);
    assert_eq!(answers[0]["settlement"], -3560);
    assert_eq!(
        (&answers[1]["line"], &answers[1]["error"]["code"]),
        (&value("2"), &value("\"invalid-event\""))
    );
    assert_eq!(answers[2]["id"], "c-2");
    assert!(answers[2]["error"]["code"].is_string(), "{}", answers[2]);

    drop(service);
    let service = Service::start(folder.path());
    assert_eq!(service.post(ORDER), first, "the answer outlasts the process");
    assert_eq!(value(&service.post(&CANCEL.replace("c-1", "c-2").replace("4000", "7000"))), answers[2]);
    // What the first process cancelled is gone from the order: 6000 are left, and no more.
    let rest = service.post(&CANCEL.replace("c-1", "c-3").replace("4000", "6000"));
    assert_eq!(value(&rest)["settlement"], -5340);

    let all = service.settlements("seller-1", "");
    let ids = |page: &serde_json::Value| -> Vec<String> {
        page["settlements"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids(&all), ["o-1", "c-1", "c-3"]);
    assert!(all["next"].is_null());
    let page = service.settlements("seller-1", "?limit=1");
    assert_eq!(ids(&page), ["o-1"]);
    let next = page["next"].as_str().unwrap();
    assert_eq!(ids(&service.settlements("seller-1", &format!("?limit=2&after={next}"))), ["c-1", "c-3"]);
    assert_eq!(ids(&service.settlements("seller-1", "?from=2026-03-05")), ["c-1", "c-3"]);
    assert_eq!(ids(&service.settlements("seller-1", "?before=2026-03-05")), ["o-1"]);
    assert!(ids(&service.settlements("seller-2", "")).is_empty());
    assert_eq!(service.ask("GET", "/partners/seller-1/settlements?from=today", "").0, 400);
    assert_eq!(service.ask("GET", "/partners/seller-1/settlements?after=x", "").0, 400);
}
