//! The sandbox's own record of writes: all that arrived, and what each changed.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use valora::sandbox::WriteFault;

use crate::setup::{Setup, payment};

/// Sends a request without valora's client; returns the status line.
async fn send(setup: &Setup, method: &str, path: &str) -> String {
    let (token, url) = (setup.sandbox.payments_tokens().admin, setup.sandbox.payments_url());
    let address = url.trim_start_matches("http://").split('/').next().unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: {token}\r\nContent-Type: \
         application/json\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    // A fault may reset the connection.
    let _ = stream.read_to_end(&mut bytes).await;
    String::from_utf8_lossy(&bytes).lines().next().unwrap_or_default().to_owned()
}

fn path(number: usize) -> String {
    format!("/payments-api/payments/{}/block", payment(number))
}

#[tokio::test]
async fn a_write_that_meets_a_fault_of_all_requests_is_recorded_and_not_carried_out() {
    for (fault, status) in [
        ("503:payments-api", "HTTP/1.1 503 "),
        ("401:*", "HTTP/1.1 401 "),
        ("reset:payments-api", ""),
        ("html:payments-api", "HTTP/1.1 200 "),
        ("redirect:payments-api", "HTTP/1.1 302 "),
    ] {
        let setup = Setup::start().await;
        setup.sandbox.set_faults(vec![fault.parse().unwrap()]);
        let answer = send(&setup, "PUT", &path(1)).await;
        assert!(answer.starts_with(status) && (status.is_empty() == answer.is_empty()), "{answer}");
        assert_eq!((setup.writes().len(), setup.carried_out()), (1, 0), "{fault}");
        setup.sandbox.set_faults(Vec::new());
        assert_eq!(send(&setup, "PUT", &path(1)).await, "HTTP/1.1 204 No Content", "{fault}");
        assert_eq!((setup.writes().len(), setup.carried_out()), (2, 1), "{fault}");
    }
}

#[tokio::test]
async fn only_a_write_that_changes_something_counts_as_carried_out() {
    let setup = Setup::start().await;
    for (method, status, is_carried_out) in [
        ("DELETE", "HTTP/1.1 204 No Content", false),
        ("PUT", "HTTP/1.1 204 No Content", true),
        ("PUT", "HTTP/1.1 409 Conflict", false),
        ("DELETE", "HTTP/1.1 204 No Content", true),
        ("DELETE", "HTTP/1.1 204 No Content", false),
    ] {
        assert_eq!(send(&setup, method, &path(1)).await, status);
        assert_eq!(setup.writes().last().unwrap().is_carried_out, is_carried_out, "{method}");
    }
    let finance = "/finance-api/api/landlord/bank-account-holders";
    assert_eq!(send(&setup, "POST", finance).await, "HTTP/1.1 401 Unauthorized");
    assert_eq!(setup.writes().last().unwrap().path, finance);
    assert_eq!(setup.writes().len(), 6);
}

#[tokio::test]
async fn a_conflict_with_somebody_else_is_the_change_of_somebody_else() {
    for (method, number) in [("PUT", 1), ("DELETE", 5)] {
        let setup = Setup::start().await;
        setup.fault(WriteFault::ConflictDone);
        assert_eq!(send(&setup, method, &path(number)).await, "HTTP/1.1 409 Conflict");
        assert_eq!((setup.writes().len(), setup.carried_out()), (1, 0), "{method}");
        let again = send(&setup, method, &path(number)).await;
        assert_eq!(again == "HTTP/1.1 409 Conflict", method == "PUT", "{again}");
        assert_eq!(setup.carried_out(), 0, "somebody else did it: {method}");
    }
}
