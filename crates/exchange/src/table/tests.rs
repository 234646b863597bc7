use std::io::{self, Cursor};

use super::*;

/// Repeats some bytes, and counts how many were read.
struct Endless {
    bytes: &'static [u8],
    position: usize,
    left: usize,
}

impl Endless {
    fn of(bytes: &'static [u8]) -> Self {
        Self {
            bytes,
            position: 0,
            left: 64 * MAX_ROW,
        }
    }
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        assert!(self.left >= buffer.len(), "too much was read");
        self.left -= buffer.len();
        for byte in buffer.iter_mut() {
            *byte = self.bytes[self.position % self.bytes.len()];
            self.position += 1;
        }
        Ok(buffer.len())
    }
}

fn table(text: &str) -> Table {
    Table::open(Cursor::new(text.to_owned())).unwrap()
}

fn reason(input: impl Read + Send + 'static) -> String {
    match Table::open(input) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    }
}

/// The rows with their numbers, or the messages of their errors.
fn rows(table: &mut Table) -> Vec<String> {
    let mut rows = vec![];
    while let Some(row) = table.next_row() {
        rows.push(match row {
            Ok((number, cells)) => format!("{number}: {}", cells.join("/")),
            Err(TableError::Row(error, _)) => {
                format!("{}: {}: {}", error.row, error.column, error.message)
            }
            Err(TableError::Read(error)) => error.to_string(),
        });
    }
    rows
}

#[test]
fn separators_and_line_ends_are_found() {
    for delimiter in [",", ";", "\t"] {
        for end in ["\n", "\r\n", "\r"] {
            let lines = ["a;b;c", "1;\"2\"\"x\";3", "4;\"5\n6\";", ""];
            let text = lines.join(end).replace(';', delimiter);
            let mut table = table(&text);
            assert_eq!(table.header(), ["a", "b", "c"]);
            assert_eq!(rows(&mut table), ["2: 1/2\"x/3", "3: 4/5\n6/"], "{text:?}");
        }
    }
}

#[test]
fn separators_within_quotation_marks_do_not_count() {
    let mut quoted = table("\"a, b, c\";\"d\"\n1;2");
    assert_eq!(quoted.header(), ["a, b, c", "d"]);
    assert_eq!(rows(&mut quoted), ["2: 1/2"]);
    assert_eq!(table("Name\nEgg, white; yellow\n").header(), ["Name"]);
    let mut named = table("sep=;\r\na,b;c\r\n1;2\r\n");
    assert_eq!(named.header(), ["a,b", "c"]);
    assert_eq!(rows(&mut named), ["2: 1/2"]);
    assert_eq!(table("\"sep=\t\"\na\tb").header(), ["a", "b"]);
    assert_eq!(table("sep=;;\n").header(), ["sep="]);
}

#[test]
fn columns_are_found_by_their_names() {
    let table = table("\u{feff}SKU,Stock Quantity , list-price,OPTION_1 Name,,\n");
    assert_eq!(
        table.header(),
        ["SKU", "Stock Quantity", "list-price", "OPTION_1 Name"]
    );
    for (name, index) in [
        ("sku", Some(0)),
        ("stock_quantity", Some(1)),
        ("list_price", Some(2)),
        ("Option 1 Name", Some(3)),
        ("Option (1) name:", Some(3)),
        ("price", None),
        ("", None),
    ] {
        assert_eq!(table.column(name), index, "{name}");
    }
}

#[test]
fn rows_are_as_long_as_the_header() {
    let mut table = table("a,b\n1\n\n,\n1,2,,\n1,2,3\n ,\n7,8");
    let too_many = "This row has more cells than the header. Put cells that contain the separator in quotation marks";
    let expected = [
        "2: 1/".to_owned(),
        "5: 1/2".into(),
        format!("6: : {too_many}"),
        "8: 7/8".into(),
    ];
    let mut refused = vec![];
    let mut read = vec![];
    while let Some(row) = table.next_row() {
        match row {
            Ok((number, cells)) => read.push(format!("{number}: {}", cells.join("/"))),
            Err(TableError::Row(error, cells)) => {
                read.push(format!(
                    "{}: {}: {}",
                    error.row, error.column, error.message
                ));
                refused = cells;
            }
            Err(TableError::Read(error)) => panic!("{error}"),
        }
    }
    assert_eq!(read, expected);
    assert_eq!(refused, ["1", "2", "3"]);
}

