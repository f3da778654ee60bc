//! What surrounds the answering of a request: it has an id before anything looks at it, its answer is compressed, and when it
//! makes Hive Router panic, its client gets an answer and all others go on.

use std::panic::{self, AssertUnwindSafe};

use futures::FutureExt;
use guards::media::{self, Answer};
use hive_router::config::traffic_shaping::TrafficShapingRouterResponseCompressionConfig;
use hive_router::http::header::ACCEPT;
use hive_router::http::Method;
use hive_router::ntex::http::{Request, Response};
use hive_router::ntex::service::dev::ApplyCtx;
use hive_router::ntex::service::Service;
use hive_router::tokio::task::yield_now;
use hive_router::tracing::{enabled, error, Level};
use serde_json::json;

use crate::compression::Compression;
use crate::reply::Problem;
use crate::{door, errors, identity};

#[derive(Clone)]
pub struct Edge {
    compression: Compression,
}

impl Edge {
    pub fn new(compression: &'static TrafficShapingRouterResponseCompressionConfig) -> Self {
        Self { compression: Compression::new(compression) }
    }

    /// Lets the service answer the request.
    ///
    /// # Errors
    /// Those of the service.
    pub async fn answer<S>(&self, mut request: Request, service: &ApplyCtx<'_, S>) -> Result<Response, S::Error>
    where
        S: Service<Request, Response: Into<Response>>,
    {
        let encoding = self.compression.encoding(request.headers());
        let accept = door::list(request.headers(), &ACCEPT);
        let accepted = media::answer(accept.as_deref(), request.method() == Method::GET).unwrap_or(Answer::Json);
        let correlation_id = identity::begin(request.headers_mut());
        // Whoever sends many requests at once on one connection waits behind others for each.
        yield_now().await;
        match AssertUnwindSafe(service.call(request)).catch_unwind().await {
            Ok(answered) => Ok(self.compression.compressed(answered?.into(), encoding).await),
            Err(_) => {
                // The logging's filter is left in the middle of something, and drops what it is asked for next.
                let _ = enabled!(Level::ERROR);
                error!(target: "router::core", correlation_id = correlation_id.to_str().unwrap_or(""), "a request made the router panic");
                let mut response = Problem::new("INTERNAL", 500, errors::INTERNAL).response(accepted);
                identity::tell(response.headers_mut(), correlation_id);
                Ok(response)
            }
        }
    }
}

/// Has panics told by their place alone: their messages may quote what a client sent. They are written past the logging of
/// Hive Router, which tells nothing of a thread that panics.
pub fn tell_places_of_panics() {
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        eprintln!("{}", json!({ "level": "ERROR", "target": "router::core", "message": "a panic", "place": place }));
    }));
}
