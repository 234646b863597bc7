use super::*;

#[test]
fn valid_numbers_are_padded() {
    for (given, padded) in [
        // GTIN-8
        ("96385074", "00000096385074"),
        ("10012345", "00000010012345"),
        ("19912349", "00000019912349"),
        ("30012349", "00000030012349"),
        ("98012343", "00000098012343"),
        ("99912345", "00000099912345"),
        // GTIN-12
        ("036000291452", "00036000291452"),
        ("614141000036", "00614141000036"),
        ("012345678905", "00012345678905"),
        ("191234567893", "00191234567893"),
        ("301234567896", "00301234567896"),
        ("391234567897", "00391234567897"),
        ("601234567897", "00601234567897"),
        ("991234567899", "00991234567899"),
        // GTIN-13
        ("4006381333931", "04006381333931"),
        ("9780306406157", "09780306406157"),
        ("0001234567895", "00001234567895"),
        ("0191234567893", "00191234567893"),
        ("0301234567896", "00301234567896"),
        ("0391234567897", "00391234567897"),
        ("0601234567897", "00601234567897"),
        ("1991234567898", "01991234567898"),
        ("3001234567892", "03001234567892"),
        ("9791234567896", "09791234567896"),
        ("9851234567897", "09851234567897"),
        ("9891234567893", "09891234567893"),
        // GTIN-14
        ("10614141000415", "10614141000415"),
        ("14006381333938", "14006381333938"),
        ("04006381333931", "04006381333931"),
        ("00000096385074", "00000096385074"),
    ] {
        let gtin = given.parse::<Gtin>();
        assert_eq!(gtin.as_ref().map(Gtin::as_str), Ok(given));
        assert_eq!(gtin.as_ref().map(Gtin::padded), Ok(padded.to_owned()));
        assert_eq!(gtin.map(|gtin| gtin.to_string()), Ok(given.to_owned()));
    }
}

#[test]
fn other_lengths_and_characters_are_refused() {
    for text in [
        "",
        "0",
        "9638507",
        "963850740",
        "00096385074",
        "004006381333931",
        "400638133393X",
        "4006381333-31",
        " 96385074",
        "+6385074",
        "96385074\n",
        // 12 bytes that are 4 digits of another script
        "４００６",
    ] {
        assert_eq!(text.parse::<Gtin>(), Err(InvalidGtin::Syntax), "{text:?}");
    }
}

#[test]
fn a_wrong_check_digit_is_refused() {
    for (text, right) in [
        ("96385075", 4),
        ("036000291453", 2),
        ("4006381333930", 1),
        ("10614141000414", 5),
        ("40012340", 6),
        ("00000000000001", 0),
    ] {
        let expected = Err(InvalidGtin::CheckDigit(right));
        assert_eq!(text.parse::<Gtin>(), expected, "{text}");
    }
    assert_eq!(
        InvalidGtin::CheckDigit(4).to_string(),
        "GTIN must end with the check digit 4"
    );
}

#[test]
fn every_wrong_digit_is_noticed() {
    for right in ["96385074", "036000291452", "4006381333931"] {
        for at in 0..right.len() {
            for digit in '0'..='9' {
                let mut text = right.to_owned();
                text.replace_range(at..=at, &digit.to_string());
                let gtin = text.parse::<Gtin>();
                if text == right {
                    assert!(gtin.is_ok(), "{text}");
                } else {
                    assert!(matches!(gtin, Err(InvalidGtin::CheckDigit(_))), "{text}");
                }
            }
        }
    }
}

#[test]
fn prefixes_that_are_not_for_products_are_refused() {
    for text in [
        // zeros only
        "00000000",
        "000000000000",
        "0000000000000",
        "00000000000000",
        // GTIN-8
        "00012348",
        "00112345",
        "09912342",
        "20012342",
        "29912346",
        "00000020012342",
        // GTIN-12
        "201234567899",
        "291234567890",
        "401234567893",
        "491234567894",
        "501234567890",
        "591234567891",
        // GTIN-13
        "0201234567899",
        "0291234567890",
        "0401234567893",
        "0491234567894",
        "0501234567890",
        "0591234567891",
        "2001234567893",
        "2991234567897",
        "9801234567892",
        "9811234567891",
        "9841234567898",
        "9901234567899",
        "9991234567890",
        // GTIN-14
        "02001234567893",
        "10201234567896",
        "12001234567890",
        "19801234567899",
        "92991234567890",
        "99991234567893",
    ] {
        assert_eq!(text.parse::<Gtin>(), Err(InvalidGtin::Restricted), "{text}");
    }
}

#[test]
fn numbers_of_different_lengths_identify_the_same_product() {
    let padded = |text: &str| text.parse().map(|gtin: Gtin| gtin.padded());
    assert_eq!(padded("036000291452"), padded("0036000291452"));
    assert_eq!(padded("4006381333931"), padded("04006381333931"));
    assert_ne!(padded("4006381333931"), padded("14006381333938"));
    let written = "036000291452".parse().map(|gtin: Gtin| String::from(gtin));
    assert_eq!(written.as_deref(), Ok("036000291452"));
}
