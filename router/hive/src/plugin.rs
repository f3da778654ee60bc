//! The hooks of Hive Router, in the order in which a request meets them.

use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};

use guards::media::Answer;
use guards::Limits;
use hive_router::graphql_tools::validation::validate::{validate, ValidationPlan};
use hive_router::ntex::http::header::HeaderValue;
use hive_router::ntex::http::Response;
use hive_router::ntex::web::WebResponse;
use hive_router::plugins::hooks::on_execute::{OnExecuteStartHookPayload, OnExecuteStartHookResult};
use hive_router::plugins::hooks::on_graphql_analysis::{OnGraphqlAnalysisHookPayload, OnGraphqlAnalysisHookResult};
use hive_router::plugins::hooks::on_graphql_error::{OnGraphQLErrorHookPayload, OnGraphQLErrorHookResult};
use hive_router::plugins::hooks::on_graphql_params::{OnGraphQLParamsStartHookPayload, OnGraphQLParamsStartHookResult};
use hive_router::plugins::hooks::on_graphql_validation::{OnGraphQLValidationStartHookPayload, OnGraphQLValidationStartHookResult};
use hive_router::plugins::hooks::on_http_request::{OnHttpRequestHookFuture, OnHttpRequestHookPayload};
use hive_router::plugins::hooks::on_plugin_init::{OnPluginInitPayload, OnPluginInitResult};
use hive_router::plugins::hooks::on_subgraph_execute::{OnSubgraphExecuteStartHookPayload, OnSubgraphExecuteStartHookResult};
use hive_router::plugins::hooks::on_supergraph_load::{OnSupergraphLoadStartHookPayload, OnSupergraphLoadStartHookResult};
use hive_router::plugins::plugin_trait::{EndHookPayload, RouterPlugin, StartHookPayload};
use hive_router::sonic_rs::json;
use hive_router::{async_trait, ArcSwap, PlanExecutionOutput};

use crate::answer::Denials;
use crate::clients::Clients;
use crate::exchange::Exchange;
use crate::keys::Keys;
use crate::metrics::Metrics;
use crate::metrics_server::MetricsServer;
use crate::outage::Watched;
use crate::prepare::Preparation;
use crate::reply::Problem;
use crate::supergraph::Supergraph;
use crate::{answer, caller, clients, description, door, errors, exchange, identity, merging, supergraph};

pub struct Mercato {
    limits: Arc<Limits>,
    supergraph: ArcSwap<Supergraph>,
    clients: Arc<Clients>,
    keys: Keys,
    metrics: Arc<Metrics>,
    validation: OnceLock<Arc<ValidationPlan>>,
}

impl Mercato {
    fn start() -> Result<(Self, MetricsServer), String> {
        let limits = Limits::committed();
        let metrics = Arc::new(Metrics::default());
        let server = MetricsServer::bind(Arc::clone(&metrics))?;
        let clients = Arc::new(Clients::new(Clients::most()?));
        let plugin = Self {
            limits: Arc::new(limits),
            supergraph: ArcSwap::default(),
            clients,
            keys: Keys::new(),
            metrics,
            validation: OnceLock::new(),
        };
        Ok((plugin, server))
    }

    fn refuse(&self, problem: &Problem, exchange: &Exchange) -> Response {
        self.count_error(problem.code, exchange);
        problem.response(exchange.answer)
    }

    fn count_error(&self, code: &str, exchange: &Exchange) {
        self.metrics.error(code);
        exchange.errors.fetch_add(1, Ordering::Relaxed);
    }

