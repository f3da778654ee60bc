//! `/metrics` on a port of its own: what it tells is for Prometheus, not for clients.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use hive_router::async_trait;
use hive_router::background_tasks::{BackgroundTask, CancellationToken};
use hive_router::tokio::io::{AsyncReadExt, AsyncWriteExt};
use hive_router::tokio::net::TcpStream;
use hive_router::tokio::time::timeout;
use hive_router::tokio::{self, select};

use crate::environment;
use crate::metrics::Metrics;

pub struct MetricsServer {
    listener: TcpListener,
    metrics: Arc<Metrics>,
}

impl MetricsServer {
    /// Takes the port.
    ///
    /// # Errors
    /// One line that names the address or the variable.
    pub fn bind(metrics: Arc<Metrics>) -> Result<Self, String> {
        let address = (environment::text("ROUTER_HOST", "127.0.0.1"), environment::number("ROUTER_METRICS_PORT", 4001)?);
        let taken = |error| format!("{}:{} can't be had; set ROUTER_METRICS_PORT ({error})", address.0, address.1);
        let listener = TcpListener::bind((address.0.as_str(), address.1)).map_err(taken)?;
        listener.set_nonblocking(true).map_err(taken)?;
        Ok(Self { listener, metrics })
    }
}

#[async_trait]
impl BackgroundTask for MetricsServer {
    fn id(&self) -> &str {
        "metrics"
    }

    async fn run(&self, token: CancellationToken) {
        let Ok(listener) = self.listener.try_clone().and_then(tokio::net::TcpListener::from_std) else { return };
        loop {
            select! {
                () = token.cancelled() => return,
                Ok((connection, _)) = listener.accept() => {
                    // One after the other: only Prometheus asks here, and nobody may take longer than this.
                    let _ = timeout(Duration::from_secs(2), answer(connection, &self.metrics)).await;
                }
            }
        }
    }
}

async fn answer(mut connection: TcpStream, metrics: &Metrics) -> std::io::Result<()> {
    let path = read_path(&mut connection).await?;
    let (status, body) = if path == "/metrics" { ("200 OK", metrics.text()) } else { ("404 Not Found", String::new()) };
    let head = format!("HTTP/1.1 {status}\r\ncontent-type: text/plain; version=0.0.4; charset=utf-8\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    connection.write_all((head + &body).as_bytes()).await?;
    connection.shutdown().await
}

/// The path of a request whose head is at most four kilobytes.
async fn read_path(connection: &mut TcpStream) -> std::io::Result<String> {
    let mut head = Vec::new();
    let mut chunk = [0; 1024];
    while head.len() < 4096 && !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match connection.read(&mut chunk).await? {
            0 => break,
            count => head.extend_from_slice(&chunk[..count]),
        }
    }
    let line = String::from_utf8_lossy(&head);
    Ok(line.split_whitespace().nth(1).unwrap_or("").to_string())
}
