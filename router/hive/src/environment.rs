//! The environment, in which the Node router and Hive Router have some words of their own.

use std::env;

use hive_router::config::override_subgraph_urls::UrlOrExpression;

/// Turns on what `router.config.yaml` leaves off for a stock binary, and says LOG_LEVEL in Hive Router's words.
pub fn prepare() {
    env::set_var("HIVE_ROUTER_GUARDS", "true");
    if let Ok(level) = env::var("LOG_LEVEL") {
        let level = if level.eq_ignore_ascii_case("warning") { "warn".into() } else { level.to_lowercase() };
        env::set_var("LOG_LEVEL", level);
    }
}

/// A number of the environment.
///
/// # Errors
/// One line that names the variable, when its value is no number.
pub fn number<T: std::str::FromStr>(name: &str, default: T) -> Result<T, String> {
    match env::var(name) {
        Err(_) => Ok(default),
        Ok(text) if text.is_empty() => Ok(default),
        Ok(text) => text.parse().map_err(|_| format!("{name} must be a number, not \"{text}\"")),
    }
}

/// A text of the environment.
pub fn text(name: &str, default: &str) -> String {
    env::var(name).ok().filter(|text| !text.is_empty()).unwrap_or_else(|| default.into())
}

/// Where a subgraph is, when the environment says so.
pub fn subgraph_url(subgraph: &str) -> Option<UrlOrExpression> {
    let address = text(&format!("{}_URL", subgraph.to_uppercase()), "");
    (!address.is_empty()).then(|| UrlOrExpression::Url(format!("{address}/graphql")))
}
