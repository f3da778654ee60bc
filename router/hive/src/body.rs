//! Reads bodies: at most so many bytes, within so much time.

use std::time::Duration;

use guards::Limits;
use hive_router::ntex::http::Payload;
use hive_router::ntex::util::{Bytes, BytesMut};
use hive_router::tokio::time::timeout;

use crate::reply::Problem;

const SECONDS: u64 = 15;
/// How much of a body that nobody wants is read and thrown away: a client that is still sending would miss the answer.
const THROWN_AWAY: usize = 16 * 1024 * 1024;

/// The whole body.
///
/// # Errors
/// LIMIT_EXCEEDED, with 413 for too many bytes and 408 for too much time; BAD_USER_INPUT when the client breaks off.
pub async fn read(payload: &mut Payload, declared: Option<usize>, limits: &Limits) -> Result<Bytes, Problem> {
    let most = limits.body_bytes;
    let reading = async {
        if declared.is_some_and(|bytes| bytes > most) {
            throw_away(payload, 0).await;
            return Err(too_large(most));
        }
        read_up_to(payload, most).await
    };
    timeout(Duration::from_secs(SECONDS), reading).await.unwrap_or_else(|_| Err(late()))
}

async fn read_up_to(payload: &mut Payload, most: usize) -> Result<Bytes, Problem> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.recv().await {
        let chunk = chunk.map_err(|_| Problem::bad_input(400, "The body broke off."))?;
        if body.len() + chunk.len() > most {
            throw_away(payload, body.len()).await;
            return Err(too_large(most));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// Reads the body of a request that is refused by its head, within the same time and some megabytes, so that the client is done
/// sending when it is answered.
pub async fn discard(payload: &mut Payload) {
    let _ = timeout(Duration::from_secs(SECONDS), throw_away(payload, 0)).await;
}

async fn throw_away(payload: &mut Payload, mut bytes: usize) {
    while let Some(Ok(chunk)) = payload.recv().await {
        bytes += chunk.len();
        if bytes > THROWN_AWAY {
            break;
        }
    }
}

fn too_large(most: usize) -> Problem {
    Problem::new("LIMIT_EXCEEDED", 413, format!("The body is larger than {} KB.", most / 1024))
}

fn late() -> Problem {
    Problem::new("LIMIT_EXCEEDED", 408, format!("The body did not arrive within {SECONDS} seconds."))
}
