use actix_web::http::header::HeaderValue;
use eggypro_domain::products::Country;
use eggypro_http::{HttpLimits, Storefront};
use iso_currency::Currency;

use super::reader::{self, Reader};

/// The header `Strict-Transport-Security`, if it is sent.
pub(super) fn hsts(reader: &mut Reader, is_production: bool) -> Option<HeaderValue> {
    // Without subdomains: other servers may be responsible for those of the shop's domain.
    const YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000");
    let set = reader.parsed("HSTS", reader::hsts);
    set.unwrap_or(is_production.then_some(YEAR))
}

/// Limits of connections and requests.
pub(super) fn limits(reader: &mut Reader) -> HttpLimits {
    let defaults = HttpLimits::default();
    let mut bytes = |name, default| {
        reader
            .parsed(name, reader::positive_size)
            .unwrap_or(default)
    };
    let body_bytes = bytes("HTTP_MAX_BODY_BYTES", defaults.body_bytes);
    let head_bytes = bytes("HTTP_MAX_HEAD_BYTES", defaults.head_bytes);
    let url_bytes = bytes("HTTP_MAX_URL_BYTES", defaults.url_bytes);
    let connections = bytes("HTTP_MAX_CONNECTIONS", defaults.connections);
    let connections_of_address = bytes(
        "HTTP_MAX_CONNECTIONS_PER_ADDRESS",
        defaults.connections_of_address,
    );
    let mut time = |name, default| reader.parsed(name, reader::time).unwrap_or(default);
    HttpLimits {
        body_bytes,
        import_bytes: defaults.import_bytes,
        head_bytes,
        url_bytes,
        connections,
        connections_of_address,
        head_time: time("HTTP_HEAD_TIMEOUT_MS", defaults.head_time),
        body_time: time("HTTP_BODY_TIMEOUT_MS", defaults.body_time),
        upload_time: time("HTTP_UPLOAD_TIMEOUT_MS", defaults.upload_time),
        request_time: time("HTTP_REQUEST_TIMEOUT_MS", defaults.request_time),
        write_time: time("HTTP_WRITE_TIMEOUT_MS", defaults.write_time),
        keep_alive: time("HTTP_KEEP_ALIVE_MS", defaults.keep_alive),
    }
}

/// What all products of the shop have in common.
pub(super) fn storefront(reader: &mut Reader) -> Storefront {
    let defaults = Storefront::default();
    let currency = reader.parsed("CURRENCY", |text| {
        // Codes of ISO 4217 such as XXX, no currency, have no minor unit.
        let currency = Currency::from_code(text).filter(|code| code.exponent().is_some());
        currency.ok_or("must be a currency's code of ISO 4217, such as EUR")
    });
    let country = reader.parsed("COUNTRY", |text| {
        let code = Country::try_from(text.to_owned());
        code.map_err(|_| "must be a country's code of ISO 3166-1, such as DE")
    });
    let brand = reader.parsed("BRAND", |text| match text.chars().count() {
        1..=100 => Ok(text.to_owned()),
        _ => Err("must have at most 100 characters"),
    });
    // Both are checked, and the first one counts.
    let urls = ["APP_URL", "NEXT_PUBLIC_APP_URL"]
        .map(|name| reader.parsed(name, |text| reader::http_url(text).map(|_| text.to_owned())));
    let url = urls.into_iter().flatten().next().unwrap_or(defaults.url);
    let url = url.trim_end_matches('/').to_owned();
    let template = reader.parsed("PRODUCT_URL_TEMPLATE", |text| {
        let example = text.replace("{slug}", "slug");
        match text.contains("{slug}") && reader::http_url(&example).is_ok() {
            true => Ok(text.to_owned()),
            false => Err("must be an http or https URL with {slug} in it"),
        }
    });
    Storefront {
        currency: currency.unwrap_or(defaults.currency),
        country,
        brand: brand.unwrap_or(defaults.brand),
        product_url: template.unwrap_or_else(|| format!("{url}/products/{{slug}}")),
        url,
    }
}