#[test]
fn an_open_quotation_mark_ends_the_reading() {
    let open = |place: &str| {
        format!(
            "A quotation mark in row {place} is not closed, so the rest of the file was read as one cell"
        )
    };
    for end in ["", "\n", "\r\n", "\n\n"] {
        for (text, place) in [
            ("a,b\n1,2\n3,\"4\n5,6\n7,8", "3, column b,"),
            ("a,b\n1,2\n\"", "3, column a,"),
            ("a,b\n1,2\n3,4,\"5", "3"),
        ] {
            let mut table = table(&format!("{text}{end}"));
            assert_eq!(rows(&mut table), ["2: 1/2".to_owned(), open(place)]);
            let mut table = self::table(&format!("{text}{end}"));
            let last = std::iter::from_fn(|| table.next_row()).last();
            assert!(matches!(last, Some(Err(TableError::Read(_)))), "{text}");
        }
    }
    assert_eq!(
        rows(&mut table("a,b\n1,\"2\"\n3,\"4\"")),
        ["2: 1/2", "3: 3/4"]
    );
    // In an unquoted cell, a quotation mark is a character.
    assert_eq!(rows(&mut table("a,b\n1,2\"\n")), ["2: 1/2\""]);
    assert_eq!(
        reason("\"a,b".as_bytes()),
        "A quotation mark in the header is not closed"
    );
}

#[test]
fn long_names_of_columns_are_refused() {
    let name = |length: usize| Cursor::new(format!("a,{}\n1,2\n", "é".repeat(length)));
    assert_eq!(reason(name(200)), "");
    let long = "The name of column 2 is longer than 200 characters. Check the quotation marks in the header, and that commas, semicolons or tabs separate the columns";
    assert_eq!(reason(name(201)), long);
    // Only letters and digits of a name count, but all of it is kept.
    let price = Cursor::new(format!("a,price{}\n", "-".repeat(1 << 20)));
    assert_eq!(reason(price), long);
}

#[test]
fn what_is_no_table_is_refused() {
    assert_eq!(reason("".as_bytes()), "The file is empty");
    assert_eq!(reason("\n \n;;\n".as_bytes()), "The file is empty");
    let many = |count: usize| Cursor::new(vec!["a"; count].join(","));
    assert_eq!(reason(many(1_000)), "");
    assert_eq!(reason(many(1_001)), "Row 1 has more than 1000 columns");
    assert_eq!(reason(many(100_000)), "Row 1 has more than 1000 columns");
}

#[test]
fn long_rows_end_the_reading() {
    let long =
        "Row 1 is longer than 2 MiB. If it should not be, a quotation mark in it is not closed";
    assert_eq!(reason(Endless::of(b"a")), long);
    let open = Cursor::new("\"");
    assert_eq!(reason(open.chain(Endless::of(b"a\n"))), long);
    let header = Cursor::new("a,b\n1,2\n");
    let mut table = Table::open(header.chain(Endless::of("aé€".as_bytes()))).unwrap();
    assert_eq!(
        rows(&mut table),
        ["2: 1/2".to_owned(), long.replace('1', "3")]
    );
    let header = Cursor::new("a,b\n1,2\n");
    let mut table = Table::open(header.chain(Endless::of(b","))).unwrap();
    assert_eq!(
        rows(&mut table),
        ["2: 1/2", "Row 3 has more than 1000 columns"]
    );
}

#[test]
fn long_cells_and_unreadable_characters_are_refused() {
    let mut table = table(&format!(
        "\u{feff}a,b\n1,{}\n1,{}\n",
        "x".repeat(MAX_CELL),
        "x".repeat(MAX_CELL + 1)
    ));
    let rows: Vec<_> = rows(&mut table)
        .iter()
        .map(|row| row.chars().take(30).collect::<String>())
        .collect();
    assert_eq!(
        rows,
        [
            "2: 1/xxxxxxxxxxxxxxxxxxxxxxxxx",
            "3: b: This is longer than 1 Mi"
        ]
    );

    let bytes = b"\xef\xbb\xbfa,b\n1,M\xfcsli\n3,4\n".to_vec();
    let mut table = Table::open(Cursor::new(bytes)).unwrap();
    let unreadable = "2: b: This has characters that can't be read. Save the file as CSV in UTF-8";
    assert_eq!(super::tests::rows(&mut table), [unreadable, "3: 3/4"]);
}

