//! Requests that go on when nobody waits for them any more: a client that hangs up must not leave a mutation half done.

use std::time::Duration;

use hive_router::executor::executors::common::{SubgraphExecutionRequest, SubgraphExecutorBoxedArc};
use hive_router::executor::executors::error::SubgraphExecutorError;
use hive_router::executor::response::subgraph_response::SubgraphResponse;
use hive_router::query_planner::planner::plan_nodes::CustomScalarPaths;
use hive_router::sonic_rs::Value;
use hive_router::tokio;

type Answered = Result<SubgraphResponse<'static>, SubgraphExecutorError>;

/// Asks in a task of its own, which is not dropped with who waits here. Hooks of other plugins do not see the request.
pub async fn execute(
    executor: &SubgraphExecutorBoxedArc,
    request: SubgraphExecutionRequest<'_>,
    timeout: Option<Duration>,
) -> Answered {
    let executor = executor.clone();
    let owned = Owned::from(request);
    let task = tokio::spawn(async move { executor.execute(owned.request(), timeout, None).await });
    task.await.unwrap_or(Err(SubgraphExecutorError::StaticEndpointNotFound))
}

/// A request that borrows nothing.
struct Owned {
    query: String,
    variables: Option<Vec<(String, Value)>>,
    raw_variables: Option<Vec<(String, Vec<u8>)>>,
    custom_scalar_paths: Option<CustomScalarPaths>,
    rest: SubgraphExecutionRequest<'static>,
}

impl From<SubgraphExecutionRequest<'_>> for Owned {
    fn from(request: SubgraphExecutionRequest<'_>) -> Self {
        let owned = |(name, value): (&str, &Value)| (name.to_string(), value.clone());
        let raw = |(name, value): (&str, Vec<u8>)| (name.to_string(), value);
        Self {
            query: request.query.into(),
            variables: request.variables.map(|variables| variables.into_iter().map(owned).collect()),
            raw_variables: request.raw_variable_values.map(|values| values.into_iter().map(raw).collect()),
            custom_scalar_paths: request.custom_scalar_paths.cloned(),
            rest: SubgraphExecutionRequest {
                query: "",
                document_name_write_pos: request.document_name_write_pos,
                dedupe: request.dedupe,
                operation_name: request.operation_name,
                variables: None,
                headers: request.headers,
                raw_variable_values: None,
                extensions: request.extensions,
                custom_scalar_paths: None,
                connection_fingerprint: request.connection_fingerprint,
            },
        }
    }
}

impl Owned {
    fn request(&self) -> SubgraphExecutionRequest<'_> {
        let variables =
            self.variables.as_ref().map(|variables| variables.iter().map(|(name, value)| (name.as_str(), value)).collect());
        SubgraphExecutionRequest {
            query: &self.query,
            document_name_write_pos: self.rest.document_name_write_pos,
            dedupe: self.rest.dedupe,
            operation_name: self.rest.operation_name.clone(),
            variables,
            headers: self.rest.headers.clone(),
            raw_variable_values: self
                .raw_variables
                .as_ref()
                .map(|values| values.iter().map(|(name, value)| (name.as_str(), value.clone())).collect()),
            extensions: self.rest.extensions.clone(),
            custom_scalar_paths: self.custom_scalar_paths.as_ref(),
            connection_fingerprint: self.rest.connection_fingerprint,
        }
    }
}
