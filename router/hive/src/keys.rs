//! Whether access tokens can be judged now: Hive Router takes a token whose key it does not have for none at all.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use hive_router::sonic_rs::{self, JsonContainerTrait, JsonValueTrait, Value};
use hive_router::tokio::sync::Mutex;

use crate::environment;

const TIMEOUT: Duration = Duration::from_secs(3);
/// For how long what was found out about the keys is believed: whoever sends junk has nobody asked more often.
const BELIEVED: Duration = Duration::from_secs(2);

pub struct Keys {
    url: String,
    client: reqwest::Client,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    ids: HashSet<String>,
    asked: Option<(Instant, bool)>,
}

impl Keys {
    pub fn new() -> Self {
        let url = environment::text("JWKS_URL", "http://127.0.0.1:4101/.well-known/jwks.json");
        Self { url, client: reqwest::Client::new(), state: Mutex::default() }
    }

    /// Whether a token that was not accepted could have been: false when its key can't be had.
    pub async fn can_judge(&self, token: &str) -> bool {
        let Some(id) = key_id(token) else { return true };
        let mut state = self.state.lock().await;
        if state.ids.contains(&id) {
            return true;
        }
        if let Some((_, could)) = state.asked.filter(|(at, _)| at.elapsed() < BELIEVED) {
            return could;
        }
        let found = self.fetch().await;
        state.asked = Some((Instant::now(), found.is_some()));
        state.ids.extend(found.into_iter().flatten());
        state.asked.is_some_and(|(_, could)| could)
    }

    async fn fetch(&self) -> Option<Vec<String>> {
        let response = self.client.get(&self.url).timeout(TIMEOUT).send().await.ok()?.error_for_status().ok()?;
        let body: Value = sonic_rs::from_slice(&response.bytes().await.ok()?).ok()?;
        let id = |key: &Value| key.get("kid").and_then(|id| id.as_str().map(String::from));
        Some(body.get("keys")?.as_array()?.iter().filter_map(id).collect())
    }
}

/// The id of the key by which a token is signed in the only way that is accepted; without one it is judged already.
fn key_id(token: &str) -> Option<String> {
    let header = base64_url(token.split('.').next()?)?;
    let header: Value = sonic_rs::from_slice(&header).ok()?;
    let is_accepted = header.get("alg").and_then(|algorithm| algorithm.as_str()) == Some("ES256");
    header.get("kid").filter(|_| is_accepted)?.as_str().map(String::from)
}

fn base64_url(text: &str) -> Option<Vec<u8>> {
    let digit = |byte| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'-' => Some(62),
        b'_' => Some(63),
        _ => None,
    };
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut count) = (0_u32, 0);
    for byte in text.bytes() {
        bits = bits << 6 | u32::from(digit(byte)?);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
        }
    }
    Some(bytes)
}
