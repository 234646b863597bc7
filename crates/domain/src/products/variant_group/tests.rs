use super::*;

fn options(of: &[(&str, &str)]) -> Vec<ProductOption> {
    let options = of.iter().map(|(name, value)| ProductOption {
        name: (*name).to_owned(),
        value: (*value).to_owned(),
    });
    options.collect()
}

#[test]
fn variants_have_the_same_names_and_other_values() {
    let other: Slug = "bar".parse().unwrap();
    let of_other = options(&[("Size", "1 kg"), ("Flavour", "Vanilla")]);
    let find =
        |of: &[(&str, &str)]| VariantClash::find(&options(of), [(&other, of_other.as_slice())]);
    assert_eq!(find(&[("Flavour", "Cacao"), ("Size", "1 kg")]), None);
    assert_eq!(
        find(&[("Flavour", "Vanilla"), ("Size", "1 kg")]),
        Some(VariantClash::Values(other.clone()))
    );
    let names = Some(VariantClash::Names(vec!["Flavour".into(), "Size".into()]));
    assert_eq!(find(&[("Size", "2 kg")]), names);
    assert_eq!(find(&[]), names);
}

#[test]
fn clashes_say_what_would_be_right() {
    let names = |names: &[&str]| {
        let names = names.iter().map(|name| (*name).to_owned());
        VariantClash::Names(names.collect()).to_string()
    };
    let beginning = "The other products of this group have";
    assert_eq!(names(&[]), format!("{beginning} no options"));
    assert_eq!(
        names(&["Flavour", "Size"]),
        format!("{beginning} the options Flavour, Size")
    );
    let clash = VariantClash::Values("bar".parse().unwrap());
    assert_eq!(clash.to_string(), "bar has the same options in this group");
}