    fn finish(&self, exchange: &Exchange, mut response: WebResponse) -> WebResponse {
        if let Some(known) = exchange.document.get().filter(|known| !known.originals.is_empty()) {
            response = answer::with_aliases(response, &known.originals);
        }
        let headers = response.headers_mut();
        for (name, value) in exchange.headers.get().into_iter().flatten() {
            headers.insert(hive_router::http::HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let media_type = headers.get("content-type").and_then(|value| value.to_str().ok()).map(String::from);
        if let Some(media_type @ ("application/json" | "application/graphql-response+json")) = media_type.as_deref() {
            if let Ok(value) = HeaderValue::from_str(&format!("{media_type}; charset=utf-8")) {
                headers.insert(hive_router::http::header::CONTENT_TYPE, value);
            }
        }
        self.metrics.request(exchange.outcome(), exchange.started.elapsed());
        response
    }
}

/// A request under way: one that ends by a panic is counted too.
struct Unfinished {
    metrics: Arc<Metrics>,
    exchange: Arc<Exchange>,
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.metrics.error("INTERNAL");
            self.metrics.request("failed", self.exchange.started.elapsed());
        }
    }
}

fn too_many() -> Problem {
    Problem::new("RATE_LIMITED", 429, "You have too many unfinished requests.").with_header("retry-after", "1")
}

#[async_trait]
impl RouterPlugin for Mercato {
    type Config = ();

