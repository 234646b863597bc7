use super::*;

#[test]
fn each_rule_has_its_message() {
    let errors = |groups: Vec<Vec<&str>>| {
        let groups = groups.into_iter();
        let own = |group: Vec<&str>| group.into_iter().map(String::from).collect();
        let synonyms = NewSynonyms::new(groups.map(own).collect());
        let report = synonyms.validate().err();
        report.map_or_else(String::new, |report| report.to_string())
    };
    assert_eq!(errors(vec![]), "");
    assert_eq!(errors(vec![vec!["egg white", "Eiweiß", "B12"]]), "");
    let numbers: Vec<String> = (0..2 * MAX_GROUPS + 2).map(|n| n.to_string()).collect();
    let pairs = numbers.chunks(2);
    let pairs = pairs.map(|pair| pair.iter().map(String::as_str).collect());
    let pairs: Vec<Vec<&str>> = pairs.collect();
    assert_eq!(errors(pairs[1..].to_vec()), "");
    assert_eq!(errors(pairs), "groups: At most 1000 groups are allowed\n");
    assert_eq!(
        errors(vec![vec!["a", "b"], vec!["c", "B"]]),
        "groups: The groups 0 and 1 both have the term B\n"
    );
    assert_eq!(
        errors(vec![vec!["a", "b"], vec![]]),
        "groups[1]: A group must have at least two terms\n"
    );
    let terms: Vec<String> = (0..=MAX_TERMS).map(|number| number.to_string()).collect();
    let terms: Vec<&str> = terms.iter().map(String::as_str).collect();
    assert_eq!(errors(vec![terms[1..].to_vec()]), "");
    assert_eq!(
        errors(vec![terms]),
        "groups[0]: A group must have at most 20 terms\n"
    );
    assert_eq!(
        errors(vec![vec!["Cocoa", "cacao", "cocoa"]]),
        "groups[0]: A group has the term cocoa twice\n"
    );
    assert_eq!(
        errors(vec![vec!["a", ""]]),
        "groups[0][1]: Term is required\n"
    );
    assert_eq!(
        errors(vec![vec!["a", "%"]]),
        "groups[0][1]: Term must have a letter or a digit\n"
    );
    assert_eq!(
        errors(vec![vec!["a", "b\nc"]]),
        "groups[0][1]: Term must not contain control characters\n"
    );
    assert_eq!(
        errors(vec![vec!["a", &"b".repeat(101)]]),
        "groups[0][1]: Term too long\n"
    );
}
