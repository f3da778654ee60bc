//! The server: Hive Router's own, within our [`Edge`], for so many connections of each client.

use std::sync::Arc;

use hive_router::background_tasks::BackgroundTasksManager;
use hive_router::config::{load_config, HiveRouterConfig};
use hive_router::error::RouterInitError;
use hive_router::ntex::http::HttpService;
use hive_router::ntex::io::types::PeerAddr;
use hive_router::ntex::io::Io;
use hive_router::ntex::server::{Config, ServerBuilder};
use hive_router::ntex::service::{apply_fn_factory, ServiceFactory};
use hive_router::ntex::{web, SharedCfg};
use hive_router::pipeline::long_lived_client_limit::LongLivedClientLimitService;
use hive_router::pipeline::request_identifiers::RequestIdentifiersService;
use hive_router::pipeline::request_summary::RequestSummaryService;
use hive_router::plugins::plugins_service::PluginService;
use hive_router::telemetry::Telemetry;
use hive_router::{build_http_service_config, configure_app_from_config, configure_ntex_app, invoke_shutdown_hooks};
use hive_router::{tls, PluginRegistry, RouterPaths};

use crate::clients::Clients;
use crate::edge::Edge;
use crate::{clients, environment, memory};

/// How many connections a client may have for each unfinished request that it may have: browsers keep some idle, and so do proxies.
const CONNECTIONS: usize = 4;

/// Serves until it is told to stop. It is `hive_router::router_entrypoint` within [`Edge`], which compresses answers in the place
/// of a middleware, and without the callbacks of subscriptions, of which there are none.
///
/// # Errors
/// What keeps it from serving.
pub async fn serve(plugins: PluginRegistry) -> Result<(), RouterInitError> {
    let config = configuration()?;
    let telemetry = Telemetry::init_global(config)?;
    let mut tasks = BackgroundTasksManager::new();
    let (shared, schema) = configure_app_from_config(config, telemetry.context.clone(), &mut tasks, plugins).await?;

    let prometheus = telemetry.prometheus.as_ref().and_then(|prometheus| prometheus.to_attached());
    memory::watch(&shared, &schema);
    let paths = RouterPaths::new(config.graphql_path().into(), config.websocket_path().map(String::from), None);
    paths.detect_conflicts(&prometheus)?;
    let state = shared.clone();
    let app = async move || {
        let (paths, prometheus) = (paths.clone(), prometheus.clone());
        let app = web::App::new()
            .middleware(LongLivedClientLimitService::new(config))
            .middleware(PluginService::new(paths.clone(), prometheus.as_ref().map(|found| found.endpoint.clone())))
            .middleware(RequestSummaryService::new(config.graphql_path()))
            .middleware(RequestIdentifiersService)
            .state(state.clone())
            .state(schema.clone())
            .state(state.telemetry_context.clone())
            .configure(move |app| configure_ntex_app(app, &paths, prometheus));
        let edge = Edge::new(&config.traffic_shaping.router.compression.response);
        apply_fn_factory(app, async move |request, app: &_| edge.answer(request, app).await)
    };
    let mut server = ServerBuilder::new().shutdown_timeout(config.shutdown_timeout());
    if let Some(workers) = config.workers() {
        server = server.workers(workers.get());
    }
    let shared_settings: SharedCfg = SharedCfg::new("HIVE_ROUTER").add(build_http_service_config(config)).into();
    // What is no number was told when the plugin was made.
    let connections = Arc::new(Clients::new(CONNECTIONS * Clients::most().unwrap_or_default()));
    let address = config.address();
    let bound = match &config.traffic_shaping.router.tls {
        Some(certificates) => {
            let certificates = tls::build_rustls_config(certificates)?;
            server.bind("router", &address, async move |settings: Config| {
                settings.config(shared_settings.clone());
                counted(HttpService::new(app().await).rustls(certificates.clone()), Arc::clone(&connections))
            })
        }
        None => server.bind("router", &address, async move |settings: Config| {
            settings.config(shared_settings.clone());
            counted(HttpService::new(app().await), Arc::clone(&connections))
        }),
    };
    let bound = bound.map_err(|error| RouterInitError::HttpServerBindError(address, error))?;
    let ended = bound.run().await.map_err(RouterInitError::HttpServerStartError);

    tasks.graceful_shutdown().await;
    telemetry.graceful_shutdown().await;
    invoke_shutdown_hooks(&shared).await;
    ended
}

/// Closes what a client opens beyond its connections.
fn counted<T>(service: T, clients: Arc<Clients>) -> impl ServiceFactory<Io, SharedCfg>
where
    T: ServiceFactory<Io, SharedCfg, Response = ()> + 'static,
{
    apply_fn_factory(service, async move |connection: Io, service: &_| {
        let client = connection.query::<PeerAddr>().get().map(|peer| peer.0.ip());
        match clients.admit(client.unwrap_or(clients::UNKNOWN)) {
            Some(_admission) => service.call(connection).await,
            None => Ok(()),
        }
    })
}

/// What `router.config.yaml` says, with addresses of subgraphs as they are: Hive Router evaluates an expression for each request.
fn configuration() -> Result<&'static HiveRouterConfig, RouterInitError> {
    let mut config = load_config(std::env::var("ROUTER_CONFIG_FILE_PATH").ok())?;
    for (subgraph, address) in &mut config.override_subgraph_urls.subgraphs {
        if let Some(url) = environment::subgraph_url(subgraph) {
            address.url = url;
        }
    }
    Ok(config.into_static())
}