    fn plugin_name() -> &'static str {
        "mercato"
    }

    fn on_plugin_init(mut payload: OnPluginInitPayload<Self>) -> OnPluginInitResult<Self> {
        let (plugin, server) = Self::start()?;
        payload.register_background_task(server);
        payload.initialize_plugin(plugin)
    }

    fn on_supergraph_reload<'exec>(
        &'exec self,
        payload: OnSupergraphLoadStartHookPayload,
    ) -> OnSupergraphLoadStartHookResult<'exec> {
        let supergraph = Supergraph { schema: supergraph::schema(&payload.new_ast), ..Supergraph::default() };
        payload.on_end(move |end| {
            self.supergraph.store(Arc::new(supergraph));
            end.proceed()
        })
    }

    fn on_http_request<'req>(&'req self, mut payload: OnHttpRequestHookPayload<'req>) -> OnHttpRequestHookFuture<'req> {
        Box::pin(async move {
            let request = &mut payload.router_http_request;
            if matches!(request.path(), "/health" | "/readiness") {
                return payload.proceed();
            }
            let accepted = door::accepted(request);
            let answer = accepted.unwrap_or(Answer::Json);
            let correlation_id = identity::begin(request.headers_mut());
            let client = request.peer_addr().map_or(clients::UNKNOWN, |address| address.ip());
            let admission = self.clients.admit(client);
            let opened = if admission.is_some() { door::open(request, accepted, &self.limits).await } else { Err(too_many()) };
            if let Err(problem) = opened {
                self.metrics.error(problem.code);
                door::discard_body(request).await;
                let mut response = problem.response(answer);
                identity::tell(response.headers_mut(), correlation_id);
                return payload.end_with_response(response);
            }
            let exchange = Arc::new(Exchange::new(answer));
            payload.context.insert(Arc::clone(&exchange));
            let unfinished = Unfinished { metrics: Arc::clone(&self.metrics), exchange: Arc::clone(&exchange) };
            payload.on_end(move |mut end| {
                end.response = self.finish(&exchange, end.response);
                identity::tell(end.response.headers_mut(), correlation_id);
                drop((admission, unfinished));
                end.proceed()
            })
        })
    }

    async fn on_graphql_params<'exec>(
        &'exec self,
        mut payload: OnGraphQLParamsStartHookPayload<'exec>,
    ) -> OnGraphQLParamsStartHookResult<'exec> {
        let Some(exchange) = exchange::of(payload.context) else { return payload.proceed() };
        let preparation = Preparation { limits: &self.limits, supergraph: &self.supergraph.load() };
        match preparation.prepare(payload.router_http_request, &payload.body, &exchange) {
            Ok(params) => {
                payload.graphql_params = Some(params);
                payload.proceed()
            }
            Err(problem) => {
                let response = self.refuse(&problem, &exchange);
                payload.end_with_response(response)
            }
        }
    }

    async fn on_graphql_validation<'exec>(
        &'exec self,
        mut payload: OnGraphQLValidationStartHookPayload<'exec>,
    ) -> OnGraphQLValidationStartHookResult<'exec> {
        let plan = self.validation.get_or_init(|| Arc::new(merging::planned(&payload.validation_plan)));
        payload.validation_plan = Arc::clone(plan);
        let known = exchange::of(payload.context).and_then(|exchange| exchange.document.get().cloned());
        let look = |document: &_| validate(&payload.schema.document, document, &payload.validation_plan);
        payload.errors = known.and_then(|known| known.mistakes(payload.schema.hash, look));
        payload.on_end(|mut end| {
            if end.errors.len() > self.limits.errors {
                end.errors = Arc::new(end.errors[..self.limits.errors].to_vec());
            }
            end.proceed()
        })
    }

    async fn on_graphql_analysis<'exec>(
        &'exec self,
        payload: &mut OnGraphqlAnalysisHookPayload<'exec>,
    ) -> OnGraphqlAnalysisHookResult {
        let Some(exchange) = exchange::of(payload.context) else { return OnGraphqlAnalysisHookResult::Proceed };
        let details = Arc::clone(&payload.client_request_details);
        match caller::check(&details, &self.keys).await {
            Ok(()) => {
                exchange.is_anonymous.store(details.headers.get("authorization").is_none(), Ordering::Relaxed);
                OnGraphqlAnalysisHookResult::Proceed
            }
            Err(problem) => {
                self.count_error(problem.code, &exchange);
                let status_code = hive_router::http::StatusCode::from_u16(problem.status).unwrap_or_default();
                let body = problem.body();
                let _ = exchange.headers.set(problem.headers);
                OnGraphqlAnalysisHookResult::EndWithResponse(PlanExecutionOutput { body, error_count: 1, status_code })
            }
        }
    }

    async fn on_execute<'exec>(&'exec self, mut payload: OnExecuteStartHookPayload<'exec>) -> OnExecuteStartHookResult<'exec> {
        let Some(exchange) = exchange::of(payload.context) else { return payload.proceed() };
        if let Some(cost) = exchange.cost.get() {
            payload.add_extension("cost", json!({ "estimated": cost, "maximum": self.limits.cost }));
        }
        payload.on_end(move |mut end| {
            let supergraph = self.supergraph.load();
            if let Some(known) = exchange.document.get() {
                description::mend(&mut end.data, known, &supergraph.schema);
            }
            let empties = |keys: &[&str], index: usize| exchange.denial_empties(&supergraph.schema, keys, index);
            let denials =
                Denials { data: &end.data, is_anonymous: exchange.is_anonymous.load(Ordering::Relaxed), empties: &empties };
            end.errors = denials.place(end.errors);
            exchange.has_data.store(!end.data.is_null(), Ordering::Relaxed);
            end.proceed()
        })
    }

    async fn on_subgraph_execute<'exec>(
        &'exec self,
        mut payload: OnSubgraphExecuteStartHookPayload<'exec>,
    ) -> OnSubgraphExecuteStartHookResult<'exec> {
        let subgraph = payload.subgraph_name.to_string();
        let watched =
            Watched { inner: payload.executor, subgraph, metrics: Arc::clone(&self.metrics), limits: Arc::clone(&self.limits) };
        payload.executor = Arc::new(Box::new(watched));
        payload.proceed()
    }

    fn on_graphql_error<'req>(&'req self, mut payload: OnGraphQLErrorHookPayload<'req>) -> OnGraphQLErrorHookResult<'req> {
        payload.status_code = errors::for_client(&mut payload.error).unwrap_or(payload.status_code);
        if let Some(exchange) = exchange::of(payload.context) {
            self.count_error(payload.error.extensions.code.as_deref().unwrap_or(""), &exchange);
        }
        payload.proceed()
    }
}
