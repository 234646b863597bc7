use super::*;

#[test]
fn only_the_same_secret_and_context_open() {
    let secrets = |texts: &[&str]| {
        let texts: Vec<_> = texts.iter().map(|text| (*text).into()).collect();
        AdminSecrets::new(&texts)
    };
    let sealed = secrets(&["one"]).seal(b"a", b"answer").unwrap();
    let open = |texts: &[&str], context: &[u8]| secrets(texts).open(context, &sealed);
    assert_eq!(open(&["one"], b"a").unwrap(), b"answer");
    assert_eq!(open(&["two", "one"], b"a").unwrap(), b"answer");
    assert_eq!(open(&["two"], b"a"), Err(SealingError));
    assert_eq!(open(&["one"], b"b"), Err(SealingError));
    assert_eq!(open(&[], b"a"), Err(SealingError));
    assert_ne!(secrets(&["one"]).seal(b"a", b"answer").unwrap(), sealed);

    let mut changed = sealed.clone();
    changed[0] ^= 1;
    assert_eq!(secrets(&["one"]).open(b"a", &changed), Err(SealingError));
    assert_eq!(
        secrets(&["one"]).open(b"a", &sealed[..9]),
        Err(SealingError)
    );

    let sealed = secrets(&[]).seal(b"a", b"").unwrap();
    assert_eq!(secrets(&[]).open(b"a", &sealed).unwrap(), b"");
}
