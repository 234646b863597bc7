//! Compares the results with those of Cloudinary's own libraries for the same input.
#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::path::Path;

use eggypro_imaging::cloudinary::{
    Algorithm, Delivery, Fields, Signer, Transformation, Version, endpoint,
};
use serde_json::{Map, Value};

/// Compares the expected result of each vector of a file with the actual one; `None` means that the input is refused.
fn compare(file: &str, make: impl Fn(&Value) -> Option<Value>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/vectors")
        .join(file);
    let vectors: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let all = vectors["vectors"].as_array().unwrap();
    assert_eq!(Some(all.len() as u64), vectors["count"].as_u64());
    let is_right = |vector: &&Value| {
        let made = make(&vector["input"]);
        match vector["expected"]["error"].as_bool() {
            Some(true) => made.is_none(),
            _ => made.as_ref() == Some(&vector["expected"]),
        }
    };
    let wrong: Vec<_> = all
        .iter()
        .filter(|vector| !is_right(vector))
        .map(|vector| {
            format!(
                "{}: {:?}",
                vector,
                make(&vector["input"]).map(|made| made.to_string())
            )
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        all.len(),
        wrong.join("\n")
    );
}

/// A value as text, as used in URLs and forms; empty for null.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(flag) => flag.to_string(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
        Value::Number(number) => number.as_i64().map_or_else(
            || number.as_f64().unwrap().to_string(),
            |number| number.to_string(),
        ),
        Value::Object(_) => unreachable!("no vector has one here"),
    }
}

fn transformation(step: &Map<String, Value>) -> Transformation {
    let set = |made: Transformation, (name, value): (&String, &Value)| {
        let value = text(value);
        match name.as_str() {
            "width" => made.width(value),
            "height" => made.height(value),
            "crop" => made.crop(value),
            "quality" => made.quality(value),
            "fetch_format" => made.format(value),
            "gravity" => made.gravity(value),
            "dpr" => made.dpr(value),
            _ => made,
        }
    };
    step.iter().fold(Transformation::default(), set)
}

fn transformations(options: &Value) -> Vec<Transformation> {
    match options["transformation"].as_array() {
        Some(steps) => steps
            .iter()
            .map(|step| transformation(step.as_object().unwrap()))
            .collect(),
        None => vec![transformation(options.as_object().unwrap())],
    }
}

fn given(value: &Value) -> Option<String> {
    Some(text(value)).filter(|text| !text.is_empty())
}

#[test]
fn urls_of_pictures() {
    compare("url.json", |input| {
        let options = &input["options"];
        let mut delivery = Delivery::of(options["cloud_name"].as_str()?);
        if options["force_version"] == false {
            delivery = delivery.without_forced_version();
        }
        let url = delivery.url_with_extension(
            input["public_id"].as_str()?,
            &transformations(options),
            given(&options["version"]).as_deref(),
            given(&options["format"]).as_deref(),
        );
        Some(url.into())
    });
}

#[test]
fn urls_in_several_widths() {
    compare("responsive.json", |input| {
        let widths: Vec<u32> = serde_json::from_value(input["sizes"].clone()).ok()?;
        let base = transformation(input["base"].as_object().unwrap_or(&Map::new()));
        let delivery = Delivery::of(input["cloud_name"].as_str()?);
        let urls = delivery.responsive(input["public_id"].as_str()?, &base, &widths, None);
        serde_json::to_value(urls).ok()
    });
}

fn signer(secret: &Value, algorithm: &Value) -> Option<Signer> {
    let algorithm = match algorithm.as_str() {
        None | Some("sha1") => Algorithm::Sha1,
        Some("sha256") => Algorithm::Sha256,
        Some(_) => return None,
    };
    Signer::new(secret.as_str()?.into(), algorithm).ok()
}

fn fields(values: &Map<String, Value>) -> Fields {
    let with = |fields: Fields, (name, value): (&String, &Value)| {
        // `Fields` takes static names. Leaking them is fine in a test.
        fields.with(Box::leak(name.clone().into_boxed_str()), text(value))
    };
    values.iter().fold(Fields::default(), with)
}

#[test]
fn signatures_of_calls() {
    compare("signature.json", |input| {
        let signer = signer(&input["api_secret"], &input["algorithm"])?;
        let version = if input["signature_version"] == 1 {
            Version::First
        } else {
            Version::Second
        };
        let text = fields(input["params"].as_object()?).to_sign(version);
        Some(serde_json::json!({ "string_to_sign": text, "signature": signer.signature(&text) }))
    });
}

#[test]
fn signatures_of_responses() {
    compare("response_signature.json", |input| {
        let signer = signer(&input["api_secret"], &input["algorithm"])?;
        let signature = signer.of_answer(input["public_id"].as_str()?, &text(&input["version"]));
        Some(serde_json::json!({ "signature": signature }))
    });
}

/// The form fields of a call with these options.
fn form(input: &Value, mut options: Map<String, Value>) -> Option<Value> {
    let config = &input["config"];
    let signer = signer(&config["api_secret"], &config["signature_algorithm"])?;
    if options.contains_key("transformation") {
        let steps = Transformation::chain(&transformations(&input["options"]));
        options.insert("transformation".into(), steps.into());
    }
    for flag in options.values_mut().filter(|value| value.is_boolean()) {
        *flag = u8::from(flag == &Value::Bool(true)).into();
    }
    options.insert("timestamp".into(), input["timestamp"].clone());
    let signed = signer.signed(fields(&options), config["api_key"].as_str()?);
    serde_json::to_value(signed.iter().collect::<Vec<_>>()).ok()
}

#[test]
fn forms_of_uploads() {
    compare("upload_form.json", |input| {
        form(input, input["options"].as_object()?.clone())
    });
}

#[test]
fn forms_of_deletions() {
    compare("destroy_form.json", |input| {
        let mut options = input["options"].as_object()?.clone();
        options.insert("public_id".into(), input["public_id"].clone());
        form(input, options)
    });
}

#[test]
fn urls_of_calls() {
    compare("endpoint.json", |input| {
        let prefix = input["upload_prefix"]
            .as_str()
            .unwrap_or("https://api.cloudinary.com");
        let of = |name: &str| input[name].as_str();
        Some(
            endpoint(
                prefix,
                of("cloud_name")?,
                of("resource_type")?,
                of("action")?,
            )
            .into(),
        )
    });
}

#[test]
fn a_value_can_t_inject_a_field() {
    let signer = signer(&"secret".into(), &Value::Null).unwrap();
    let sign = |fields: Fields| signer.signed(fields, "key");
    let honest = sign(Fields::default().with("public_id", "a").with("tags", "b"));
    let tricky = sign(Fields::default().with("public_id", "a&tags=b"));
    let signature = |fields: &Fields| {
        let mut all = fields.iter();
        all.find(|(name, _)| *name == "signature")
            .unwrap()
            .1
            .to_owned()
    };
    assert_ne!(signature(&honest), signature(&tricky));
    assert!(!format!("{signer:?}").contains("secret"));
}
