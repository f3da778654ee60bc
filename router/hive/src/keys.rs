//! Whether access tokens can be judged now: Hive Router takes a token whose key it does not have for none at all.

use std::time::{Duration, Instant};

use hive_router::sonic_rs::Value;
use hive_router::tokio::sync::Mutex;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{decode, decode_header, Algorithm, DecodingKey, Validation};

use crate::environment;

const TIMEOUT: Duration = Duration::from_secs(3);
/// For how long what was found out about the keys is believed: whoever sends junk has nobody asked more often.
const BELIEVED: Duration = Duration::from_secs(2);

pub struct Keys {
    url: String,
    client: reqwest::Client,
    validation: Validation,
    state: Mutex<State>,
}

struct State {
    keys: JwkSet,
    asked: Option<(Instant, bool)>,
}

impl Keys {
    pub fn new() -> Self {
        let url = environment::text("JWKS_URL", "http://127.0.0.1:4101/.well-known/jwks.json");
        let state = State { keys: JwkSet { keys: Vec::new() }, asked: None };
        Self { url, client: reqwest::Client::new(), validation: validation(), state: Mutex::new(state) }
    }

    /// Whether a token that was not accepted is none for sure: false when its key can't be had, and when it is good by
    /// a key that Hive Router does not have. It asks for keys once in five seconds, and so may miss that they are back.
    pub async fn can_judge(&self, token: &str) -> bool {
        let Some(id) = key_id(token) else { return true };
        let mut state = self.state.lock().await;
        if state.keys.find(&id).is_none() && state.asked.is_none_or(|(at, _)| at.elapsed() >= BELIEVED) {
            let found = self.fetch().await;
            state.asked = Some((Instant::now(), found.is_some()));
            state.keys = found.unwrap_or_else(|| state.keys.clone());
        }
        match state.keys.find(&id) {
            Some(key) => !DecodingKey::from_jwk(key).is_ok_and(|key| self.is_good(token, &key)),
            None => state.asked.is_some_and(|(_, could)| could),
        }
    }

    fn is_good(&self, token: &str, key: &DecodingKey) -> bool {
        decode::<Value>(token, key, &self.validation).is_ok()
    }

    async fn fetch(&self) -> Option<JwkSet> {
        self.client.get(&self.url).timeout(TIMEOUT).send().await.ok()?.error_for_status().ok()?.json().await.ok()
    }
}

/// What Hive Router asks of a token, without its patience: what has just expired is judged.
fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_issuer(&[environment::text("TOKEN_ISSUER", "mercato")]);
    validation.set_audience(&[environment::text("TOKEN_AUDIENCE", "mercato")]);
    validation.set_required_spec_claims(&["exp", "iss", "aud"]);
    validation.leeway = 0;
    validation
}

/// The id of the key by which a token is signed in the only way that is accepted; without one it is judged already.
fn key_id(token: &str) -> Option<String> {
    decode_header(token).ok().filter(|header| header.alg == Algorithm::ES256)?.kid
}
