//! The media types of a request and of its answer.

/// In which of the two media types of GraphQL over HTTP a client wants its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Json,
    GraphQlResponse,
    /// The page for people.
    Html,
}

impl Answer {
    /// The header `accept` that means this and nothing else.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::GraphQlResponse => "application/graphql-response+json",
            Self::Html => "text/html",
        }
    }

    /// The status of a document that was read and refused.
    pub fn status_of_refusal(self) -> u16 {
        if self == Self::GraphQlResponse {
            400
        } else {
            200
        }
    }
}

/// Whether the body's type is exactly one `application/json`, with or without parameters. Anything that a browser sends
/// without asking, and anything that only looks like JSON, is not.
pub fn is_json(content_type: &str) -> bool {
    let (media_type, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    media_type.trim().eq_ignore_ascii_case("application/json") && !parameters.contains(',')
}

/// What the header `accept` asks for; None when it allows neither media type. A page is for browsers, which send GET.
pub fn answer(accept: Option<&str>, is_get: bool) -> Option<Answer> {
    let accept = accept.map(str::trim).filter(|accept| !accept.is_empty()).unwrap_or("*/*");
    let ranges: Vec<Range> = accept.split(',').enumerate().map(range).collect();
    let offers = [Answer::Json, Answer::GraphQlResponse, Answer::Html];
    let offers = offers.into_iter().filter(|offer| is_get || *offer != Answer::Html);
    let liked = offers.filter_map(|offer| Some((liking(&ranges, offer)?, offer)));
    liked.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, offer)| offer)
}

struct Range<'a> {
    media_type: &'a str,
    /// 1 where none is said.
    quality: f32,
    position: usize,
}

fn range((position, text): (usize, &str)) -> Range<'_> {
    let mut parts = text.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or("");
    let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    Range { media_type, quality: quality.map_or(1.0, |value| value.parse().unwrap_or(0.0)), position }
}

/// How much a client likes an offer: by quality, then what it names before what a wildcard allows, then what it names first.
/// A page has to be named.
fn liking(ranges: &[Range], offer: Answer) -> Option<(f32, bool, std::cmp::Reverse<usize>)> {
    let named = ranges.iter().find(|range| range.media_type.eq_ignore_ascii_case(offer.media_type()));
    let allowed = || ranges.iter().find(|range| matches!(range.media_type, "*/*" | "application/*") && offer != Answer::Html);
    let range = named.or_else(allowed).filter(|range| range.quality > 0.0)?;
    Some((range.quality, named.is_some(), std::cmp::Reverse(if named.is_some() { range.position } else { 0 })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_json_is_json() {
        for json in ["application/json", "Application/JSON; charset=utf-8", "application/json;charset=\"utf-8\""] {
            assert!(is_json(json), "{json}");
        }
        for other in [
            "",
            "text/plain",
            "text/plain; application/json",
            "application/json, text/plain",
            "application/jsonp",
            "application/json; a=b, text/plain",
            "application/graphql+json",
        ] {
            assert!(!is_json(other), "{other}");
        }
    }

    #[test]
    fn the_answer_has_the_type_that_the_client_likes_best() {
        for (accept, expected) in [
            ("", Some(Answer::Json)),
            ("*/*", Some(Answer::Json)),
            ("application/*", Some(Answer::Json)),
            ("application/json; charset=utf-8", Some(Answer::Json)),
            ("application/graphql-response+json; charset=utf-8, application/json", Some(Answer::GraphQlResponse)),
            ("application/json, application/graphql-response+json", Some(Answer::Json)),
            ("application/graphql-response+json, application/json;q=0.9", Some(Answer::GraphQlResponse)),
            ("application/graphql-response+json, */*", Some(Answer::GraphQlResponse)),
            ("text/html", None),
            ("text/event-stream, multipart/mixed", None),
            ("application/json;q=0", None),
        ] {
            assert_eq!(answer(Some(accept), false), expected, "{accept}");
        }
        assert_eq!(answer(None, true), Some(Answer::Json));
    }

    #[test]
    fn browsers_get_a_page() {
        assert_eq!(answer(Some("text/html,application/xhtml+xml,*/*;q=0.8"), true), Some(Answer::Html));
        assert_eq!(answer(Some("application/json, text/html;q=0.5"), true), Some(Answer::Json));
    }
}
