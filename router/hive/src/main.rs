//! Hive Router with what `docs/frontend/errors.md` and `docs/frontend/limits.md` promise and its configuration can't hold.
//! `router/README.md` says what each file is for.

// ntex nests its middlewares in types.
#![recursion_limit = "256"]

mod answer;
mod body;
mod caller;
mod clients;
mod compression;
mod description;
mod door;
mod edge;
mod environment;
mod errors;
mod exchange;
mod identity;
mod keys;
mod known;
mod memory;
mod merging;
mod metrics;
mod metrics_server;
mod outage;
mod params;
mod plugin;
mod prepare;
mod reply;
mod server;
mod supergraph;
mod variables;

use hive_router::error::RouterInitError;
use hive_router::{configure_global_allocator, init_rustls_crypto_provider, PluginRegistry, RouterGlobalAllocator};

configure_global_allocator!();

#[hive_router::main]
async fn main() -> Result<(), RouterInitError> {
    environment::prepare();
    init_rustls_crypto_provider();
    edge::tell_places_of_panics();
    server::serve(PluginRegistry::new().register::<plugin::Mercato>()).await
}
