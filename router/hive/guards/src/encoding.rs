//! What the header `accept-encoding` asks for.

/// Which of the offers the client likes best, and of equals the first; None when it wants the answer as it is. What it names
/// counts as it says, `*` for all that it does not name.
pub fn liked<'a>(header: &str, offers: impl IntoIterator<Item = &'a str>) -> Option<usize> {
    let quality = |offer: &str| named(header, offer).or_else(|| named(header, "*")).unwrap_or(0.0);
    let liked = offers.into_iter().map(quality).enumerate().filter(|(_, quality)| *quality > 0.0);
    liked.reduce(|best, next| if next.1 > best.1 { next } else { best }).map(|(index, _)| index)
}

fn named(header: &str, name: &str) -> Option<f32> {
    header.split(',').find_map(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        parts.next().filter(|coding| coding.eq_ignore_ascii_case(name))?;
        let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        Some(quality.map_or(1.0, |value| value.parse().unwrap_or(0.0)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_gets_what_it_likes_best_and_of_equals_the_first() {
        for (header, expected) in [
            ("gzip, deflate, br", Some("br")),
            ("gzip;q=1.0, br;q=0.5", Some("gzip")),
            ("br;q=0, gzip", Some("gzip")),
            ("GZIP", Some("gzip")),
            ("*", Some("br")),
            ("br;q=0, *;q=0.5", Some("gzip")),
            ("br;q=nonsense, gzip;q=0.1", Some("gzip")),
            ("*;q=0", None),
            ("identity", None),
            ("", None),
        ] {
            let offers = ["br", "gzip"];
            assert_eq!(liked(header, offers).map(|index| offers[index]), expected, "{header}");
        }
    }
}
