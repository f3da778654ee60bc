//! Subgraphs as they are asked: what they answer is put into the words of the house, and when one does not answer, its
//! fields stay empty with an error at the first empty place of each.

use std::sync::Arc;
use std::time::{Duration, Instant};

use guards::places::{self, Place};
use guards::Limits;
use hive_router::async_trait;
use hive_router::http::Uri;
use hive_router::plugins::plugin_context::PluginRequestState;
use hive_router::tracing::{error, warn};
use hive_router::GraphQLError;
use serde_json::{json, Value};

use hive_router::executor::executors::common::{SubgraphExecutionRequest, SubgraphExecutor, SubgraphExecutorBoxedArc};
use hive_router::executor::executors::error::SubgraphExecutorError;
use hive_router::executor::response::subgraph_response::SubgraphResponse;

use crate::errors::{is_code, INTERNAL, UNAVAILABLE};
use crate::metrics::Metrics;

type Answered = Result<SubgraphResponse<'static>, SubgraphExecutorError>;

pub struct Watched {
    pub inner: SubgraphExecutorBoxedArc,
    pub subgraph: String,
    pub metrics: Arc<Metrics>,
    pub limits: Arc<Limits>,
}

#[async_trait]
impl SubgraphExecutor for Watched {
    fn executor_name(&self) -> &str {
        self.inner.executor_name()
    }

    fn endpoint(&self) -> &Uri {
        self.inner.endpoint()
    }

    async fn execute<'a>(
        &self,
        request: SubgraphExecutionRequest<'a>,
        timeout: Option<Duration>,
        state: Option<&'a PluginRequestState<'a>>,
    ) -> Answered {
        let query = request.query;
        let started = Instant::now();
        let answered = self.inner.execute(request, timeout, state).await;
        self.metrics.subgraph_request(&self.subgraph, started.elapsed());
        match answered {
            Ok(mut response) if makes_sense(&response) => {
                response.errors.iter_mut().flatten().for_each(|error| self.translate(error));
                Ok(response)
            }
            Ok(_) => self.nothing(query, "an answer that is not GraphQL"),
            Err(fault) => self.nothing(query, fault.error_code()),
        }
    }

    async fn subscribe<'a>(
        &self,
        request: SubgraphExecutionRequest<'a>,
        timeout: Option<Duration>,
    ) -> Result<futures::stream::BoxStream<'static, Answered>, SubgraphExecutorError> {
        self.inner.subscribe(request, timeout).await
    }
}

impl Watched {
    /// Places in the query are those of our own to the subgraph.
    fn translate(&self, error: &mut GraphQLError) {
        error.locations = None;
        let code = error.extensions.code.as_deref().unwrap_or("");
        if !is_code(code) {
            error!(subgraph = self.subgraph, code, "a subgraph answered with an error that it should not make");
            error.extensions.code = Some("INTERNAL".into());
            error.message = INTERNAL.into();
        }
    }

    /// What stands for the answer of a subgraph that gave none.
    fn nothing(&self, query: &str, reason: &str) -> Answered {
        warn!(subgraph = self.subgraph, reason, "a subgraph can't be asked");
        let places = places::asked(query, &self.limits);
        let entities: Vec<(String, Value)> = places.iter().filter_map(entities).collect();
        let data = if entities.is_empty() { Value::Null } else { entities.into_iter().collect() };
        let errors: Vec<Value> = places.iter().map(|place| unavailable(&path(place))).collect();
        let body = json!({ "data": data, "errors": errors }).to_string().into_bytes();
        SubgraphResponse::deserialize_from_bytes(body.into(), None)
    }
}

/// A GraphQL answer has data or errors of the subgraph's own: those of Hive Router tell that there was none.
fn makes_sense(response: &SubgraphResponse) -> bool {
    let errors = response.errors.as_deref().unwrap_or_default();
    let is_ours = |error: &GraphQLError| error.extensions.code.as_deref().is_some_and(|code| code.starts_with("SUBREQUEST_"));
    !errors.iter().any(is_ours) && (!errors.is_empty() || !response.data.is_null())
}

/// A list with nothing in it, to which the paths of errors are related.
fn entities(place: &Place) -> Option<(String, Value)> {
    match place {
        Place::Root(_) => None,
        Place::Entity(key, _) => Some((key.clone(), json!([null]))),
    }
}

fn path(place: &Place) -> Value {
    match place {
        Place::Root(key) => json!([key]),
        Place::Entity(key, field) => json!([key, 0, field]),
    }
}

fn unavailable(path: &Value) -> Value {
    json!({ "message": UNAVAILABLE, "path": path, "extensions": { "code": "UNAVAILABLE" } })
}