#[test]
fn the_decimal_mark_is_found_in_the_named_columns() {
    let mark = |text: &str, columns: &[usize]| table(text).numbers(columns).decimal_mark;
    assert_eq!(mark("a;b\n1.234;39,90\n", &[0, 1]), Some(','));
    assert_eq!(mark("a;b\n1.234;39.90\n", &[1]), Some('.'));
    assert_eq!(mark("a;b\n1.234;39.90\n", &[0]), None);
    assert_eq!(mark("a;b\n39,90;39.90\n", &[0, 1]), None);
    // The last number of the first 64 KiB may be cut.
    let text = format!("a\n{}1.234\n", "1.234\n".repeat(20_000));
    for start in 0..6 {
        assert_eq!(mark(&format!("{}{text}", " ".repeat(start)), &[0]), None);
    }
}

#[test]
fn blank_lines_are_rows_of_a_spreadsheet() {
    for end in ["\n", "\r\n", "\r"] {
        let lines = [
            "",
            "a,b",
            "",
            "",
            "1,2",
            ",",
            "3,\"4\n\n5\"",
            " ",
            "",
            "6,7",
            "",
            "x,y,z",
            "",
        ];
        let text = lines.join(end);
        let expected = [
            "5: 1/2",
            "7: 3/4\n\n5",
            "10: 6/7",
            "12: : This row has more cells than the header. Put cells that contain the separator in quotation marks",
        ];
        assert_eq!(rows(&mut table(&text)), expected, "{text:?}");
    }
    // Spreadsheets don't show the line that names the separator.
    for text in [
        "sep=;\r\na;b\r\n1;2\r\n",
        "sep=;\na;b\n1;2",
        "sep=;\ra;b\r1;2\r",
    ] {
        assert_eq!(rows(&mut table(text)), ["2: 1/2"], "{text:?}");
    }
    assert_eq!(rows(&mut table("sep=;\n\na;b\n1;2")), ["3: 1/2"]);
    // The text is read in parts, and a line break can be at the end of one.
    for length in (64 * 1024 - 8)..(64 * 1024 + 2) {
        let text = format!("a,b\r\n{},\r\n\r\n1,2\r\n", "x".repeat(length));
        let rows = rows(&mut table(&text));
        assert_eq!(rows[1], "4: 1/2", "{length}");
    }
}

#[test]
fn the_end_of_the_file_within_a_row_ends_the_reading() {
    let cut = "The file ends in the middle of row 3, as after a broken transfer. If the row is complete, add a line break after it";
    for (text, last) in [
        ("a,b,c\n1,2,3\n4,5", cut),
        ("a,b,c\n1,2,3\n4", cut),
        ("a,b,c\n1,2,3\n4,", cut),
        ("a,b,c\n1,2,3\n,", cut),
        ("a,b,c\n1,2,3\n4,\"5\"", cut),
        ("a,b,c\n1,2,3\n4,5,", "3: 4/5/"),
        ("a,b,c\n1,2,3\n4,5,6", "3: 4/5/6"),
        ("a,b,c\n1,2,3\n4,5\n", "3: 4/5/"),
        ("a,b,c\r\n1,2,3\r\n4,5\r\n", "3: 4/5/"),
        ("a,b,c\r1,2,3\r4,5\r", "3: 4/5/"),
        ("a,b,c\n1,2,3\n4,5\n ", "3: 4/5/"),
        ("a,b,c\n1,2,3\n4,5\n,,", "3: 4/5/"),
        // As Excel drops empty cells at the end of rows.
        ("a,b,c\n4,5\n1,2,3", "3: 1/2/3"),
    ] {
        let mut table = table(text);
        assert_eq!(rows(&mut table).pop().as_deref(), Some(last), "{text:?}");
        let mut table = self::table(text);
        let ended = std::iter::from_fn(|| table.next_row()).last();
        let is_broken = matches!(ended, Some(Err(TableError::Read(_))));
        assert_eq!(is_broken, last == cut, "{text:?}");
    }
    // The transfer ends within a character.
    let bytes = "a,b,c\n1,2,ü\n4,ü".as_bytes();
    let bytes = bytes.strip_suffix(b"\xbc").unwrap().to_vec();
    let mut table = Table::open(Cursor::new([b"\xef\xbb\xbf", bytes.as_slice()].concat())).unwrap();
    assert_eq!(rows(&mut table), ["2: 1/2/ü", cut]);
}
