//! Compresses answers. Where that is quickly done it is done at once: to hand a listing to another thread, as Hive Router does,
//! costs several times what its compression does.

use std::io::{self, Write};

use flate2::write::{GzEncoder, ZlibEncoder};
use futures::TryStreamExt;
use guards::encoding;
use hive_router::config::traffic_shaping::{CompressionAlgorithmConfig, TrafficShapingRouterResponseCompressionConfig};
use hive_router::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, VARY};
use hive_router::ntex::http::body::{Body, BodySize, MessageBody, ResponseBody};
use hive_router::ntex::http::header::HeaderValue;
use hive_router::ntex::http::{HeaderMap, Response};
use hive_router::ntex::rt::spawn_blocking;
use hive_router::ntex::util::{Bytes, BytesMut};

/// What takes less than a third of a millisecond.
const AT_ONCE: usize = 64 * 1024;
/// Of brotli's window, as a power of two: its default.
const WINDOW: u32 = 22;

#[derive(Clone)]
pub struct Compression {
    settings: &'static TrafficShapingRouterResponseCompressionConfig,
}

impl Compression {
    pub fn new(settings: &'static TrafficShapingRouterResponseCompressionConfig) -> Self {
        Self { settings }
    }

    /// How a client with these headers wants its answer; None for as it is.
    pub fn encoding(&self, headers: &HeaderMap) -> Option<CompressionAlgorithmConfig> {
        let header = headers.get(&ACCEPT_ENCODING).filter(|_| self.settings.enabled)?.to_str().ok()?;
        let algorithms = &self.settings.algorithms;
        encoding::liked(header, algorithms.iter().map(CompressionAlgorithmConfig::token)).map(|index| algorithms[index])
    }

    /// The response with its body in the encoding, where that makes it smaller.
    pub async fn compressed(&self, mut response: Response, encoding: Option<CompressionAlgorithmConfig>) -> Response {
        if self.settings.enabled {
            response.headers_mut().append(VARY, HeaderValue::from_static("accept-encoding"));
        }
        let is_worth_it = matches!(response.body().size(), BodySize::Sized(bytes) if bytes >= self.settings.min_size.to_bytes());
        match encoding.filter(|_| is_worth_it) {
            Some(algorithm) => with_encoding(response, algorithm).await,
            None => response,
        }
    }
}

async fn with_encoding(response: Response, algorithm: CompressionAlgorithmConfig) -> Response {
    let (mut head, mut body) = response.into_parts();
    let Ok(plain) = whole(&mut body).await else { return Response::InternalServerError().finish() };
    let Some(packed) = packed(plain.clone(), algorithm).await else { return head.set_body(Body::Bytes(plain)) };
    head.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(algorithm.token()));
    head.set_body(Body::from(packed))
}

async fn whole(body: &mut ResponseBody<Body>) -> Result<Bytes, std::rc::Rc<dyn std::error::Error>> {
    let first = body.try_next().await?.unwrap_or_default();
    let Some(second) = body.try_next().await? else { return Ok(first) };
    let mut all = BytesMut::from(&first[..]);
    all.extend_from_slice(&second);
    while let Some(chunk) = body.try_next().await? {
        all.extend_from_slice(&chunk);
    }
    Ok(all.freeze())
}

async fn packed(plain: Bytes, algorithm: CompressionAlgorithmConfig) -> Option<Vec<u8>> {
    if plain.len() <= AT_ONCE {
        return pack(&plain, algorithm).ok();
    }
    spawn_blocking(move || pack(&plain, algorithm)).await.ok()?.ok()
}

fn pack(plain: &[u8], algorithm: CompressionAlgorithmConfig) -> io::Result<Vec<u8>> {
    let room = || Vec::with_capacity(plain.len() / 2);
    match algorithm {
        CompressionAlgorithmConfig::Gzip => finished(GzEncoder::new(room(), flate2::Compression::fast()), plain, GzEncoder::finish),
        CompressionAlgorithmConfig::Deflate => {
            finished(ZlibEncoder::new(room(), flate2::Compression::fast()), plain, ZlibEncoder::finish)
        }
        CompressionAlgorithmConfig::Br(settings) => {
            let quality = u32::from(settings.quality);
            finished(brotli::CompressorWriter::new(room(), 4096, quality, WINDOW), plain, |writer| Ok(writer.into_inner()))
        }
        CompressionAlgorithmConfig::Zstd(settings) => zstd::bulk::compress(plain, settings.level),
    }
}

fn finished<W: Write>(mut writer: W, plain: &[u8], finish: impl FnOnce(W) -> io::Result<Vec<u8>>) -> io::Result<Vec<u8>> {
    writer.write_all(plain)?;
    finish(writer)
}
