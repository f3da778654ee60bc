//! From what a client sent to what the planner gets, or to a refusal.

use guards::document::Kind;
use guards::media::Answer;
use guards::{cost, Limits, Refusal};
use hive_router::http::Method;
use hive_router::plugins::hooks::on_graphql_params::GraphQLParams;
use hive_router::plugins::plugin_context::RouterHttpRequest;

use crate::exchange::Exchange;
use crate::reply::Problem;
use crate::supergraph::Supergraph;
use crate::{params, variables};

/// What the guards know before there is a request.
pub struct Preparation<'a> {
    pub limits: &'a Limits,
    pub supergraph: &'a Supergraph,
}

impl Preparation<'_> {
    /// Reads the request and measures what it asks for; the planner gets what it can't take for something else.
    ///
    /// # Errors
    /// What `docs/frontend/errors.md` says of bodies, documents and limits.
    pub fn prepare(&self, request: &RouterHttpRequest, body: &[u8], exchange: &Exchange) -> Result<GraphQLParams, Problem> {
        let refused = |refusal: Refusal| Problem::of(&refusal, exchange.answer);
        let is_get = request.method == Method::GET;
        let read =
            if is_get { params::from_address(request.query_string, self.limits) } else { params::from_body(body, self.limits) };
        let mut params = read.map_err(refused)?;
        let query = params.query.take().unwrap_or_default();
        let Supergraph { schema, documents, memory } = self.supergraph;
        let known = documents.look_at(&query, self.limits, schema).map_err(refused)?;
        let operation = known.document.operation(params.operation_name.as_deref()).map_err(refused)?;
        check_kind(operation.kind, is_get, exchange.answer)?;
        variables::coerce(&mut params.variables, &known, operation, schema).map_err(refused)?;
        let variables = |name: &str| params::known(&params.variables, known.document.sent(name));
        let cost = cost::of_operation(&known.document, operation, schema, &variables);
        if cost > self.limits.cost {
            return Err(refused(Refusal::too_dear(cost, self.limits.cost)));
        }
        if params::wants_cost(&params) {
            let _ = exchange.cost.set(cost);
        }
        let position = known.document.operations.iter().position(|other| std::ptr::eq(other, operation));
        let _ = exchange.operation.set(position.unwrap_or(0));
        let text = known.text_for(operation, &|conditions| cost::applies(conditions, operation, &variables));
        memory.count(&text, params.operation_name.as_deref(), known.fields);
        params.query = Some(text);
        let _ = exchange.document.set(known);
        Ok(params)
    }
}

fn check_kind(kind: Kind, is_get: bool, answer: Answer) -> Result<(), Problem> {
    match kind {
        Kind::Subscription => Err(Problem::of(&Refusal::mistake("There are no subscriptions yet."), answer)),
        Kind::Mutation if is_get => Err(Problem::bad_input(405, "A mutation must be sent by POST.").with_header("allow", "POST")),
        _ => Ok(()),
    }
}
